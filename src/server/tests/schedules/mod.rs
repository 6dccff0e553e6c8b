//! The measure of the whole: whatever fails in between, a page gets every event once and in order, or is told exactly
//! what it has missed.
//!
//! A schedule is a random list of what people, networks and servers do. It is played on the real hub, the real body of
//! the endpoint's answer, and the rules by which connections and sources live in the browser: `Machine`, `Progress` and
//! `Cursor`. What stands between them is a network in memory that loses, delays, doubles and cuts at any byte; time is
//! paused and jumps. So thousands of schedules take seconds. proptest prints the schedule that fails, made as short as
//! it can be, and its seed.
//!
//! The same schedules are played on two nodes and a real engine that fails: `broker/engine_tests/schedules.rs`.
//!
//! `LEPTOS_LIVE_SCHEDULES=100000` plays more of them. Each run plays others; `PROPTEST_RNG_SEED=…` the same again.

mod nodes;
pub(super) mod page;
mod peace;
pub(super) mod source;
pub(crate) mod step;
pub(crate) mod truth;
pub(crate) mod world;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use step::{Settings, Step, any_settings, any_step};
use world::World;

/// How many schedules the usual test path plays.
const SCHEDULES: u32 = 3_000;

/// The page that is left when a schedule is over and peace has returned, if all is as it should be.
fn play(settings: Settings, steps: &[Step]) -> Result<World, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    // Nothing here waits for anything but the clock, so nothing needs to yield to others.
    runtime.block_on(tokio::task::unconstrained(async {
        let mut world = World::new(settings);
        for step in steps {
            world.take(step).await?;
        }
        world.settle().await?;
        world.check_bounds()?;
        Ok(world)
    }))
}

#[test]
fn r04_r05_r06_r07_r15_r32_received_is_expected_or_a_gap_says_what_is_missing() {
    let asked = std::env::var("LEPTOS_LIVE_SCHEDULES").ok();
    let mut runner = TestRunner::new(Config {
        cases: asked.and_then(|text| text.parse().ok()).unwrap_or(SCHEDULES),
        max_shrink_iters: 20_000,
        source_file: Some(file!()),
        ..Config::default()
    });
    let (events, gaps, connections) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let schedules = (any_settings(), prop::collection::vec(any_step(), 1..80));
    let played = runner.run(&schedules, |(settings, steps)| {
        let world = play(settings, &steps).map_err(TestCaseError::fail)?;
        let (more_events, more_gaps, more_connections) = world.counts();
        events.set(events.get() + more_events);
        gaps.set(gaps.get() + more_gaps);
        connections.set(connections.get() + more_connections);
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}\n{runner}");
    }
    // Or it would prove nothing.
    let counts = (events.get(), gaps.get(), connections.get());
    println!("events, gaps and connections of all sources: {counts:?}");
    assert!(
        counts.0 > 20_000 && counts.1 > 200 && counts.2 > 3_000,
        "{counts:?}"
    );
}
