//! `cargo xtask soak`: the hub's server under everything at once, for as long as one likes, and then two nodes on each engine.
//!
//! What it does stands in `src/server/tests/soak`: these are tests of the library that `cargo test` leaves out, because they
//! want the machine for themselves. What it does to nodes and engines stands in `src/server/broker/chaos_tests.rs`; the two
//! engines suffer at once. A dev build is what `cargo xtask test` has made anyway, and checks its own arithmetic;
//! how much memory a connection takes and how fast it is opened is better asked of a release build.

use anyhow::{Result, bail};

use crate::process::Process;
use crate::setup::Tools;
use crate::setup::engines::Engine;
use crate::workspace::{Flags, SHOWCASE, Workspace};

/// The tests, each with its lines of progress.
const TESTS: [&str; 2] = [
    "server::tests::soak::r31_r32_in_mixed_chaos_received_is_expected_and_levels_return",
    "server::tests::soak::r16_r19_r35_thousands_of_streams_are_held_and_come_back_spread",
];

/// Those of the engines, half a minute long where nobody says how long.
const ON_ENGINES: &str = "server::broker::chaos_tests";

/// What `soak` may be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// How long chaos reigns: on one server, and then as long on two nodes of each engine.
    pub(crate) minutes: u64,
    /// Decides what happens; unless given, the clock does.
    pub(crate) seed: Option<u64>,
    /// How many streams are held; unless given, as many as the limit of open files allows, and at most 20,000.
    pub(crate) connections: Option<u64>,
    /// A release build instead of a dev build.
    pub(crate) release: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            minutes: 5,
            seed: None,
            connections: None,
            release: false,
        }
    }
}

/// Builds and runs it; an error if anything was lost, doubled or kept.
pub(crate) fn run(workspace: &Workspace, tools: &Tools, options: &Options) -> Result<()> {
    let on_engines = on_engines(workspace, tools, options)?;
    let connections = options.connections.map(|count| count.to_string());
    let mut soak = command(workspace, options.release)
        .set("SOAK_SECONDS", (options.minutes * 60).to_string())
        .set(
            "SOAK_CONNECTIONS",
            connections.unwrap_or_else(|| "most".to_owned()),
        );
    if let Some(seed) = options.seed {
        soak = soak.set("SOAK_SEED", seed.to_string());
    }
    if !soak.succeeds()? {
        bail!("the soak has found something; its seed stands above");
    }
    if !on_engines.succeeds()? {
        bail!("the soak of two nodes on each engine has found something; its seed stands above");
    }
    Ok(())
}

/// Chaos on two nodes and each engine, as long as that of one server. A missing engine is an error before the first hour.
fn on_engines(workspace: &Workspace, tools: &Tools, options: &Options) -> Result<Process> {
    let mut chaos = tests(workspace, options.release, "ssr,redis,nats")
        .words("-- --nocapture --test-threads=2")
        .argument(ON_ENGINES)
        .set("LEPTOS_LIVE_CHAOS_SECONDS", (options.minutes * 60).to_string());
    for engine in Engine::ALL {
        chaos = chaos.set(engine.variable(), tools.engine(engine)?.to_string_lossy());
    }
    Ok(match options.seed {
        Some(seed) => chaos.set("LEPTOS_LIVE_CHAOS_SEED", seed.to_string()),
        None => chaos,
    })
}

/// The tests as `cargo xtask test` runs them, for half a minute.
pub(crate) fn command(workspace: &Workspace, release: bool) -> Process {
    tests(workspace, release, "ssr")
        .words("-- --ignored --exact --nocapture --test-threads=1")
        .arguments(TESTS)
}

fn tests(workspace: &Workspace, release: bool, features: &str) -> Process {
    Process::new("cargo")
        .words("test -p leptos-live --lib --features")
        .argument(features)
        .arguments(release.then_some("--release"))
        .argument("--target-dir")
        .path(&workspace.native_target(Flags::Plain))
        .folder(workspace.root())
        .set("LEPTOS_OUTPUT_NAME", SHOWCASE)
}
