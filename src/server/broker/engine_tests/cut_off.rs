//! The engine is out of reach for a while: streams stay open and say so, and nothing is lost.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::{Link, Server};
use crate::server::broker::contract::{Reader, config};
use crate::server::tests::{eventually, publish, topic};
use crate::server::{Hub, PublishError, PublishOptions, Resume, Revocation, SubscribeOptions};
use crate::wire::{EventName, IdempotencyKey, Position};

/// More than the half second that a node waits for an answer, and less than two.
const BOUND: Duration = Duration::from_millis(1_500);

async fn try_to_publish(hub: &Hub, data: &str) -> Result<Position, PublishError> {
    hub.publish(&topic("t"), &EventName::default(), data).await
}

/// Publishes until it is taken, as whoever has a key can do.
pub(in crate::server::broker) async fn insist(hub: &Hub, data: &str) -> Position {
    let options = PublishOptions::new().key(IdempotencyKey::new(data).unwrap());
    let (topic, event) = (topic("t"), EventName::default());
    for _ in 0..100 {
        let published = hub.publish_with(&topic, &event, data, options.clone());
        if let Ok(position) = published.await {
            return position;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{data} was not taken");
}

async fn fails_within_bound(hub: &Hub) {
    let began = Instant::now();
    let failed = try_to_publish(hub, "lost").await;
    assert!(matches!(failed, Err(PublishError::Broker(_))), "{failed:?}");
    assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
}

pub(in crate::server::broker) async fn r12_an_engine_that_is_killed_loses_nothing(mut server: impl Server) {
    let (a, b) = (server.any_node().await, server.any_node().await);
    let (mut at_a, mut at_b) = (Reader::begin(&a), Reader::begin(&b));
    publish(&a, "t", "1").await;
    publish(&b, "t", "2").await;
    assert_eq!(at_a.words(2).await, "1@1 2@2");
    server.process_mut().kill();
    assert_eq!(at_a.word().await, "upstream(down)");
    assert!(!a.is_ready(), "nobody new is sent here");
    fails_within_bound(&a).await;
    // Whoever comes all the same is told too, and gets what is there.
    let mut late = Reader::resume(
        &a,
        Position {
            offset: 1,
            ..a.head()
        },
    )
    .await;
    assert_eq!(late.words(2).await, "upstream(down) 2@2");
    server.process_mut().start_again().await;
    assert_eq!(at_a.word().await, "upstream(up)");
    eventually("both are ready", || a.is_ready() && b.is_ready()).await;
    let at = insist(&b, "3").await;
    let third = format!("3@{}", at.offset);
    assert_eq!(at_a.word().await, third);
    // Nobody has read this stream meanwhile: it says how things stand.
    assert_eq!(at_b.until("3@").await, format!("1@1 2@2 {third}"));
    assert_eq!(late.until("3@").await, format!("upstream(up) {third}"));
}

pub(in crate::server::broker) async fn r12_an_engine_that_stands_still_holds_nobody_up(server: impl Server) {
    let hub = server.any_node().await;
    let mut reader = Reader::begin(&hub);
    publish(&hub, "t", "1").await;
    assert_eq!(reader.word().await, "1@1");
    server.process().signal("STOP");
    let began = Instant::now();
    let options = PublishOptions::new().key(IdempotencyKey::new("key").unwrap());
    let keyed = |hub: Hub, options| async move {
        hub.publish_with(&topic("t"), &EventName::default(), "2", options)
            .await
    };
    assert!(keyed(hub.clone(), options.clone()).await.is_err());
    assert!(began.elapsed() < BOUND, "{:?}", began.elapsed());
    assert_eq!(reader.word().await, "upstream(down)");
    assert!(!hub.is_ready());
    server.process().signal("CONT");
    assert_eq!(reader.word().await, "upstream(up)");
    // What has failed may have been taken all the same: it is one event.
    let mut taken = keyed(hub.clone(), options.clone()).await;
    while taken.is_err() {
        taken = keyed(hub.clone(), options.clone()).await;
    }
    assert_eq!(reader.word().await, "2@2");
    publish(&hub, "t", "3").await;
    assert_eq!(reader.word().await, "3@3");
}

pub(in crate::server::broker) async fn r12_a_slow_engine_is_slow_and_nothing_else(server: impl Server) {
    let link = Link::to(server.process().port).await;
    let (near, far) = (
        server.any_node().await,
        server.node_over(link.address, config()).await,
    );
    link.delay(Duration::from_millis(40));
    let (mut at_near, mut at_far) = (Reader::begin(&near), Reader::begin(&far));
    for n in 1..=3 {
        publish(&far, "t", &format!("far{n}")).await;
        publish(&near, "t", &format!("near{n}")).await;
    }
    let all = at_far.words(6).await;
    assert_eq!(at_near.words(6).await, all);
    assert_eq!(all, "far1@1 near1@2 far2@3 near2@4 far3@5 near3@6");
    // A reader of the near node comes to the far one, which is some hundredths of a second behind.
    let mut moved = Reader::resume(&far, publish(&near, "t", "7").await).await;
    publish(&near, "t", "8").await;
    assert_eq!(moved.word().await, "8@8");
    assert!(far.is_ready());
}

pub(in crate::server::broker) async fn r12_many_publishers_on_an_engine_that_is_down_end_within_a_bound(
    server: impl Server,
) {
    let hub = server.any_node().await;
    publish(&hub, "t", "1").await;
    server.process().signal("STOP");
    let began = Instant::now();
    let payload = "x".repeat(10_000);
    let answers = join_all((0..2_000).map(|_| try_to_publish(&hub, &payload))).await;
    assert!(began.elapsed() < 2 * BOUND, "{:?}", began.elapsed());
    assert!(answers.iter().all(Result::is_err));
    server.process().signal("CONT");
    eventually("it is back", || hub.is_ready()).await;
    insist(&hub, "last").await;
}

pub(in crate::server::broker) async fn r12_a_reader_that_a_cut_off_node_does_not_know_is_sent_elsewhere(
    server: impl Server,
) {
    let link = Link::to(server.process().port).await;
    let (a, b) = (
        server.any_node().await,
        server.node_over(link.address, config()).await,
    );
    publish(&a, "t", "1").await;
    eventually("both have it", || b.head().offset == 1).await;
    link.cut();
    eventually("it is cut off", || !b.is_ready()).await;
    let at = publish(&a, "t", "2").await;
    // Its position may be right: neither a gap nor silence would be the truth.
    let response = crate::server::tests::stream(&b, &["t"], &at.to_string()).await;
    assert_eq!(response.status(), 503);
    assert_eq!(b.stats().refused.get("behind"), Some(&1));
    link.mend();
    eventually("it is back", || b.is_ready()).await;
    let mut reader = Reader::resume(&b, at).await;
    publish(&a, "t", "3").await;
    assert_eq!(reader.word().await, "3@3");
}

pub(in crate::server::broker) async fn r17_a_node_that_ends_leaves_nothing_behind(server: impl Server) {
    let running = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let hub = server.any_node().await;
    publish(&hub, "t", "1").await;
    eventually("it reads", || hub.head().offset == 1).await;
    let with_hub = running();
    drop(hub);
    eventually("its tasks have ended", || running() < with_hub).await;
    // The history goes on without it.
    let hub = server.any_node().await;
    let at = publish(&hub, "t", "2").await;
    assert_eq!(at.offset, 2);
    eventually("no more than before", || running() <= with_hub).await;
}

pub(in crate::server::broker) async fn s15_what_was_revoked_while_a_node_was_away_holds_when_it_is_back(
    server: impl Server,
) {
    let link = Link::to(server.process().port).await;
    let (a, b) = (
        server.any_node().await,
        server.node_over(link.address, config()).await,
    );
    let options = SubscribeOptions {
        user: Some("ann".to_owned()),
        ..SubscribeOptions::default()
    };
    let subscription = b.subscribe_with([topic("t")], Resume::Start, options).unwrap();
    let mut reader = Reader { subscription };
    link.cut();
    assert_eq!(reader.word().await, "upstream(down)");
    a.revoke(&Revocation::user("ann"));
    publish(&a, "t", "secret").await;
    link.mend();
    let heard = reader.until("end").await;
    assert!(!heard.contains("secret"), "{heard}");
    // The other way: the node that revokes is the one that is away.
    let subscription = a
        .subscribe_with([topic("t")], Resume::Start, SubscribeOptions::default())
        .unwrap();
    let mut reader = Reader { subscription };
    link.cut();
    eventually("it is cut off", || !b.is_ready()).await;
    b.revoke(&Revocation::everybody());
    link.mend();
    assert_eq!(reader.word().await, "end");
}
