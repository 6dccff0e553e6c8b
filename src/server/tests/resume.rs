//! Resuming: exactly what was missed, or a gap that is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use tokio::task::JoinSet;

use super::raw_client::RawClient;
use super::*;
use crate::server::random::random_u64;
use crate::server::{Broker, BrokerFuture, Feed, HubConfig, Publication, Retention, SubscribeOptions};
use crate::wire::{Control, Epoch, Gap, GapReason, SseMessage};

fn small_log(max_events: usize) -> Retention {
    Retention::Log {
        max_events,
        max_bytes: 1 << 20,
        max_age: Duration::from_secs(300),
    }
}

fn small_hub(max_events: usize) -> Hub {
    Hub::new(HubConfig {
        retention: small_log(max_events),
        ..HubConfig::default()
    })
}

/// What a reader of these topics gets at once.
async fn opening(hub: &Hub, topics: &[&str], resume: Resume) -> String {
    ready(&mut hub.subscribe(topics.iter().map(topic), resume).unwrap()).await
}

fn at(hub: &Hub, offset: u64) -> Resume {
    let epoch = hub.head().epoch;
    Resume::At(Position { epoch, offset })
}

#[tokio::test]
async fn r04_missed_events_come_by_header_and_by_parameter() {
    let server = TestServer::start(Hub::default(), Router::new()).await;
    let seen = publish(&server.hub, "a", "seen").await;
    for data in ["one", "two", "three"] {
        publish(&server.hub, "a", data).await;
    }
    let head = server.hub.head();
    let id = seen.to_string();
    let by_parameter = format!("/sse?topic=a&last-event-id={id}");
    for (path, headers) in [
        ("/sse?topic=a", vec![("Last-Event-ID", &*id)]),
        (&*by_parameter, vec![]),
    ] {
        let mut client = RawClient::get(server.address, path, &headers).await;
        assert_eq!(client.next_control().await, Control::Heartbeat(seen), "{path}");
        for (n, data) in ["one", "two", "three"].into_iter().enumerate() {
            let event = client.next().await.unwrap();
            assert_eq!(event.data, data);
            let position = Position {
                offset: seen.offset + 1 + n as u64,
                ..head
            };
            assert_eq!(event.last_event_id, position.to_string());
        }
    }
    let stats = server.hub.stats();
    assert_eq!((stats.delivered, stats.replayed, stats.gaps), (6, 6, 0));
}

#[tokio::test]
async fn r07_s25_useless_cursors_are_told_as_gaps() {
    let server = TestServer::start(small_hub(2), Router::new()).await;
    for data in ["1", "2", "3", "4"] {
        publish(&server.hub, "a", data).await;
    }
    let head = server.hub.head();
    let place = |offset| Position { offset, ..head };
    let foreign = Position {
        epoch: Epoch(head.epoch.0 ^ 1),
        offset: 3,
    };
    let gap = |reason, from| Gap {
        reason,
        from,
        to: place(2),
    };
    for (cursor, goes_on_from, gap) in [
        (place(1).to_string(), 1, gap(GapReason::Evicted, Some(place(1)))),
        (foreign.to_string(), 0, gap(GapReason::Epoch, Some(foreign))),
        (place(5).to_string(), 0, gap(GapReason::Malformed, Some(place(5)))),
        (
            place(u64::MAX).to_string(),
            0,
            gap(GapReason::Malformed, Some(place(u64::MAX))),
        ),
        ("nonsense".to_owned(), 0, gap(GapReason::Malformed, None)),
        ("-1".to_owned(), 0, gap(GapReason::Malformed, None)),
    ] {
        let mut client = RawClient::get(server.address, "/sse?topic=a", &[("Last-Event-ID", &cursor)]).await;
        assert_eq!(client.status(), 200);
        assert_eq!(
            client.next_control().await,
            Control::Heartbeat(place(goes_on_from)),
            "{cursor}"
        );
        assert_eq!(client.next_control().await, Control::Gap(gap), "{cursor}");
        assert_eq!(client.next_control().await, Control::Snapshot(head));
        assert_eq!(client.next().await.unwrap().data, "3");
        assert_eq!(client.next().await.unwrap().data, "4");
        assert_eq!(client.next_control().await, Control::Live(head));
    }
    assert_eq!(server.hub.stats().gaps, 6);
}

