//! How much of several logs one resumption may bring.
//!
//! Anyone can ask for everything that is kept, by a cursor that is of no use, and the answer is found under the lock that
//! publishers wait for. So the events are counted from the newest back, and no further than there is room for: it costs
//! what will be delivered, however much is kept.

use std::collections::BinaryHeap;

/// The offset of the newest event for which there is no room among so many events of so many bytes in all; `None` where
/// there is room for all of them. Each log brings its events as offset and size, the newest first.
pub(super) fn newest_beyond(
    logs: impl Iterator<Item = impl Iterator<Item = (u64, usize)>>,
    max_events: usize,
    max_bytes: usize,
) -> Option<u64> {
    let mut logs: Vec<_> = logs.collect();
    // No two events have the same offset, so the rest of an entry never decides.
    let mut next: BinaryHeap<(u64, usize, usize)> = BinaryHeap::with_capacity(logs.len());
    for (log, events) in logs.iter_mut().enumerate() {
        next.extend(events.next().map(|(offset, size)| (offset, size, log)));
    }
    let (mut events, mut bytes) = (0_usize, 0_usize);
    while let Some((offset, size, log)) = next.pop() {
        events = events.saturating_add(1);
        bytes = bytes.saturating_add(size);
        if events > max_events || bytes > max_bytes {
            return Some(offset);
        }
        let older = logs.get_mut(log).and_then(Iterator::next);
        next.extend(older.map(|(offset, size)| (offset, size, log)));
    }
    None
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_where_the_sorted_events_are_too_many(
            events in proptest::collection::vec((0_usize..4, 0_usize..50), 0..60),
            max_events in 0_usize..40,
            max_bytes in 0_usize..800,
        ) {
            let mut logs = vec![Vec::new(); 4];
            for (offset, (log, size)) in events.iter().enumerate().rev() {
                logs[*log].push((offset as u64, *size));
            }
            let mut sum = 0;
            let newest_first = events.iter().enumerate().rev().enumerate();
            let expected = newest_first
                .map(|(count, (offset, (_, size)))| {
                    sum += size;
                    (count + 1 > max_events || sum > max_bytes).then_some(offset as u64)
                })
                .find_map(|found| found);
            let logs = logs.into_iter().map(Vec::into_iter);
            prop_assert_eq!(newest_beyond(logs, max_events, max_bytes), expected);
        }
    }

    /// A hostile cursor had all that was kept collected and sorted, a million events for the ten that were sent.
    #[test]
    fn s25_no_more_events_are_looked_at_than_are_delivered() {
        let looked_at = Cell::new(0);
        let count = |_: &(u64, usize)| looked_at.set(looked_at.get() + 1);
        let log = |log: u64| {
            (0..250_000_u64)
                .rev()
                .map(move |n| (n * 4 + log, 100))
                .inspect(count)
        };
        let cut = newest_beyond((0..4).map(log), 10, usize::MAX);
        assert_eq!(cut, Some(999_989));
        // Those delivered, the one that is not, and the next of each log.
        assert!(looked_at.get() <= 10 + 1 + 4, "{}", looked_at.get());
        looked_at.set(0);
        assert_eq!(newest_beyond((0..4).map(log), usize::MAX, 1_000), Some(999_989));
        assert!(looked_at.get() <= 10 + 1 + 4, "{}", looked_at.get());
    }
}
