//! How a stream begins: for each retention and each kind of cursor, word by word.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::server::random::random_u64;
use crate::server::{Broker, BrokerFuture, Feed, HubConfig, Publication, Published, Retention};
use crate::wire::Epoch;

/// What a reader of these topics gets at once.
async fn opening(hub: &Hub, topics: &[&str], resume: Resume) -> String {
    ready(&mut hub.subscribe(topics.iter().map(topic), resume).unwrap()).await
}

fn at(hub: &Hub, offset: u64) -> Resume {
    let epoch = hub.head().epoch;
    Resume::At(Position { epoch, offset })
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
        "heartbeat(3) latest snapshot(7) y@4 x@6 live(7)"
    );
    // A cursor in this history.
    assert_eq!(
        opening(&hub, &["log", "latest", "moment"], at(&hub, 2)).await,
        "heartbeat(2) latest y@4 b@5 x@6 c@7"
    );
    assert_eq!(
        opening(&hub, &["latest"], at(&hub, 4)).await,
        "heartbeat(4) latest x@6"
    );
    assert_eq!(
        opening(&hub, &["log", "latest"], at(&hub, 7)).await,
        "heartbeat(7) latest"
    );
    assert_eq!(opening(&hub, &["moment"], at(&hub, 1)).await, "heartbeat(1)");
    // A cursor of no use; what keeps nothing has lost nothing.
    assert_eq!(
        opening(&hub, &["log", "latest", "moment"], Resume::Malformed).await,
        "heartbeat(0) latest gap(malformed,0) snapshot(7) a@1 y@4 b@5 x@6 c@7 live(7)"
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
        "heartbeat(4) latest gap(evicted,7,4) snapshot(10) y x@6 d@8 e@9 f@10 live(10)"
    );
    assert_eq!(
        opening(&hub, &["latest"], at(&hub, 3)).await,
        "heartbeat(3) latest y@4 x@6"
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
pub(super) struct OpenBroker(Arc<Mutex<Option<Feed>>>);

impl OpenBroker {
    pub(super) fn feed(&self) -> Feed {
        self.0.lock().unwrap().clone().unwrap()
    }
}

impl Broker for OpenBroker {
    fn attach(&self, feed: Feed) {
        *self.0.lock().unwrap() = Some(feed);
    }

    fn publish(&self, _: Publication) -> BrokerFuture<'_, Published> {
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
    let feed = broker.feed();
    let deliver = |epoch, offset, data: &str| {
        let position = Position {
            epoch: Epoch(epoch),
            offset,
        };
        feed.deliver(position, Publication::new(topic("a"), EventName::default(), data));
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

#[tokio::test]
async fn decision_5_the_latest_values_for_what_is_new_on_a_page() {
    let hub = small_hub(2);
    hub.declare(topic("latest"), Retention::Latest);
    for (to, name) in [
        ("latest", "x"), // 1
        ("log", "a"),    // 2
        ("latest", "y"), // 3
        ("log", "b"),    // 4
        ("latest", "z"), // 5
    ] {
        publish_named(&hub, to, name).await;
    }
    let with_latest = |offset| match at(&hub, offset) {
        Resume::At(at) => Resume::AtWithLatest(at),
        other => other,
    };
    // What the reader has seen comes without an id, what is new with one, and logs exactly from the cursor.
    assert_eq!(
        opening(&hub, &["log", "latest"], with_latest(3)).await,
        "heartbeat(3) latest snapshot(5) x y b@4 z@5 live(5)"
    );
    // Asked for by mistake, they do no harm.
    assert_eq!(
        opening(&hub, &["log"], with_latest(3)).await,
        "heartbeat(3) snapshot(5) b@4 live(5)"
    );
    // A gap brings all of them anyway.
    publish_named(&hub, "log", "c").await; // 6: evicts a
    assert_eq!(
        opening(&hub, &["log", "latest"], with_latest(1)).await,
        "heartbeat(1) latest gap(evicted,2,1) snapshot(6) x y@3 b@4 z@5 c@6 live(6)"
    );
}

/// Whoever kept the position of a reader that had taken nothing yet skipped everything up to the head.
#[tokio::test]
async fn r04_a_reader_that_has_taken_nothing_stands_where_it_goes_on_from() {
    let hub = small_hub(10);
    let seen = publish(&hub, "a", "1").await;
    publish(&hub, "a", "2").await;
    let mut reader = hub.subscribe([topic("a")], Resume::At(seen)).unwrap();
    assert_eq!(reader.position(), seen);
    assert_eq!(ready(&mut reader).await, "heartbeat(1) 2@2");
    assert_eq!(reader.position(), hub.head());
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_is_not_rendered_although_nobody_publishes() {
    let hub = Hub::new(HubConfig {
        retention: Retention::Log {
            max_events: 10,
            max_bytes: 1 << 20,
            max_age: Duration::from_secs(60),
        },
        ..HubConfig::default()
    });
    publish(&hub, "a", "1").await;
    assert_eq!(hub.retained(&topic("a")).events.len(), 1);
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_eq!(hub.retained(&topic("a")).events.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_declaration_that_is_taken_back_lets_its_topic_be_forgotten() {
    let hub = Hub::new(HubConfig {
        max_idle_topics: 0,
        retention: Retention::Transient,
        ..HubConfig::default()
    });
    hub.declare(topic("mine"), Retention::Latest);
    publish(&hub, "mine", "1").await;
    assert_eq!(hub.stats().topics.len(), 1);
    hub.undeclare(&topic("mine"));
    assert_eq!(hub.retained(&topic("mine")).events.len(), 0);
    tokio::time::advance(Duration::from_secs(600)).await;
    publish(&hub, "other", "1").await;
    tokio::time::advance(Duration::from_secs(600)).await;
    publish(&hub, "other", "2").await;
    assert!(!hub.stats().topics.contains_key(&topic("mine")));
}
