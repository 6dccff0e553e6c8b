//! Ends all readers of a process that stops, so that neither this one nor the next one is overrun.
//!
//! To end a stream is work: it wakes up, writes its last words and closes its connection. All at once they would hold up
//! the requests that are still open. And whoever is ended comes back: to one server, within a window of time.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

use super::reader::{Ending, Reader};
use crate::server::random::random_up_to;

/// How long the window grows with each reader: 500 of them come back a second.
const MILLISECONDS_PER_READER: u32 = 2;

/// The longest window. A hundred thousand readers are better met by a little more than 500 a second than left alone
/// for minutes.
const LONGEST_WINDOW: u32 = 60_000;

/// Readers are ended in at most so many batches, none smaller than this, with a rest after each.
const MOST_BATCHES: usize = 20;
const SMALLEST_BATCH: usize = 500;
const REST: Duration = Duration::from_millis(25);

/// Ends these readers: some at once, the others within half a second.
pub(super) fn end_all(readers: Vec<Arc<Reader>>, least: u32) {
    let size = readers.len().div_ceil(MOST_BATCHES).max(SMALLEST_BATCH);
    let count = u32::try_from(readers.len()).unwrap_or(u32::MAX);
    let mut pairs = readers.into_iter().zip(0_u32..);
    let mut batch = move || {
        let mut any = false;
        for (reader, index) in pairs.by_ref().take(size) {
            reader.end(Ending::Shutdown(delay(least, index, count)));
            any = true;
        }
        any
    };
    batch();
    match Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(async move {
            while batch() {
                sleep(REST).await;
            }
        })),
        // Without a runtime nothing can rest.
        Err(_) => while batch() {},
    }
}

/// When one of so many readers comes back: each has a slot in the window, and a random moment in its slot.
fn delay(least: u32, index: u32, count: u32) -> u32 {
    let grown = count.saturating_sub(1).saturating_mul(MILLISECONDS_PER_READER);
    let window = least.max(grown.min(LONGEST_WINDOW));
    let slots = u64::from(window)
        .saturating_mul(u64::from(index))
        .saturating_add(u64::from(random_up_to(window)));
    let within = u32::try_from(slots / u64::from(count.max(1))).unwrap_or(window);
    least.saturating_add(within)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::server::SubscribeOptions;
    use crate::wire::ConnectionId;

    fn delays(least: u32, count: u32) -> Vec<u32> {
        (0..count).map(|index| delay(least, index, count)).collect()
    }

    #[test]
    fn r17_a_few_readers_come_back_between_the_least_and_twice_that() {
        for count in [1, 2, 10, 200] {
            let delays = delays(2_000, count);
            assert!(
                delays.iter().all(|delay| (2_000..=4_000).contains(delay)),
                "{delays:?}"
            );
        }
        let lone: std::collections::HashSet<_> = (0..50).map(|_| delay(2_000, 0, 1)).collect();
        assert!(lone.len() > 25, "no jitter: {lone:?}");
        assert_eq!(delays(0, 1), [0]);
        assert_eq!(delays(u32::MAX, 1), [u32::MAX]);
    }

    #[test]
    fn r19_many_readers_come_back_five_hundred_a_second() {
        for (count, window) in [(5_000, 10_000), (20_000, 40_000), (60_000, 60_000)] {
            let mut seconds: BTreeMap<u32, u32> = BTreeMap::new();
            for delay in delays(500, count) {
                assert!((500..=500 + window).contains(&delay), "{delay}");
                *seconds.entry((delay - 500) / 1_000).or_default() += 1;
            }
            let busiest = seconds.values().max().unwrap();
            let fair = count / (window / 1_000);
            assert!(
                *busiest <= fair + fair / 10,
                "{busiest} in a second, {fair} is fair"
            );
        }
    }

    #[test]
    fn readers_are_ended_without_a_runtime_too() {
        let readers: Vec<_> = (0..1_200)
            .map(|id| {
                Arc::new(Reader::new(
                    id,
                    ConnectionId::from_bits(u128::from(id)),
                    SubscribeOptions::default(),
                ))
            })
            .collect();
        end_all(readers.clone(), 0);
        assert!(readers.iter().all(|reader| reader.ending().is_some()));
    }

    #[tokio::test(start_paused = true)]
    async fn r17_batches_are_over_within_half_a_second() {
        let readers: Vec<_> = (0..30_000)
            .map(|id| {
                Arc::new(Reader::new(
                    id,
                    ConnectionId::from_bits(u128::from(id)),
                    SubscribeOptions::default(),
                ))
            })
            .collect();
        let ended =
            |readers: &[Arc<Reader>]| readers.iter().filter(|reader| reader.ending().is_some()).count();
        end_all(readers.clone(), 500);
        assert_eq!(ended(&readers), 1_500, "the first batch is ended at once");
        sleep(Duration::from_millis(510)).await;
        assert_eq!(ended(&readers), readers.len());
    }
}
