//! Readers that do not read: nobody else notices, and what they miss is told.

use std::time::{Duration, Instant};

use axum::Router;

use super::raw_client::RawClient;
use super::ws::{connect, frame};
use super::*;
use crate::server::{HubConfig, Retention, WsEndpoint};
use crate::wire::{Control, ControlKind};

fn log(max_events: usize) -> Retention {
    Retention::Log {
        max_events,
        max_bytes: 4 << 20,
        max_age: Duration::from_secs(300),
    }
}

#[tokio::test(start_paused = true)]
async fn r14_a_log_tells_the_gap_and_goes_on_after_it() {
    let hub = Hub::default();
    hub.declare(topic("a"), log(3));
    let mut reader = hub.subscribe([topic("a")], Resume::Start).unwrap();
    assert_eq!(ready(&mut reader).await, "heartbeat(0)");
    publish(&hub, "a", "1").await;
    assert_eq!(ready(&mut reader).await, "1@1");
    for data in ["2", "3", "4", "5", "6"] {
        publish(&hub, "a", data).await;
    }
    assert_eq!(ready(&mut reader).await, "gap(evicted,3,1) 4@4 5@5 6@6");
    assert_eq!(reader.position(), hub.head());
    for data in ["7", "8", "9"] {
        publish(&hub, "a", data).await;
    }
    assert_eq!(ready(&mut reader).await, "7@7 8@8 9@9");
    assert_eq!(hub.stats().gaps, 1);
}

/// A loss was told after the events that other topics still had of its range. A connection that broke in between resumed
/// behind the loss, which nobody told then.
#[tokio::test(start_paused = true)]
async fn r05_r14_a_gap_comes_before_what_other_topics_still_hold_of_its_range() {
    let hub = Hub::default();
    hub.declare(topic("busy"), log(2));
    hub.declare(topic("quiet"), log(10));
    let mut reader = hub
        .subscribe([topic("busy"), topic("quiet")], Resume::Start)
        .unwrap();
    for data in ["1", "q2", "3", "4", "q5", "6", "7"] {
        let to = if data.starts_with('q') { "quiet" } else { "busy" };
        publish(&hub, to, data).await;
    }
    assert_eq!(
        ready(&mut reader).await,
        "heartbeat(0) gap(evicted,4,0) q2@2 q5@5 6@6 7@7"
    );
}

#[tokio::test(start_paused = true)]
async fn r14_values_are_the_newest_and_moments_are_dropped_without_a_gap() {
    let hub = Hub::new(HubConfig {
        transient_events: 2,
        ..HubConfig::default()
    });
    hub.declare(topic("latest"), Retention::Latest);
    hub.declare(topic("moment"), Retention::Transient);
    let mut reader = hub
        .subscribe([topic("latest"), topic("moment")], Resume::Start)
        .unwrap();
    assert_eq!(
        ready(&mut reader).await,
        "heartbeat(0) latest snapshot(0) live(0)"
    );
    for name in ["x", "y", "x", "x"] {
        publish_named(&hub, "latest", name).await;
    }
    for name in ["m5", "m6", "m7", "m8", "m9"] {
        publish_named(&hub, "moment", name).await;
    }
    assert_eq!(ready(&mut reader).await, "y@2 x@4 m8@8 m9@9");
    let stats = hub.stats();
    assert_eq!((stats.gaps, stats.dropped, stats.coalesced), (0, 3, 2));
}

#[tokio::test(start_paused = true)]
async fn r14_a_loss_inside_a_snapshot_is_told_too() {
    let hub = Hub::default();
    hub.declare(topic("a"), log(600));
    for n in 1..=600 {
        publish(&hub, "a", &n.to_string()).await;
    }
    let mut reader = hub.subscribe([topic("a")], Resume::Malformed).unwrap();
    for _ in 0..13 {
        reader.next().await;
    }
    // Ten of the first batch are taken, then the log moves on past everything.
    for n in 601..=1300 {
        publish(&hub, "a", &n.to_string()).await;
    }
    let rest = ready(&mut reader).await;
    let words: Vec<&str> = rest.split(' ').collect();
    assert_eq!(words[245], "256@256");
    assert_eq!(words[246..249], ["gap(evicted,700,256)", "live(600)", "701@701"]);
    assert_eq!(words.last(), Some(&"1300@1300"));
    assert_eq!(words.len(), 248 + 600);
}

