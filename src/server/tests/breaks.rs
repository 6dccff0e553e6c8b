//! Connections that break and subscriptions that race: whatever the moment, nothing is lost.

use std::time::Duration;

use axum::Router;
use tokio::task::JoinSet;

use super::raw_client::RawClient;
use super::*;
use crate::server::random::random_u64;
use crate::server::{Retention, SubscribeOptions};
use crate::wire::{Control, Epoch, SseMessage};

/// A browser: it applies what it has not seen, and its cursor is the last id.
#[derive(Default)]
struct Page {
    cursor: String,
    seen: Vec<String>,
}

impl Page {
    fn take(&mut self, message: &SseMessage) {
        if !message.event.starts_with("ll:") && !self.seen.contains(&message.data) {
            self.seen.push(message.data.clone());
        }
        // A stream's ids begin anew with the connection, the page's cursor does not.
        if !message.last_event_id.is_empty() {
            self.cursor = message.last_event_id.to_string();
        }
    }
}

/// Reads what is ready as a page does, up to `limit` messages.
async fn read_some(hub: &Hub, topics: &[&str], page: &mut Page, limit: usize) -> usize {
    let response = stream(hub, topics, &page.cursor).await;
    let mut body = response.into_body().into_data_stream();
    let mut decoder = SseDecoder::default();
    let mut count = 0;
    let next = |body: &mut axum::body::BodyDataStream| {
        let chunk = futures_util::StreamExt::next(body);
        futures_util::FutureExt::now_or_never(chunk).flatten()
    };
    while let Some(chunk) = next(&mut body) {
        for message in decoder.push(&chunk.unwrap()) {
            if count == limit {
                return count;
            }
            page.take(&message);
            count += 1;
        }
    }
    count
}

/// Cuts the connection after every possible number of messages, again and again.
#[tokio::test(start_paused = true)]
async fn r05_a_break_anywhere_in_an_opening_loses_nothing() {
    let hub = small_hub(4);
    hub.declare(topic("latest"), Retention::Latest);
    for n in 1..=30 {
        match n % 5 {
            0 => publish_named(&hub, "latest", &format!("v{}", n / 10)).await,
            1 if n < 10 => publish(&hub, "rare", &n.to_string()).await,
            _ => publish(&hub, "busy", &n.to_string()).await,
        };
    }
    let topics = ["busy", "latest", "rare"];
    let head = hub.head();
    let foreign = Position {
        epoch: Epoch(head.epoch.0 ^ 1),
        offset: 7,
    };
    for cursor in [
        String::new(),
        "nonsense".to_owned(),
        foreign.to_string(),
        Position { offset: 2, ..head }.to_string(),
        Position { offset: 27, ..head }.to_string(),
    ] {
        let fresh = || Page {
            cursor: cursor.clone(),
            seen: Vec::new(),
        };
        let mut whole = fresh();
        let count = read_some(&hub, &topics, &mut whole, usize::MAX).await;
        assert!(count > 1, "{cursor:?}");
        for cut in 0..=count {
            let mut page = fresh();
            read_some(&hub, &topics, &mut page, cut).await;
            // Breaks once more, soon, before it is left in peace.
            read_some(&hub, &topics, &mut page, 2).await;
            read_some(&hub, &topics, &mut page, usize::MAX).await;
            for data in &whole.seen {
                assert!(
                    page.seen.contains(data),
                    "{data} lost after {cut} from {cursor:?}: {:?}",
                    page.seen
                );
            }
            assert_eq!(page.cursor, head.to_string());
        }
    }
}

/// One random schedule: two publishers race with a reader that resumes from a head taken meanwhile.
async fn race(hub: &Hub, publishers: u64, events: u64) {
    let mut tasks = JoinSet::new();
    for n in 0..publishers {
        let hub = hub.clone();
        tasks.spawn(async move {
            for _ in 0..events {
                publish(&hub, ["a", "b"][(n % 2) as usize], "x").await;
                if random_u64().is_multiple_of(4) {
                    tokio::task::yield_now().await;
                }
            }
        });
    }
    for _ in 0..random_u64() % 40 {
        std::hint::spin_loop();
        tokio::task::yield_now().await;
    }
    let cursor = hub.head();
    for _ in 0..random_u64() % 20 {
        tokio::task::yield_now().await;
    }
    let mut reader = hub
        .subscribe_with(
            [topic("a"), topic("b")],
            Resume::At(cursor),
            SubscribeOptions::default(),
        )
        .unwrap();
    while tasks.join_next().await.is_some() {}
    let last = hub.head().offset;
    let mut expected = cursor.offset;
    let heartbeat = reader.next().await;
    assert_eq!(heartbeat, Some(Delivery::Control(Control::Heartbeat(cursor))));
    while expected < last {
        let Some(Delivery::Event { position, .. }) = reader.next().await else {
            panic!("expected an event after {expected}");
        };
        expected += 1;
        assert_eq!(position.offset, expected);
    }
    assert_eq!(ready(&mut reader).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r06_r08_publishing_while_subscribing_loses_and_doubles_nothing() {
    let hub = Hub::default();
    for _ in 0..200 {
        race(&hub, 1 + random_u64() % 3, 1 + random_u64() % 60).await;
    }
    let stats = hub.stats();
    assert_eq!(stats.gaps, 0);
    assert_eq!(stats.published, hub.head().offset);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r05_a_recovery_storm_over_sockets_is_exact() {
    let server = TestServer::start(Hub::default(), Router::new()).await;
    let first = server.hub.head();
    let publisher = {
        let hub = server.hub.clone();
        tokio::spawn(async move {
            for n in 1..=600 {
                publish(&hub, "a", &n.to_string()).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    let kicker = {
        let hub = server.hub.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(17)).await;
                hub.disconnect_all();
            }
        })
    };
    let mut readers = JoinSet::new();
    for _ in 0..5 {
        let address = server.address;
        readers.spawn(async move {
            let mut cursor = first.to_string();
            let mut expected = 1;
            while expected <= 600 {
                let mut client = RawClient::get(address, "/sse?topic=a", &[("Last-Event-ID", &cursor)]).await;
                while let Some(message) = client.next().await {
                    cursor = message.last_event_id.to_string();
                    if message.event == "message" {
                        assert_eq!(message.data, expected.to_string());
                        expected += 1;
                    } else {
                        assert_eq!(message.event, "ll:heartbeat");
                    }
                    if expected > 600 {
                        break;
                    }
                }
            }
        });
    }
    while let Some(read) = readers.join_next().await {
        read.unwrap();
    }
    publisher.await.unwrap();
    kicker.abort();
}
