//! The schedules of one node, `tests/schedules`, on two nodes and an engine that fails: the same page, the same people and the
//! same measure, and between their steps the engine is cut off, slow, stopped, killed, emptied, set back and replaced, and
//! nodes are.
//!
//! A seed decides the steps; real processes decide how long they take. What fails is printed with its seed and its steps.
//! `LEPTOS_LIVE_ENGINE_SCHEDULES=1000` plays more of them, `LEPTOS_LIVE_ENGINE_SEED=…` one again, and with
//! `LEPTOS_LIVE_ENGINE_STEPS=12` no more than its first twelve steps, to find the shortest that fails.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::engine_step::{EngineStep, schedule};
use super::{Link, Server};
use crate::server::random::random_u64;
use crate::server::tests::schedules::step::Settings;
use crate::server::tests::schedules::world::{World, config, declare};

/// How many schedules the usual test path plays.
const SCHEDULES: u64 = 10;

/// So many at once: they wait more than they work.
const AT_ONCE: u64 = 5;

/// A node says within this time that its engine is out of reach, and that it is back.
const SAYS_WITHIN: Duration = Duration::from_secs(10);

/// An engine with two nodes, of which the second comes by a link, and the page.
struct Scene<S> {
    settings: Settings,
    server: S,
    link: Link,
    is_cut: bool,
    is_stopped: bool,
    is_dead: bool,
    is_saved: bool,
    world: World,
}

impl<S: Server> Scene<S> {
    async fn new(settings: Settings, server: S) -> Self {
        let link = Link::to(server.process().port).await;
        let mut hubs = Vec::new();
        for address in [server.address(), link.address] {
            let hub = S::connect(address, config(settings)).await;
            declare(&hub);
            hubs.push(hub);
        }
        Self {
            settings,
            server,
            link,
            is_cut: false,
            is_stopped: false,
            is_dead: false,
            is_saved: false,
            world: World::of_nodes(settings, hubs),
        }
    }

    fn engine_works(&self) -> bool {
        !self.is_stopped && !self.is_dead
    }

    fn reaches_engine(&self, node: usize) -> bool {
        self.engine_works() && !(node == 1 && self.is_cut)
    }

    fn kill(&mut self) {
        self.server.process_mut().kill();
        (self.is_dead, self.is_stopped) = (true, false);
    }

    async fn start_again(&mut self) {
        if self.is_dead {
            self.server.process_mut().start_again().await;
            self.is_dead = false;
        }
    }

    fn go_on(&mut self) {
        if self.is_stopped {
            self.server.process().signal("CONT");
            self.is_stopped = false;
        }
    }

    fn mend(&mut self) {
        self.link.mend();
        self.is_cut = false;
    }

    async fn take(&mut self, step: &EngineStep) -> Result<(), String> {
        match *step {
            EngineStep::Usual(ref step) => self.world.take(step).await?,
            EngineStep::Turn { serving, working } => self.world.turn(serving, working),
            EngineStep::Cut => {
                self.link.cut();
                self.is_cut = true;
            }
            EngineStep::Mend => self.mend(),
            EngineStep::Slow { milliseconds } => self.link.delay(Duration::from_millis(milliseconds)),
            EngineStep::Stop if self.engine_works() => {
                self.server.process().signal("STOP");
                self.is_stopped = true;
            }
            EngineStep::Continue => self.go_on(),
            EngineStep::Kill => self.kill(),
            EngineStep::StartAgain => self.start_again().await,
            EngineStep::Empty if self.engine_works() => {
                self.server.empty().await;
                self.world.truth.repeats_places |= S::REPEATS_PLACES;
            }
            EngineStep::Forget if self.engine_works() => {
                self.server.forget().await;
                self.world.truth.has_lost_values = true;
                self.world.truth.has_old_values = true;
            }
            EngineStep::Save => {
                self.kill();
                self.server.process().save();
                self.is_saved = true;
                self.start_again().await;
            }
            EngineStep::SetBack if self.is_saved => {
                self.kill();
                self.server.process().set_back();
                self.world.truth.repeats_places = true;
                self.start_again().await;
            }
            EngineStep::Replace => {
                self.kill();
                self.server.process().wipe();
                self.start_again().await;
            }
            EngineStep::NewNode { node } if self.reaches_engine(node) => {
                self.notice().await?;
                let address = [self.server.address(), self.link.address][node];
                // One that is started before the engine answers is started again by its supervisor.
                for _ in 0..20 {
                    if let Ok(hub) = S::try_to_connect(address, config(self.settings)).await {
                        declare(&hub);
                        self.world.replace(node, hub);
                        return Ok(());
                    }
                    sleep(Duration::from_millis(25)).await;
                }
                return Err(format!("node {node} does not start"));
            }
            EngineStep::Notice => self.notice().await?,
            EngineStep::Pause { milliseconds } => sleep(Duration::from_millis(milliseconds)).await,
            EngineStep::Stop
            | EngineStep::Empty
            | EngineStep::Forget
            | EngineStep::SetBack
            | EngineStep::NewNode { .. } => {}
        }
        self.world.learn();
        Ok(())
    }

