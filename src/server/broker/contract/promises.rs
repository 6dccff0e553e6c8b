//! The promises.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::{Ground, Reader, config, log};
use crate::server::tests::{eventually, publish, topic};
use crate::server::{Hub, HubConfig, PublishOptions, Resume, Retention, Revocation};
use crate::wire::{Epoch, EventName, IdempotencyKey, Position};

pub(in crate::server::broker) async fn r04_both_nodes_bring_everything_in_one_order(ground: impl Ground) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    assert!(a.is_ready() && b.is_ready());
    let (mut at_a, mut at_b) = (Reader::begin(&a), Reader::begin(&b));
    for n in 1..=6 {
        let hub = if n % 2 == 0 { &a } else { &b };
        publish(hub, "t", &n.to_string()).await;
    }
    let expected = "1@1 2@2 3@3 4@4 5@5 6@6";
    assert_eq!(at_a.words(6).await, expected);
    assert_eq!(at_b.words(6).await, expected);
    eventually("both heads are one", || a.head() == b.head()).await;
}

pub(in crate::server::broker) async fn r04_a_reader_that_moves_goes_on_exactly(ground: impl Ground) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let mut reader = Reader::begin(&a);
    for n in 1..=20 {
        publish(&a, "t", &n.to_string()).await;
        publish(&b, "elsewhere", "x").await;
        assert_eq!(reader.word().await, format!("{n}@{}", 2 * n - 1));
        // It leaves each node for the other, at once and without a good-bye.
        let at = reader.subscription.position();
        reader = Reader::resume(if n % 2 == 0 { &a } else { &b }, at).await;
    }
}

pub(in crate::server::broker) async fn r06_a_position_that_another_node_gave_out_is_waited_for(
    ground: impl Ground,
) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    for n in 1..=20 {
        let mut at_a = Reader::begin(&a);
        publish(&a, "t", &n.to_string()).await;
        at_a.until(&format!("{n}@")).await;
        // The page was rendered on one node, and its stream comes to the other, which may be a little behind.
        let mut at_b = Reader::resume(&b, a.head()).await;
        publish(&b, "t", "next").await;
        assert_eq!(at_b.word().await, format!("next@{}", 2 * n));
    }
}

pub(in crate::server::broker) async fn r07_a_history_that_is_lost_is_noticed_on_all_nodes(
    ground: impl Ground,
) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    publish(&a, "t", "old").await;
    eventually("both have it", || a.head() == b.head() && a.head().offset == 1).await;
    let old = a.head();
    let head = a.reset().await.unwrap();
    assert_ne!(head.epoch, old.epoch);
    eventually("both have the new epoch", || {
        a.head().epoch == head.epoch && b.head().epoch == head.epoch
    })
    .await;
    for hub in [&a, &b] {
        let mut reader = Reader::resume(hub, old).await;
        let told = reader.until("live").await;
        assert!(told.starts_with("gap(epoch,") && !told.contains("old"), "{told}");
    }
    let mut reader = Reader::begin(&b);
    let at = publish(&a, "t", "new").await;
    assert_eq!(reader.word().await, format!("new@{}", at.offset));
}