#[tokio::test(start_paused = true)]
async fn r04_each_retention_begins_in_its_own_way() {
    let hub = small_hub(3);
    hub.declare(topic("latest"), Retention::Latest);
    hub.declare(topic("moment"), Retention::Transient);
    for (to, name) in [
        ("log", "a"),    // 1
        ("latest", "x"), // 2
        ("moment", "m"), // 3
        ("latest", "y"), // 4
        ("log", "b"),    // 5
        ("latest", "x"), // 6
        ("log", "c"),    // 7
    ] {
        publish_named(&hub, to, name).await;
    }
    // Nothing seen yet.
    assert_eq!(opening(&hub, &["log"], Resume::Start).await, "heartbeat(7)");
    assert_eq!(opening(&hub, &["moment"], Resume::Start).await, "heartbeat(7)");
    assert_eq!(opening(&hub, &["never"], Resume::Start).await, "heartbeat(7)");
    assert_eq!(
        opening(&hub, &["log", "latest", "moment"], Resume::Start).await,
        "heartbeat(3) snapshot(7) y@4 x@6 live(7)"
    );
    // A cursor in this history.
    assert_eq!(
        opening(&hub, &["log", "latest", "moment"], at(&hub, 2)).await,
        "heartbeat(2) y@4 b@5 x@6 c@7"
    );
    assert_eq!(opening(&hub, &["latest"], at(&hub, 4)).await, "heartbeat(4) x@6");
    assert_eq!(
        opening(&hub, &["log", "latest"], at(&hub, 7)).await,
        "heartbeat(7)"
    );
    assert_eq!(opening(&hub, &["moment"], at(&hub, 1)).await, "heartbeat(1)");
    // A cursor of no use; what keeps nothing has lost nothing.
    assert_eq!(
        opening(&hub, &["log", "latest", "moment"], Resume::Malformed).await,
        "heartbeat(0) gap(malformed,0) snapshot(7) a@1 y@4 b@5 x@6 c@7 live(7)"
    );
    assert_eq!(
        opening(&hub, &["moment"], Resume::Malformed).await,
        "heartbeat(7)"
    );
    // A cursor that is too old: the log from there on, and the values as they stand. Those that
    // the reader has had do not move its cursor back.
    publish_named(&hub, "log", "d").await;
    publish_named(&hub, "log", "e").await;
    publish_named(&hub, "log", "f").await;
    assert_eq!(
        opening(&hub, &["log", "latest"], at(&hub, 4)).await,
        "heartbeat(4) gap(evicted,7,4) snapshot(10) y x@6 d@8 e@9 f@10 live(10)"
    );
    assert_eq!(
        opening(&hub, &["latest"], at(&hub, 3)).await,
        "heartbeat(3) y@4 x@6"
    );
}

#[tokio::test(start_paused = true)]
async fn r04_retained_values_and_position_are_read_together() {
    let hub = small_hub(3);
    hub.declare(topic("latest"), Retention::Latest);
    hub.declare(topic("moment"), Retention::Transient);
    let _reader = hub.subscribe([topic("moment")], Resume::Start).unwrap();
    publish_named(&hub, "latest", "x").await;
    publish_named(&hub, "moment", "m").await;
    let retained = hub.retained(&topic("latest"));
    assert_eq!(retained.position, hub.head());
    assert_eq!(retained.newest("x").unwrap().data, "x");
    assert_eq!(retained.newest("y"), None);
    assert_eq!(hub.retained(&topic("moment")).events, []);
    assert_eq!(hub.retained(&topic("never")).events, []);
}

#[tokio::test(start_paused = true)]
async fn r28_several_topics_come_in_one_order() {
    let hub = Hub::default();
    let names = ["a", "b", "c"];
    let mut expected = vec!["heartbeat(100)".to_owned()];
    for n in 1..=900_u64 {
        publish(&hub, names[(random_u64() % 3) as usize], &n.to_string()).await;
        if n > 100 {
            expected.push(format!("{n}@{n}"));
        }
    }
    assert_eq!(
        opening(&hub, &["b", "a", "c"], at(&hub, 100)).await,
        expected.join(" ")
    );
}

#[tokio::test(start_paused = true)]
async fn s18_a_resumption_repeats_no_more_than_allowed() {
    let hub = Hub::new(HubConfig {
        max_replay_events: 3,
        max_replay_bytes: 40,
        ..HubConfig::default()
    });
    for data in ["1", "2", "3", "4", "5"] {
        publish(&hub, if data == "4" { "b" } else { "a" }, data).await;
    }
    assert_eq!(
        opening(&hub, &["a", "b"], at(&hub, 1)).await,
        "heartbeat(1) gap(evicted,2,1) snapshot(5) 3@3 4@4 5@5 live(5)"
    );
    assert_eq!(
        opening(&hub, &["a", "b"], at(&hub, 2)).await,
        "heartbeat(2) 3@3 4@4 5@5"
    );
    assert_eq!(
        opening(&hub, &["a", "b"], Resume::Malformed).await,
        "heartbeat(0) gap(malformed,2) snapshot(5) 3@3 4@4 5@5 live(5)"
    );
    // 40 bytes hold this one (7 of them its name) and one of the others.
    publish(&hub, "a", &"x".repeat(20)).await;
    assert!(
        opening(&hub, &["a", "b"], at(&hub, 3))
            .await
            .starts_with("heartbeat(3) gap(evicted,4,3) snapshot(6) 5@5 xxx")
    );
}

