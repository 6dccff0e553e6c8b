//! Many readers at once, who are cut off and move.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::{Ground, Reader};
use crate::server::tests::{eventually, publish, topic};
use crate::server::{Hub, Resume};
use crate::wire::Position;

/// Reads so many events on one node after the other, each until it ends the stream, and counts that as a move; returns what came,
/// and how many streams that took.
fn read_all(
    count: usize,
    nodes: [Hub; 2],
    from: Position,
    moves: &Arc<AtomicUsize>,
) -> JoinHandle<(Vec<String>, usize)> {
    // It is there before anything is published.
    let subscription = nodes[0].subscribe([topic("t")], Resume::At(from)).unwrap();
    let mut reader = Reader { subscription };
    let moves = Arc::clone(moves);
    tokio::spawn(async move {
        let (mut got, mut streams) = (Vec::new(), 1);
        while got.len() < count {
            let word = reader.word().await;
            match word.split_once('@') {
                Some((data, _)) => got.push(data.to_owned()),
                None if word == "end" => {
                    let at = reader.subscription.position();
                    reader = Reader::resume(&nodes[streams % 2], at).await;
                    streams += 1;
                    moves.fetch_add(1, Ordering::Relaxed);
                }
                None => assert!(!word.starts_with("gap"), "{word} after {got:?}"),
            }
        }
        (got, streams)
    })
}

fn numbers(count: usize) -> Vec<String> {
    (1..=count).map(|n| n.to_string()).collect()
}

pub(in crate::server::broker) async fn r05_readers_who_are_cut_off_again_and_again_move_and_miss_nothing(
    ground: impl Ground,
) {
    const EVENTS: usize = 200;
    const READERS: usize = 40;
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let readers: Vec<_> = (0..READERS)
        .map(|n| {
            let nodes = if n % 2 == 0 { [&a, &b] } else { [&b, &a] };
            read_all(EVENTS, nodes.map(Clone::clone), a.head(), &Arc::default())
        })
        .collect();
    for n in 1..=EVENTS {
        publish(if n % 2 == 0 { &a } else { &b }, "t", &n.to_string()).await;
        if n % 20 == 0 {
            a.disconnect_all();
            b.disconnect_all();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    let mut streams = 0;
    for reader in readers {
        let (got, count) = reader.await.unwrap();
        assert_eq!(got, numbers(EVENTS));
        streams += count;
    }
    assert!(streams > 3 * READERS, "{streams} streams are no storm");
}

pub(in crate::server::broker) async fn r17_r19_all_readers_of_a_node_that_ends_read_on_at_the_other(
    ground: impl Ground,
) {
    const EVENTS: usize = 40;
    const READERS: usize = 1_000;
    let (a, b) = (ground.any_node().await, ground.any_node().await);
    let moves = Arc::default();
    let readers: Vec<_> = (0..READERS)
        .map(|_| read_all(EVENTS, [a.clone(), b.clone()], a.head(), &moves))
        .collect();
    for n in 1..=EVENTS {
        publish(&b, "t", &n.to_string()).await;
        if n == EVENTS / 2 {
            a.disconnect_all();
            // Whoever has not looked yet could be given the other half by the node that ends.
            eventually("all have moved", || moves.load(Ordering::Relaxed) == READERS).await;
        }
    }
    for reader in readers {
        let (got, streams) = reader.await.unwrap();
        assert_eq!((got, streams), (numbers(EVENTS), 2));
    }
}