pub(in crate::server::broker) async fn r07_what_is_not_kept_is_the_same_gap_on_all_nodes(
    ground: impl Ground,
) {
    const TOPICS: [&str; 4] = ["log", "other", "state", "moment"];
    let declare = |hub: &Hub| {
        hub.declare(topic("log"), log(3));
        hub.declare(topic("other"), log(1));
        hub.declare(topic("state"), Retention::Latest);
        hub.declare(topic("moment"), Retention::Transient);
    };
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    [&a, &b].into_iter().for_each(declare);
    for n in 0..24 {
        publish(
            if n % 2 == 0 { &a } else { &b },
            TOPICS[n / 2 % 4],
            &n.to_string(),
        )
        .await;
    }
    eventually("both have everything", || {
        a.head() == b.head() && a.head().offset == 24
    })
    .await;
    let later = ground.any_node().await;
    declare(&later);
    for offset in 0..=24 {
        let at = Position { offset, ..a.head() };
        for topics in [&TOPICS[..], &TOPICS[..1], &TOPICS[1..3], &TOPICS[3..]] {
            let mut told = Vec::new();
            for hub in [&a, &b, &later] {
                let mut stream = hub.subscribe(topics.iter().map(topic), Resume::At(at)).unwrap();
                told.push(crate::server::tests::ready(&mut stream).await);
            }
            assert!(
                told.iter().all(|words| *words == told[0]),
                "{at} {topics:?}: {told:#?}"
            );
            // Of six events of each log three and one are kept; these are the last that are lost.
            let last_lost = [("other", 19), ("log", 9)];
            let last_lost = last_lost.iter().find(|(topic, _)| topics.contains(topic));
            let is_lost = last_lost.is_some_and(|(_, last)| offset < *last);
            assert_eq!(
                told[0].contains("gap(evicted,"),
                is_lost,
                "{at} {topics:?}: {}",
                told[0]
            );
        }
    }
}

pub(in crate::server::broker) async fn r07_useless_positions_are_gaps_at_once(ground: impl Ground) {
    let hub = ground.any_node().await;
    let head = publish(&hub, "t", "1").await;
    eventually("it is there", || hub.head() == head).await;
    let useless = [
        Position {
            epoch: Epoch(7),
            offset: 1,
        },
        Position {
            offset: head.offset + 1_000_000,
            ..head
        },
        Position {
            offset: u64::MAX,
            ..head
        },
    ];
    for at in useless {
        let began = Instant::now();
        let told = Reader::resume(&hub, at).await.until("live").await;
        assert!(told.starts_with("gap(") && told.contains("1@1"), "{told}");
        assert!(
            began.elapsed() < Duration::from_millis(1_500),
            "{:?}",
            began.elapsed()
        );
    }
}

pub(in crate::server::broker) async fn r08_concurrent_publishers_on_two_nodes_get_offsets_of_their_own(
    ground: impl Ground,
) {
    const EACH: usize = 50;
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let readers = [Reader::begin(&a), Reader::begin(&b)];
    let publishers = [&a, &b, &a, &b].map(|hub| {
        let hub = hub.clone();
        tokio::spawn(async move {
            let mut offsets = Vec::new();
            for _ in 0..EACH {
                offsets.push(publish(&hub, "t", "x").await.offset);
            }
            offsets
        })
    });
    let mut offsets = BTreeSet::new();
    for publisher in publishers {
        let own = publisher.await.unwrap();
        assert!(
            own.is_sorted(),
            "one publisher's events are in its order: {own:?}"
        );
        offsets.extend(own);
    }
    let all: BTreeSet<u64> = (1..=4 * EACH as u64).collect();
    assert_eq!(offsets, all);
    let expected: Vec<String> = all.iter().map(|offset| format!("x@{offset}")).collect();
    for mut reader in readers {
        assert_eq!(reader.words(expected.len()).await, expected.join(" "));
    }
}

async fn publish_once(hub: &Hub, data: String, key: &str) -> Position {
    let options = PublishOptions::new().key(IdempotencyKey::new(key).unwrap());
    let published = hub
        .publish_with(&topic("t"), &EventName::default(), data, options)
        .await;
    published.unwrap()
}

pub(in crate::server::broker) async fn r09_attempts_on_two_nodes_are_one_event(ground: impl Ground) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let mut reader = Reader::begin(&b);
    let first = publish_once(&a, "first".into(), "in turn").await;
    assert_eq!(publish_once(&b, "second".into(), "in turn").await, first);
    let racing: Vec<_> = (0..16)
        .map(|n| {
            let hub = if n % 2 == 0 { a.clone() } else { b.clone() };
            tokio::spawn(async move { publish_once(&hub, "racing".into(), "racing").await })
        })
        .collect();
    let mut positions = Vec::new();
    for attempt in racing {
        positions.push(attempt.await.unwrap());
    }
    assert!(positions.iter().all(|at| *at == positions[0]), "{positions:?}");
    publish(&a, "t", "last").await;
    assert_eq!(reader.words(3).await, "first@1 racing@2 last@3");
}

