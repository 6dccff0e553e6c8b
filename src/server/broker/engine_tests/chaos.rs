//! Everything at once: publishers and readers on two nodes, readers that move, and an engine that is killed, stopped and cut
//! off meanwhile. What was received is compared with what was published.
//!
//! `LEPTOS_LIVE_CHAOS_SECONDS=600` makes it longer, `LEPTOS_LIVE_CHAOS_SEED=…` repeats what is done to the engine.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::cut_off::insist;
use super::{Link, Server};
use crate::server::broker::contract::config;
use crate::server::random::{random_u64, random_up_to};
use crate::server::tests::topic;
use crate::server::{Delivery, Hub, Resume};
use crate::wire::{Control, Position, SseDecoder};

/// So few events a second that the engine keeps those of its longest outage.
const PACE: Duration = Duration::from_millis(25);

/// Numbers that a seed decides.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % (most + 1)
    }

    fn milliseconds(&mut self, most: u64) -> Duration {
        Duration::from_millis(self.up_to(most))
    }
}

/// Publishes one event after the other, each until it is taken, and returns how many.
fn publish_on(hub: Hub, name: &'static str, is_over: Arc<AtomicBool>) -> JoinHandle<usize> {
    tokio::spawn(async move {
        let mut count = 0;
        while !is_over.load(Ordering::Relaxed) {
            count += 1;
            insist(&hub, &format!("{name}:{count}")).await;
            sleep(PACE).await;
        }
        count
    })
}

/// A reader that stays nowhere for long: what it has got of each publisher, which has to be in order and without a hole.
struct Wanderer {
    nodes: [Hub; 2],
    at: Position,
    got: BTreeMap<String, usize>,
    moves: usize,
}

impl Wanderer {
    async fn wander(mut self, wanted: Arc<std::sync::Mutex<Option<BTreeMap<String, usize>>>>) -> usize {
        loop {
            let hub = self.nodes[random_up_to(1) as usize].clone();
            if hub.catch_up_with(Resume::At(self.at)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
                continue;
            }
            self.moves += 1;
            let mut stream = hub.subscribe([topic("t")], Resume::At(self.at)).unwrap();
            let until = Instant::now() + Duration::from_millis(20 + u64::from(random_up_to(400)));
            while let Ok(Some(delivery)) =
                timeout(until.saturating_duration_since(Instant::now()), stream.next()).await
            {
                self.take(&delivery);
            }
            if wanted.lock().unwrap().as_ref() == Some(&self.got) {
                return self.moves;
            }
        }
    }

    fn take(&mut self, delivery: &Delivery) {
        match delivery {
            Delivery::Event { bytes, position } => {
                let data = SseDecoder::default().push(bytes).remove(0).data;
                let (name, number) = data.split_once(':').unwrap();
                let before = self
                    .got
                    .insert(name.to_owned(), number.parse().unwrap())
                    .unwrap_or(0);
                assert_eq!(
                    number.parse(),
                    Ok(before + 1),
                    "{name} at {position}, after {before}"
                );
                self.at = *position;
            }
            Delivery::Control(Control::Heartbeat(at) | Control::Live(at)) => self.at = *at,
            Delivery::Control(Control::Gap(gap)) => panic!("{gap:?} at {}, and nothing was lost", self.at),
            Delivery::Control(_) => {}
        }
    }
}

pub(in crate::server::broker) async fn r31_r32_mixed_chaos_loses_and_doubles_nothing(
    mut server: impl Server,
) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("LEPTOS_LIVE_CHAOS_SECONDS").unwrap_or(5);
    let seed = number("LEPTOS_LIVE_CHAOS_SEED").unwrap_or_else(random_u64);
    println!("LEPTOS_LIVE_CHAOS_SEED={seed}");
    let mut dice = Dice(seed);
    let link = Link::to(server.process().port).await;
    let nodes = [
        server.any_node().await,
        server.node_over(link.address, config()).await,
    ];
    let wanted = Arc::new(std::sync::Mutex::new(None));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let wanderer = Wanderer {
                nodes: nodes.clone(),
                at: nodes[0].head(),
                got: BTreeMap::new(),
                moves: 0,
            };
            tokio::spawn(wanderer.wander(wanted.clone()))
        })
        .collect();
    let is_over = Arc::<AtomicBool>::default();
    let publishers =
        [("a", 0), ("b", 1)].map(|(name, node)| publish_on(nodes[node].clone(), name, is_over.clone()));
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        match dice.up_to(3) {
            0 => {
                server.process_mut().kill();
                sleep(dice.milliseconds(300)).await;
                server.process_mut().start_again().await;
            }
            1 => {
                server.process().signal("STOP");
                sleep(dice.milliseconds(800)).await;
                server.process().signal("CONT");
            }
            2 => {
                link.cut();
                sleep(dice.milliseconds(300)).await;
                link.mend();
            }
            _ => link.delay(dice.milliseconds(30)),
        }
        sleep(dice.milliseconds(400)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    let mut published = BTreeMap::new();
    for (name, publisher) in ["a", "b"].into_iter().zip(publishers) {
        published.insert(name.to_owned(), publisher.await.unwrap());
    }
    assert!(published.values().all(|count| *count > 10), "{published:?}");
    *wanted.lock().unwrap() = Some(published);
    let mut moves = 0;
    for reader in readers {
        let moved = timeout(Duration::from_secs(15), reader).await;
        moves += moved
            .expect("everything within fifteen seconds of peace")
            .unwrap();
    }
    assert!(moves > 20, "{moves} moves prove little");
}