/// Short events of one topic share pages, so a batch of many topics held a page for each of its events: a megabyte.
#[tokio::test(start_paused = true)]
async fn s18_a_batch_of_many_topics_holds_few_pages() {
    let hub = Hub::default();
    let topics = Vec::from_iter((0..100).map(|n| topic(format!("t{n}"))));
    let publish_to_each = async |times: usize| {
        for _ in 0..times {
            for topic in &topics {
                hub.publish(topic, &EventName::default(), "x".repeat(200))
                    .await
                    .unwrap();
            }
        }
    };
    for topic in &topics {
        hub.declare(topic.clone(), log(1_000));
    }
    // As much is kept as a page of full size takes.
    publish_to_each(120).await;
    let mut reader = hub.subscribe(topics.clone(), Resume::Start).unwrap();
    assert!(matches!(reader.next().await, Some(Delivery::Control(_))));
    publish_to_each(3).await;
    let mut batches = Vec::new();
    let mut left = 300;
    while left > 0 {
        assert!(matches!(reader.next().await, Some(Delivery::Event { .. })));
        let batch = 1 + reader.waiting();
        batches.push(batch);
        for _ in 1..batch {
            reader.next().await;
        }
        left -= batch;
    }
    assert_eq!(ready(&mut reader).await, "");
    let (last, others) = batches.split_last().unwrap();
    assert!(others.iter().all(|batch| (50..64).contains(batch)), "{batches:?}");
    assert!(*last < 64, "{batches:?}");
}

/// A client that opens a stream and reads nothing for a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r14_s23_a_client_that_never_reads_holds_up_nobody() {
    let hub = Hub::default();
    hub.declare(topic("a"), log(100));
    let server = TestServer::start(hub, Router::new()).await;
    let mut stuck = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    let mut alert = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    let reading = tokio::spawn(async move {
        let mut count = 0_u64;
        while let Some(message) = alert.next().await {
            if message.event == "last" {
                return count;
            }
            count += u64::from(message.event == "message");
        }
        count
    });

    let payload = "x".repeat(16 << 10);
    let began = Instant::now();
    let mut longest = Duration::ZERO;
    for _ in 0..3_000 {
        let one = Instant::now();
        publish(&server.hub, "a", &payload).await;
        longest = longest.max(one.elapsed());
        // The alert reader shares two processors with everything else in this test.
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    assert!(longest < Duration::from_millis(500), "{longest:?}");
    assert!(began.elapsed() < Duration::from_secs(30));
    // Before the other reader hears that it may leave.
    let stats = server.hub.stats();
    assert_eq!(stats.topics[&topic("a")].retained, 100);
    assert_eq!(stats.sse_connections, 2, "a slow reader is not cut");
    publish_named(&server.hub, "a", "last").await;
    let read = reading.await.unwrap();
    assert!(read > 500, "the other reader went on: {read}");

    // It wakes up: what the kernel had buffered, then the gap, then what is kept.
    let mut offset = 0;
    let mut missed = 0;
    let mut got = 0;
    loop {
        let message = stuck.next().await.unwrap();
        match ControlKind::from_event_name(&message.event) {
            Some(kind) => match Control::parse(kind, &message.data).unwrap() {
                Control::Gap(gap) => {
                    assert_eq!(gap.from.unwrap().offset, offset);
                    missed += gap.to.offset - offset;
                    offset = gap.to.offset;
                }
                Control::Heartbeat(at) => assert_eq!(at.offset, offset),
                other => panic!("unexpected {other:?}"),
            },
            None => {
                let position: Position = message.last_event_id.parse().unwrap();
                assert_eq!(position.offset, offset + 1, "a hole that was not told");
                offset = position.offset;
                got += 1;
                if message.event == "last" {
                    break;
                }
            }
        }
    }
    assert!(missed > 0, "nothing was missed, so the test proves nothing");
    assert_eq!(got + missed, 3_001);
}

/// So much was written at once to a slow client that it was asked for a sign of life, and told of one, too late.
#[tokio::test]
async fn r14_a_slow_socket_hears_the_heartbeat_among_what_waits_for_it() {
    let hub = Hub::new(HubConfig {
        heartbeat: Duration::from_millis(600),
        ..HubConfig::default()
    });
    hub.declare(
        topic("a"),
        Retention::Log {
            max_events: 1_000,
            max_bytes: 64 << 20,
            max_age: Duration::from_secs(300),
        },
    );
    let endpoint = WsEndpoint::new(&hub).topics([topic("a")]);
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    // More than the kernel takes, all of it before the server gets to write.
    let payload = "x".repeat(64 << 10);
    for _ in 0..255 {
        publish(&server.hub, "a", &payload).await;
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    let mut events = 0;
    loop {
        match &*frame(&mut socket).await {
            "ping" => break,
            event if event.len() == payload.len() => events += 1,
            other => assert!(other.starts_with("{\"ll:"), "{other}"),
        }
    }
    assert!(events < 255, "not before everything was written");
}