pub(in crate::server::broker) async fn r09_a_key_is_free_again_in_another_history(ground: impl Ground) {
    let hub = ground.any_node().await;
    let first = publish_once(&hub, "first".into(), "key").await;
    hub.reset().await.unwrap();
    let mut reader = Reader::begin(&hub);
    let second = publish_once(&hub, "second".into(), "key").await;
    assert_ne!(first.epoch, second.epoch);
    assert_eq!(reader.word().await, format!("second@{}", second.offset));
}

pub(in crate::server::broker) async fn r10_a_node_that_comes_later_has_what_is_kept(ground: impl Ground) {
    let declare = |hub: &Hub| {
        hub.declare(topic("log"), log(3));
        hub.declare(topic("state"), Retention::Latest);
    };
    let first = ground.any_node().await;
    declare(&first);
    for n in 1..=5 {
        let name = EventName::new(if n % 2 == 0 { "even" } else { "odd" }).unwrap();
        first.publish(&topic("log"), &name, n.to_string()).await.unwrap();
        first
            .publish(&topic("state"), &name, n.to_string())
            .await
            .unwrap();
    }
    eventually("all is there", || first.head().offset == 10).await;
    // Its undeclared topics keep nothing, which must not hold for those that are declared in a moment.
    let later = ground
        .node(HubConfig {
            retention: Retention::Transient,
            ..config()
        })
        .await;
    declare(&later);
    for name in ["log", "state"] {
        let kept = first.retained(&topic(name));
        assert_eq!(later.retained(&topic(name)), kept);
        assert_eq!(kept.events.len(), if name == "log" { 3 } else { 2 });
    }
    for hub in [&first, &later] {
        let at = Position {
            offset: 1,
            ..hub.head()
        };
        let mut subscription = hub.subscribe([topic("log")], Resume::At(at)).unwrap();
        let told = crate::server::tests::ready(&mut subscription).await;
        assert_eq!(
            told,
            "heartbeat(1) gap(evicted,3,1) snapshot(10) 3@5 4@7 5@9 live(10)"
        );
    }
}

pub(in crate::server::broker) async fn r10_what_an_event_leaves_out_is_left_out_on_all_nodes(
    ground: impl Ground,
) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let (mut left_out, mut other) = (Reader::begin(&b), Reader::begin(&b));
    let options = PublishOptions::new().except([left_out.subscription.connection().id()]);
    let event = EventName::default();
    a.publish_with(&topic("t"), &event, "own", options).await.unwrap();
    publish(&a, "t", "next").await;
    assert_eq!(other.words(2).await, "own@1 next@2");
    assert_eq!(left_out.word().await, "next@2");
}

pub(in crate::server::broker) async fn s15_a_revocation_reaches_all_nodes_within_a_second(
    ground: impl Ground,
) {
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let subscribe = |hub: &Hub, user: &str| Reader {
        subscription: hub
            .subscribe_with(
                [topic("t")],
                Resume::Start,
                crate::server::SubscribeOptions {
                    user: Some(user.to_owned()),
                    ..Default::default()
                },
            )
            .unwrap(),
    };
    let (mut ann_a, mut ann_b, mut bob_b) =
        (subscribe(&a, "ann"), subscribe(&b, "ann"), subscribe(&b, "bob"));
    let began = Instant::now();
    a.revoke(&Revocation::user("ann"));
    assert_eq!(ann_a.word().await, "end");
    assert_eq!(ann_b.word().await, "end");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let at = publish(&a, "t", "after").await;
    assert_eq!(bob_b.word().await, format!("after@{}", at.offset));
}
