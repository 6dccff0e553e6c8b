//! The stage of hubs that several processes share: the library with the features `redis` and `nats`, and real servers.
//!
//! Of the tests only those of the brokers run, because the others ran before without the features.

use anyhow::{Result, bail};

use super::Context;
use super::cargo_stages::{behind_nginx, cargo, cargo_tests, check, native_tests};
use super::counts::Counts;
use crate::setup::engines::Engine;
use crate::workspace::Flags;

const LIBRARY: &str = "-p leptos-live --features ssr,redis,nats";

/// Lints and tests.
pub(super) fn run(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    let tests = native_tests(context, Flags::Plain).words(LIBRARY);
    let mut tests = behind_nginx(context, tests.words("--lib -- server::broker"));
    let mut missing = Vec::new();
    if context.tools.nginx().is_err() {
        // `behind_nginx` has said so. The tests of two processes would pass without it.
        missing.push("nginx");
    }
    for engine in Engine::ALL {
        match context.tools.engine(engine) {
            Ok(program) => tests = tests.set(engine.variable(), program.to_string_lossy()),
            Err(error) => {
                println!(
                    "\n!!! NOT TESTED: the broker on {} ({error:#}) !!!",
                    engine.feature()
                );
                missing.push(engine.program());
            }
        }
    }
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