#[tokio::test(start_paused = true)]
async fn r07_gaps_are_known_exactly_per_topic() {
    let hub = small_hub(1);
    publish(&hub, "busy", "1").await;
    publish(&hub, "quiet", "2").await;
    publish(&hub, "busy", "3").await;
    publish(&hub, "busy", "4").await;
    // Only the busy topic has lost events, and only up to 3.
    assert_eq!(opening(&hub, &["quiet"], at(&hub, 0)).await, "heartbeat(0) 2@2");
    assert_eq!(opening(&hub, &["busy"], at(&hub, 3)).await, "heartbeat(3) 4@4");
    assert_eq!(
        opening(&hub, &["busy"], at(&hub, 2)).await,
        "heartbeat(2) gap(evicted,3,2) snapshot(4) 4@4 live(4)"
    );
    assert_eq!(opening(&hub, &["never"], at(&hub, 0)).await, "heartbeat(0)");
}

#[tokio::test(start_paused = true)]
async fn r07_events_that_are_too_old_are_a_gap_too_and_forgotten_topics_leave_a_floor() {
    let hub = Hub::new(HubConfig {
        max_idle_topics: 0,
        ..HubConfig::default()
    });
    publish(&hub, "a", "1").await;
    tokio::time::advance(Duration::from_secs(301)).await;
    assert_eq!(
        opening(&hub, &["a"], at(&hub, 0)).await,
        "heartbeat(0) gap(evicted,1,0) snapshot(1) live(1)"
    );
    publish(&hub, "b", "2").await;
    assert_eq!(hub.stats().topics.len(), 1, "the idle topic is forgotten");
    assert_eq!(
        opening(&hub, &["a"], at(&hub, 0)).await,
        "heartbeat(0) gap(evicted,1,0) snapshot(2) live(2)"
    );
    assert_eq!(opening(&hub, &["a"], at(&hub, 1)).await, "heartbeat(1)");
}

/// Hands its feed out, as a broker does that hears of lost history by itself.
#[derive(Clone, Debug, Default)]
struct OpenBroker(Arc<Mutex<Option<Feed>>>);

impl Broker for OpenBroker {
    fn attach(&self, feed: Feed) {
        *self.0.lock().unwrap() = Some(feed);
    }

    fn publish(&self, _: Publication) -> BrokerFuture<'_, Position> {
        unreachable!("events come from elsewhere")
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        unreachable!("nobody resets it")
    }
}

#[tokio::test(start_paused = true)]
async fn r12_history_that_is_lost_while_readers_are_connected_is_a_gap() {
    let broker = OpenBroker::default();
    let hub = Hub::with_broker(HubConfig::default(), broker.clone());
    let feed = broker.0.lock().unwrap().clone().unwrap();
    let deliver = |epoch, offset, data: &str| {
        let position = Position {
            epoch: Epoch(epoch),
            offset,
        };
        feed.deliver(
            position,
            Publication {
                topic: topic("a"),
                event: EventName::default(),
                payload: data.into(),
            },
        );
    };
    feed.begin(Position {
        epoch: Epoch(1),
        offset: 10,
    });
    let mut reader = hub.subscribe([topic("a")], Resume::Start).unwrap();
    deliver(1, 12, "x");
    deliver(1, 12, "again");
    deliver(1, 11, "late");
    assert_eq!(ready(&mut reader).await, "heartbeat(10) x@12");
    deliver(2, 5, "y");
    assert_eq!(
        ready(&mut reader).await,
        "heartbeat(0) gap(epoch,4,12) snapshot(5) y@5 live(5)"
    );
    deliver(2, 6, "z");
    assert_eq!(ready(&mut reader).await, "z@6");
}

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
            self.cursor.clone_from(&message.last_event_id);
        }
    }
}

/// Reads what is ready as a page does, up to `limit` messages.
async fn read_some(hub: &Hub, topics: &[&str], page: &mut Page, limit: usize) -> usize {
    let resume = Resume::from_text(&page.cursor);
    let response = hub.sse(topics.iter().map(topic), resume).into_response();
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
                if random_u64() % 4 == 0 {
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
                    cursor = message.last_event_id;
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
