//! The stage of hubs that several processes share: the library with the features `redis` and `nats`, and real servers.
//!
//! Of the tests only those of the brokers run, because the others ran before without the features. Several processes of the
//! showcase are tested in a browser, with the dev site.

use anyhow::{Result, bail};

use super::Context;
use super::cargo_stages::{cargo, cargo_tests, check, native_tests};
use super::counts::Counts;
use crate::process::Process;
use crate::setup::engines::Engine;
use crate::workspace::Flags;

const LIBRARY: &str = "-p leptos-live --features ssr,redis,nats";

/// More than this machine has processors: two of the tests are half a minute of chaos, one for each engine, and come first;
/// the others run beside them.
const THREADS: &str = "--test-threads=4";

/// Lints and tests.
pub(super) fn run(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    let tests = native_tests(context, Flags::Plain).words(LIBRARY);
    let tests = tests.words("--lib -- server::broker").argument(THREADS);
    let (tests, missing) = on_engines(context, tests);
    let target = context.workspace.native_target(Flags::Plain);
    let clippy = cargo(context, "clippy").words(LIBRARY).argument("--all-targets");
    let clippy = clippy.argument("--target-dir").path(&target);
    check(&clippy.words("-- -D warnings"), counts)?;
    cargo_tests(&tests, counts)?;
    counts.skipped += missing.len();
    if !missing.is_empty() && std::env::var_os("CI").is_some() {
        bail!(
            "continuous integration skips nothing, and there is no {}",
            missing.join(" and no ")
        );
    }
    Ok(())
}

/// Tells the tests where the engines are, and returns the names of those that are missing, which must be seen.
pub(super) fn on_engines(context: &Context<'_>, mut tests: Process) -> (Process, Vec<&'static str>) {
    let mut missing = Vec::new();
    for engine in Engine::ALL {
        match context.tools.engine(engine) {
            Ok(program) => tests = tests.set(engine.variable(), program.to_string_lossy()),
            Err(error) => {
                println!(
                    "\n!!! NOT TESTED: several processes on {} ({error:#}) !!!",
                    engine.feature()
                );
                missing.push(engine.program());
            }
        }
    }
    (tests, missing)
}