    /// Waits until each node is ready, or is not, as it should be.
    async fn notice(&mut self) -> Result<(), String> {
        let began = Instant::now();
        loop {
            self.world.learn();
            let are_ready: Vec<_> = self
                .world
                .hubs()
                .iter()
                .map(crate::server::Hub::is_ready)
                .collect();
            let should_be = [0, 1].map(|node| self.reaches_engine(node));
            if are_ready == should_be {
                return Ok(());
            }
            if began.elapsed() > SAYS_WITHIN {
                return Err(format!(
                    "nodes are ready: {are_ready:?}, and should be: {should_be:?}"
                ));
            }
            sleep(Duration::from_millis(2)).await;
        }
    }

    /// Peace returns.
    async fn settle(&mut self) -> Result<(), String> {
        self.link.delay(Duration::ZERO);
        self.mend();
        self.go_on();
        self.start_again().await;
        self.notice().await?;
        self.world.settle().await?;
        let began = Instant::now();
        while self.world.hubs()[0].head() != self.world.hubs()[1].head() {
            if began.elapsed() > SAYS_WITHIN {
                let heads: Vec<_> = self.world.hubs().iter().map(crate::server::Hub::head).collect();
                return Err(format!("the nodes have two histories: {heads:?}"));
            }
            sleep(Duration::from_millis(2)).await;
        }
        self.world.check_bounds()
    }
}

/// Plays the schedule of a seed; returns how many events, gaps and connections that were.
fn play<S: Server>(seed: u64, most_steps: usize) -> Result<(usize, usize, u64), String> {
    let (settings, mut steps) = schedule(seed);
    steps.truncate(most_steps);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = S::begin().await.ok_or("no engine")?;
        let mut scene = Scene::new(settings, server).await;
        let mut story = format!("{settings:?}");
        let mut outcome = Ok(());
        for (number, step) in steps.iter().enumerate() {
            let _ = write!(story, "\n{:3} {step:?}", number + 1);
            outcome = scene.take(step).await;
            if outcome.is_err() {
                break;
            }
        }
        if outcome.is_ok() {
            story.push_str("\n    peace");
            outcome = scene.settle().await;
        }
        outcome.map_err(|error| format!("LEPTOS_LIVE_ENGINE_SEED={seed}: {error}\n{story}"))?;
        Ok(scene.world.counts())
    })
}

pub(in crate::server::broker) async fn r04_r05_r06_r07_r12_r15_r32_received_is_expected_whatever_the_engine_does<
    S: Server,
>(
    server: S,
) {
    // Each schedule has an engine of its own.
    drop(server);
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let only = number("LEPTOS_LIVE_ENGINE_SEED");
    let count = number("LEPTOS_LIVE_ENGINE_SCHEDULES").unwrap_or(if only.is_some() { 1 } else { SCHEDULES });
    let most_steps = number("LEPTOS_LIVE_ENGINE_STEPS").map_or(usize::MAX, |steps| steps as usize);
    let first = only.unwrap_or_else(random_u64);
    println!("LEPTOS_LIVE_ENGINE_SEED={first}, and the {count} after it");
    let (next, sums, failed) = (AtomicU64::new(0), Mutex::new((0, 0, 0)), Mutex::new(Vec::new()));
    let played = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            let played = play::<S>(first.wrapping_add(number), most_steps);
            let mut sums = sums.lock().unwrap();
            match played {
                Ok((events, gaps, connections)) => {
                    sums.0 += events;
                    sums.1 += gaps;
                    sums.2 += connections;
                }
                Err(error) => failed.lock().unwrap().push(error),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(count) {
            scope.spawn(played);
        }
    });
    let sums = sums.into_inner().unwrap();
    println!("events, gaps and connections of all sources: {sums:?}");
    let failed = failed.into_inner().unwrap();
    assert!(
        failed.is_empty(),
        "{} of {count} failed\n\n{}",
        failed.len(),
        failed.join("\n\n")
    );
    // Or it would prove nothing.
    assert!(only.is_some() || sums.0 as u64 > 10 * count, "{sums:?}");
}
