//! Thousands of readers who lose their streams in one moment: they come back spread over time, and get exactly what there
//! was. The clock is paused, so that what takes a minute costs the work alone.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::*;
use crate::server::random::random_up_to;
use crate::wire::{Control, ControlKind};

const READERS: usize = 5_000;

/// What one reader has been through.
#[derive(Default)]
struct Log {
    seen: Vec<u32>,
    gaps: usize,
    /// When it came back, in milliseconds after the stream before had ended.
    returns: Vec<u128>,
}

/// Reads as a page does, through every loss, until it has read the number `last`.
async fn read_until(last: u32, hubs: watch::Receiver<Hub>) -> Log {
    let mut log = Log::default();
    let mut cursor = String::new();
    loop {
        let hub = hubs.borrow().clone();
        let response = stream(&hub, &["a"], &cursor).await;
        let ended = if response.status() == 200 {
            let mut body = response.into_body().into_data_stream();
            let mut decoder = SseDecoder::default();
            let mut delay = 0;
            while let Some(chunk) = body.next().await {
                for message in decoder.push(&chunk.unwrap()) {
                    match ControlKind::from_event_name(&message.event) {
                        None => log.seen.push(message.data.parse().unwrap()),
                        Some(kind) => match Control::parse(kind, &message.data).unwrap() {
                            Control::Gap(_) => log.gaps += 1,
                            Control::Retry(asked) => delay = asked,
                            _ => {}
                        },
                    }
                    if !message.last_event_id.is_empty() {
                        cursor = message.last_event_id.to_string();
                    }
                }
                if log.seen.last() == Some(&last) {
                    return log;
                }
            }
            Some(delay)
        } else {
            None
        };
        let began = Instant::now();
        // The page's own policy for a first retry, after what it was asked for.
        sleep(Duration::from_millis(u64::from(
            ended.unwrap_or(1_000) + random_up_to(500),
        )))
        .await;
        log.returns.push(began.elapsed().as_millis());
    }
}

async fn publish_numbers(hub: &Hub, numbers: std::ops::RangeInclusive<u32>, pause: Duration) {
    for number in numbers {
        publish(hub, "a", &number.to_string()).await;
        sleep(pause).await;
    }
}

fn start_readers(last: u32, hubs: &watch::Receiver<Hub>) -> JoinSet<Log> {
    (0..READERS).map(|_| read_until(last, hubs.clone())).collect()
}

/// The most that came back in any second.
fn busiest_second(logs: &[Log]) -> usize {
    let mut seconds: BTreeMap<u128, usize> = BTreeMap::new();
    for return_ in logs.iter().flat_map(|log| &log.returns) {
        *seconds.entry(return_ / 1_000).or_default() += 1;
    }
    seconds.values().copied().max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn r19_r17_readers_of_a_restarted_server_return_spread_and_read_everything() {
    let (switch, hubs) = watch::channel(Hub::default());
    let mut readers = start_readers(20, &hubs);
    let first = hubs.borrow().clone();
    while first.stats().sse_connections < READERS as u64 {
        sleep(Duration::from_millis(10)).await;
    }
    publish_numbers(&first, 1..=5, Duration::from_millis(10)).await;
    let began = Instant::now();
    first.shutdown(500);
    while first.stats().sse_connections > 0 {
        sleep(Duration::from_millis(5)).await;
    }
    assert!(began.elapsed() <= Duration::from_secs(1), "{:?}", began.elapsed());
    let second = Hub::default();
    switch.send(second.clone()).unwrap();
    // More is published while they return, so some find it as history and some get it live.
    publish_numbers(&second, 6..=20, Duration::from_millis(900)).await;
    let mut logs = Vec::new();
    while let Some(log) = readers.join_next().await {
        logs.push(log.unwrap());
    }
    let everything: Vec<u32> = (1..=20).collect();
    for log in &logs {
        assert_eq!(log.seen, everything);
        assert_eq!((log.gaps, log.returns.len()), (1, 1), "one loss, and it is told");
    }
    let busiest = busiest_second(&logs);
    assert!(busiest <= 600, "{busiest} of {READERS} came back in one second");
    let last = logs.iter().flat_map(|log| &log.returns).max().unwrap();
    assert!(*last <= 11_500, "the last came back after {last} ms");
}

#[tokio::test(start_paused = true)]
async fn r05_readers_who_are_cut_off_again_and_again_lose_and_double_nothing() {
    let (_switch, hubs) = watch::channel(Hub::default());
    let hub = hubs.borrow().clone();
    let mut readers = start_readers(20, &hubs);
    while hub.stats().sse_connections < READERS as u64 {
        sleep(Duration::from_millis(10)).await;
    }
    let cutting = {
        let hub = hub.clone();
        tokio::spawn(async move {
            for _ in 0..4 {
                sleep(Duration::from_millis(700)).await;
                hub.disconnect_all();
            }
        })
    };
    publish_numbers(&hub, 1..=20, Duration::from_millis(160)).await;
    cutting.await.unwrap();
    let everything: Vec<u32> = (1..=20).collect();
    while let Some(log) = readers.join_next().await {
        let log = log.unwrap();
        assert_eq!(log.seen, everything);
        assert_eq!(log.gaps, 0);
        assert!(!log.returns.is_empty());
    }
}
