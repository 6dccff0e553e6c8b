//! The engine has lost something, or everything: it is told, on every node, and then all is well.

use super::cut_off::insist;
use super::{Link, Server};
use crate::server::Hub;
use crate::server::broker::contract::{Reader, config};
use crate::server::tests::{eventually, publish};
use crate::wire::{Epoch, Position};

/// Two nodes, and a reader at each that has read what there is.
async fn two_who_have_read(server: &impl Server) -> (Hub, Hub, [Reader; 2]) {
    let (a, b) = (server.any_node().await, server.any_node().await);
    let mut readers = [Reader::begin(&a), Reader::begin(&b)];
    for _ in 0..5 {
        publish(&a, "t", "old").await;
    }
    for reader in &mut readers {
        reader.words(5).await;
    }
    (a, b, readers)
}

async fn both_notice(a: &Hub, b: &Hub, old: Epoch) {
    eventually("it was noticed", || {
        a.head().epoch != old && b.head().epoch != old
    })
    .await;
}

/// What was lost is told to readers of both nodes, who stay, and after it both nodes are one again.
async fn is_told_and_healed(a: &Hub, b: &Hub, readers: [&mut Reader; 2]) {
    eventually("both are ready", || a.is_ready() && b.is_ready()).await;
    eventually("both know one history", || a.head().epoch == b.head().epoch).await;
    // A node may have yet to notice that its connection is none any more.
    let first = insist(a, "new").await;
    eventually("both have it", || a.head() == first && b.head() == first).await;
    for reader in readers {
        let told = reader.until("new@").await;
        assert_eq!(told.matches("gap(epoch,").count(), 1, "{told}");
        assert!(!told.contains("end"), "{told}");
    }
    let (mut at_a, mut at_b) = (Reader::begin(a), Reader::begin(b));
    publish(b, "t", "next").await;
    assert_eq!(at_a.word().await, at_b.word().await);
}

pub(in crate::server::broker) async fn r07_r12_an_engine_that_is_emptied_is_another_history(
    server: impl Server,
) {
    let (a, b, [mut at_a, mut at_b]) = two_who_have_read(&server).await;
    let old = a.head().epoch;
    server.empty().await;
    both_notice(&a, &b, old).await;
    is_told_and_healed(&a, &b, [&mut at_a, &mut at_b]).await;
}

pub(in crate::server::broker) async fn r07_r12_an_engine_that_is_replaced_is_another_history(
    mut server: impl Server,
) {
    let (a, b, [mut at_a, mut at_b]) = two_who_have_read(&server).await;
    let old = a.head().epoch;
    server.process_mut().kill();
    server.process_mut().wipe();
    server.process_mut().start_again().await;
    both_notice(&a, &b, old).await;
    is_told_and_healed(&a, &b, [&mut at_a, &mut at_b]).await;
}

pub(in crate::server::broker) async fn r07_r12_a_tail_that_the_engine_has_lost_is_told(
    mut server: impl Server,
) {
    let (a, b) = (server.any_node().await, server.any_node().await);
    for _ in 0..3 {
        publish(&a, "t", "kept").await;
    }
    eventually("both have it", || a.head().offset == 3 && b.head().offset == 3).await;
    server.process_mut().kill();
    server.process().save();
    server.process_mut().start_again().await;
    let again = insist(&a, "again").await;
    eventually("both are back", || a.head() == again && b.head() == again).await;
    let (mut at_a, mut at_b) = (Reader::begin(&a), Reader::begin(&b));
    let lost = insist(&a, "lost").await;
    for reader in [&mut at_a, &mut at_b] {
        assert_eq!(reader.word().await, format!("lost@{}", lost.offset));
    }
    server.process_mut().kill();
    server.process().set_back();
    server.process_mut().start_again().await;
    both_notice(&a, &b, lost.epoch).await;
    is_told_and_healed(&a, &b, [&mut at_a, &mut at_b]).await;
    // What is kept is there, and what was lost is not.
    let mut reader = Reader::resume(&b, lost).await;
    let told = reader.until("live").await;
    assert_eq!(told.matches("kept@").count(), 3, "{told}");
    assert!(
        told.starts_with("gap(epoch,") && !told.contains("lost@"),
        "{told}"
    );
}

/// What was lost was acknowledged, and the engine died before any node had read it: nobody knew of it but its publisher.
pub(in crate::server::broker) async fn r07_r12_an_event_that_was_lost_before_it_was_read_is_told(
    mut server: impl Server,
) {
    let link = Link::to(server.process().port).await;
    let hub = server.node_over(link.address, config()).await;
    publish(&hub, "t", "kept").await;
    eventually("it is read", || hub.head().offset == 1).await;
    server.process_mut().kill();
    server.process().save();
    server.process_mut().start_again().await;
    for _ in 0..3 {
        let again = insist(&hub, &format!("again {}", hub.head())).await;
        eventually("it is read", || hub.head() == again).await;
        let lost = insist(&hub, &format!("lost {}", hub.head())).await;
        link.cut();
        server.process_mut().kill();
        server.process().set_back();
        server.process_mut().start_again().await;
        link.mend();
        eventually("it was noticed", || {
            hub.head().epoch != lost.epoch && hub.is_ready()
        })
        .await;
    }
}

