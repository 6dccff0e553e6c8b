//! Everything at once: publishers and readers on two nodes, readers that move, and an engine that is killed, stopped and cut
//! off meanwhile. What was received is compared with what was published.
//!
//! It takes as long as it is told to, so both engines suffer at once, and beside the other tests: a run takes them in the order
//! of their names, and these come first.
//!
//! `LEPTOS_LIVE_CHAOS_SECONDS=600` makes it longer, as `cargo xtask soak` does; `LEPTOS_LIVE_CHAOS_SEED=…` repeats what is done to
//! the engine.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::contract::config;
use super::engine_tests::{Link, Server, insist};
use super::nats_tests::Nats;
use super::redis_tests::Redis;
use crate::server::random::{random_u64, random_up_to};
use crate::server::tests::topic;
use crate::server::{Delivery, Hub, Resume};
use crate::wire::{Control, Position, SseDecoder};

const SECONDS: u64 = 30;
const READERS: usize = 8;

/// So few events a second that the engine keeps those of its longest outage.
const PACE: Duration = Duration::from_millis(25);

/// How long a reader may take for what is left, once there is peace.
const PEACE: Duration = Duration::from_secs(15);

/// How many events there are of each publisher.
type Counts = BTreeMap<String, usize>;

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

/// What readers have got, and what was wrong with it.
#[derive(Default)]
struct Tally {
    /// The last number of each publisher.
    last: Counts,
    received: usize,
    moves: usize,
    /// Doubles, wrong orders and gaps, in words.
    wrong: Vec<String>,
}

impl Tally {
    fn take(&mut self, data: &str, position: Position) {
        let (name, number) = data.split_once(':').unwrap();
        let number: usize = number.parse().unwrap();
        let last = self.last.entry(name.to_owned()).or_default();
        if number == *last + 1 {
            self.received += 1;
        } else {
            self.wrong
                .push(format!("{name}:{number} at {position}, after {name}:{last}"));
        }
        *last = number.max(*last);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            received,
            moves,
            wrong,
            ..
        } = self;
        write!(
            f,
            "received {received}, {} wrong, over {moves} moves",
            wrong.len()
        )?;
        wrong
            .iter()
            .take(5)
            .try_for_each(|what| write!(f, "\n    {what}"))
    }
}

/// A reader that stays nowhere for long.
struct Wanderer {
    nodes: [Hub; 2],
    at: Position,
    tally: Arc<Mutex<Tally>>,
}

impl Wanderer {
    /// Until it has what is wanted, once that is known.
    async fn wander(mut self, wanted: Arc<Mutex<Option<Counts>>>) {
        loop {
            let hub = self.nodes[random_up_to(1) as usize].clone();
            if hub.catch_up_with(Resume::At(self.at)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
                continue;
            }
            self.tally.lock().unwrap().moves += 1;
            let mut stream = hub.subscribe([topic("t")], Resume::At(self.at)).unwrap();
            let until = Instant::now() + Duration::from_millis(20 + u64::from(random_up_to(400)));
            while let Ok(Some(delivery)) =
                timeout(until.saturating_duration_since(Instant::now()), stream.next()).await
            {
                self.take(&delivery);
            }
            if wanted.lock().unwrap().as_ref() == Some(&self.tally.lock().unwrap().last) {
                return;
            }
        }
    }

    fn take(&mut self, delivery: &Delivery) {
        let mut tally = self.tally.lock().unwrap();
        match delivery {
            Delivery::Event { bytes, position } => {
                let data = SseDecoder::default().push(bytes).remove(0).data;
                tally.take(&data, *position);
                self.at = *position;
            }
            Delivery::Control(Control::Heartbeat(at) | Control::Live(at)) => self.at = *at,
            Delivery::Control(Control::Gap(gap)) => {
                let at = self.at;
                tally.wrong.push(format!("{gap:?} at {at}, and nothing was lost"));
            }
            Delivery::Control(_) => {}
        }
    }
}

/// Does something to the engine or to the way there, again and again.
async fn torment(server: &mut impl Server, link: &Link, mut dice: Dice, time: Duration) {
    let end = Instant::now() + time;
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
}

async fn mixed_chaos<S: Server>(name: &str) {
    let Some(mut server) = S::begin().await else {
        return;
    };
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("LEPTOS_LIVE_CHAOS_SECONDS").unwrap_or(SECONDS);
    let seed = number("LEPTOS_LIVE_CHAOS_SEED").unwrap_or_else(random_u64);
    let link = Link::to(server.process().port).await;
    let nodes = [
        server.any_node().await,
        server.node_over(link.address, config()).await,
    ];
    let wanted = Arc::<Mutex<Option<Counts>>>::default();
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let tally = Arc::<Mutex<Tally>>::default();
            let wanderer = Wanderer {
                nodes: nodes.clone(),
                at: nodes[0].head(),
                tally: tally.clone(),
            };
            (tally, tokio::spawn(wanderer.wander(wanted.clone())))
        })
        .collect();
    let is_over = Arc::<AtomicBool>::default();
    let publishers =
        [("a", 0), ("b", 1)].map(|(name, node)| publish_on(nodes[node].clone(), name, is_over.clone()));
    torment(&mut server, &link, Dice(seed), Duration::from_secs(seconds)).await;
    is_over.store(true, Ordering::Relaxed);
    let mut published = Counts::new();
    for (name, publisher) in ["a", "b"].into_iter().zip(publishers) {
        published.insert(name.to_owned(), publisher.await.unwrap());
    }
    let expected: usize = published.values().sum();
    *wanted.lock().unwrap() = Some(published);
    let (mut received, mut wrong, mut moves) = (0, 0, 0);
    let peace = Instant::now() + PEACE;
    for (tally, reader) in readers {
        // What it has got by then is judged, whether it is all or not.
        let _ = timeout(peace.saturating_duration_since(Instant::now()), reader).await;
        let tally = tally.lock().unwrap();
        if tally.received != expected || !tally.wrong.is_empty() {
            println!("a reader on {name}, of {expected} expected: {tally}");
        }
        received += tally.received;
        wrong += tally.wrong.len();
        moves += tally.moves;
    }
    let expected = expected * READERS;
    // Past the test harness, which would show it only where it is wrong.
    let _ = writeln!(
        std::io::stdout(),
        "chaos on {name} for {seconds} s, LEPTOS_LIVE_CHAOS_SEED={seed}: received {received} of {expected} expected, \
         {wrong} wrong, by {READERS} readers over {moves} moves"
    );
    assert!(
        received == expected && wrong == 0,
        "chaos on {name}: what was received is not what is expected"
    );
    assert!(
        moves > 20 && expected > 20 * READERS,
        "{expected} events and {moves} moves prove little"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r31_r32_mixed_chaos_loses_and_doubles_nothing_on_nats() {
    mixed_chaos::<Nats>("nats").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r31_r32_mixed_chaos_loses_and_doubles_nothing_on_redis() {
    mixed_chaos::<Redis>("redis").await;
}