/// A server is set back to the same copy again and again. Its epoch is then one that was over, in which places were given that
/// are lost, and are given anew.
pub(in crate::server::broker) async fn r07_r12_a_history_that_is_set_back_twice_is_another_each_time(
    mut server: impl Server,
) {
    let (a, b) = (server.any_node().await, server.any_node().await);
    publish(&a, "t", "kept").await;
    eventually("both have it", || a.head().offset == 1 && b.head().offset == 1).await;
    server.process_mut().kill();
    server.process().save();
    server.process_mut().start_again().await;
    let mut epochs = vec![a.head().epoch];
    for n in 1..=3 {
        let lost = insist(&b, &format!("lost {n}")).await;
        eventually("both have it", || a.head() == lost && b.head() == lost).await;
        server.process_mut().kill();
        server.process().set_back();
        server.process_mut().start_again().await;
        both_notice(&a, &b, lost.epoch).await;
        eventually("both know one history", || a.head().epoch == b.head().epoch).await;
        assert!(
            !epochs.contains(&a.head().epoch),
            "{:?} again: {epochs:?}",
            a.head()
        );
        epochs.push(a.head().epoch);
        // A reader that has heard of what was lost is told, also of the first time.
        for hub in [&a, &b] {
            let told = Reader::resume(
                hub,
                Position {
                    epoch: epochs[0],
                    offset: 2,
                },
            )
            .await
            .until("live")
            .await;
            assert!(
                told.starts_with("gap(epoch,") && told.contains("kept@1"),
                "{told}"
            );
        }
    }
}

/// Whoever publishes while a history is emptied or replaced is given places that nobody was given before.
pub(in crate::server::broker) async fn r08_r12_no_place_is_given_twice_when_a_history_begins_anew(
    mut server: impl Server,
) {
    let (a, b) = (server.any_node().await, server.any_node().await);
    let mut given = Vec::new();
    for round in 0..4 {
        for n in 0..3 {
            let hub = if n % 2 == 0 { &a } else { &b };
            let place = insist(hub, &format!("{round} {n}")).await;
            assert!(!given.contains(&place), "{place} again: {given:?}");
            given.push(place);
        }
        if round % 2 == 0 {
            eventually("both have it", || {
                a.head() == given[given.len() - 1] && b.head() == a.head()
            })
            .await;
            server.empty().await;
        } else {
            server.process_mut().kill();
            server.process_mut().wipe();
            server.process_mut().start_again().await;
        }
    }
}

pub(in crate::server::broker) async fn r07_r12_a_node_that_was_away_for_longer_than_is_kept_tells_of_a_gap<
    S: Server,
>(
    server: S,
) {
    let link = Link::to(server.process().port).await;
    let (a, b) = (
        server.any_node().await,
        server.node_over(link.address, config()).await,
    );
    let mut reader = Reader::begin(&b);
    publish(&a, "t", "first").await;
    assert_eq!(reader.word().await, "first@1");
    link.cut();
    assert_eq!(reader.word().await, "upstream(down)");
    let count = 3 * S::KEPT as u64;
    for n in 0..count {
        publish(&a, "t", &n.to_string()).await;
    }
    link.mend();
    let told = reader.until(&format!("{}@", count - 1)).await;
    let told = told.replace("upstream(up) ", "");
    let (gap, rest) = told.split_once(") ").unwrap();
    let lost: u64 = gap
        .strip_prefix("gap(evicted,")
        .and_then(|gap| gap.split(',').next())
        .unwrap_or_else(|| panic!("{told}"))
        .parse()
        .unwrap();
    // All that is not lost came, in order.
    let expected: Vec<String> = (lost + 1..=count + 1)
        .map(|offset| format!("{}@{offset}", offset - 2))
        .collect();
    assert_eq!(rest, expected.join(" "));
}

pub(in crate::server::broker) async fn r11_an_event_that_is_missing_in_the_engine_is_told(
    server: impl Server,
) {
    let link = Link::to(server.process().port).await;
    let (a, b) = (
        server.any_node().await,
        server.node_over(link.address, config()).await,
    );
    let mut reader = Reader::begin(&b);
    publish(&a, "t", "1").await;
    assert_eq!(reader.word().await, "1@1");
    link.cut();
    assert_eq!(reader.word().await, "upstream(down)");
    for n in 2..=4 {
        publish(&a, "t", &n.to_string()).await;
    }
    server.take_out(3).await;
    link.mend();
    let heard = reader.until("4@").await;
    assert_eq!(heard.matches("gap(evicted,3,").count(), 1, "{heard}");
    let events: Vec<_> = heard.split(' ').filter(|word| word.contains('@')).collect();
    assert_eq!(events, ["2@2", "4@4"], "{heard}");
    // Those who come to either node with an old position are told, or get it from the node that has it.
    let later = server.any_node().await;
    let told = Reader::resume(
        &later,
        Position {
            offset: 1,
            ..a.head()
        },
    )
    .await
    .until("live")
    .await;
    assert!(
        told.starts_with("gap(evicted,3,1)") && told.contains("4@4"),
        "{told}"
    );
}
