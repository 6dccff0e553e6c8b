//! The stages that are cargo commands: formatting, lints, native tests, documentation.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::Context;
use super::counts::Counts;
use crate::deny;
use crate::process::Process;
use crate::setup::nginx;
use crate::soak;
use crate::workspace::{Flags, SHOWCASE, WASM_TARGET};

/// Far more than compiling and running takes: a test that hangs must not hold the run for ever.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// `cargo fmt`.
pub(super) fn fmt(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    context.tools.components()?;
    let fmt = Process::new("cargo")
        .words("fmt --all --check")
        .folder(context.workspace.root());
    check(&fmt, counts)
}

/// `cargo deny`, but for the advisories: their list is not within reach of every machine, and a new one is no fault of
/// the change that is tested.
pub(super) fn deny(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    context.tools.cargo_deny()?;
    check(&deny::cargo_deny(context.workspace, deny::OFFLINE), counts)
}

/// `cargo clippy` for each side on its own: the features of server and browser exclude each other.
pub(super) fn clippy(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    context.tools.components()?;
    context.tools.wasm_target()?;
    let clippy = |words: &str, target: &Path| {
        let clippy = cargo(context, "clippy").words(words).argument("--target-dir");
        clippy.path(target).words("-- -D warnings")
    };
    let server = [
        "-p leptos-live --features ssr --all-targets",
        "-p showcase --features ssr --bins",
        "-p xtask --all-targets",
        "-p leptos-live-bench-server --all-targets",
    ]
    .map(|words| clippy(words, &context.workspace.native_target(Flags::Plain)));
    let browser = [
        "-p leptos-live --features hydrate",
        "-p leptos-live --features csr",
        "-p showcase --lib --features hydrate",
    ]
    .map(|words| {
        let words = format!("{words} --target {WASM_TARGET}");
        clippy(&words, &context.workspace.wasm_target(Flags::Plain))
    });
    // Most of the time it is one crate that is looked at, by one processor: the sides have folders of their own.
    let (server, browser) = thread::scope(|scope| {
        let browser = scope.spawn(|| all(&browser));
        let server = all(&server);
        (
            server,
            browser.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    });
    *counts += server?;
    *counts += browser?;
    Ok(())
}

/// Runs each of them, whatever came of those before it.
fn all(checks: &[Process]) -> Result<Counts> {
    let mut counts = Counts::default();
    for process in checks {
        check(process, &mut counts)?;
    }
    Ok(counts)
}

/// `cargo test` of all packages.
pub(super) fn native(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    for words in [
        "-p leptos-live --features ssr",
        "-p showcase --features ssr",
        "-p xtask",
    ] {
        let tests = behind_nginx(context, native_tests(context, Flags::Plain).words(words));
        cargo_tests(&tests, counts)?;
    }
    Ok(())
}

/// Tells the tests where nginx is. Without it they pass without having tested that, which must be seen.
pub(super) fn behind_nginx(context: &Context<'_>, tests: Process) -> Process {
    match context.tools.nginx() {
        Ok(program) => tests.set(nginx::VARIABLE, program.to_string_lossy()),
        Err(error) => {
            println!("\n!!! NOT TESTED: what is behind nginx ({error:#}) !!!");
            tests
        }
    }
}

/// The tests of the library that want the machine for themselves.
pub(super) fn soak(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    cargo_tests(&soak::command(context.workspace, false), counts)
}

/// `cargo test` of the library as dev builds compile it. The server's tests are left to the native stage: they wait
/// for real timers, and what they render is rendered by the dev site as well.
pub(super) fn erased(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    cargo_tests(
        &native_tests(context, Flags::Erased).words("-p leptos-live --features ssr -- --skip server::tests"),
        counts,
    )
}

/// `cargo doc`, where a broken link is an error.
pub(super) fn doc(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    let target = context.workspace.native_target(Flags::Plain);
    let doc = cargo(context, "doc")
        .words("-p leptos-live --features ssr --no-deps")
        .argument("--target-dir");
    check(&doc.path(&target).set("RUSTDOCFLAGS", "-D warnings"), counts)
}

/// Runs a `cargo test` and adds the counts of its test programs.
pub(super) fn cargo_tests(test: &Process, counts: &mut Counts) -> Result<()> {
    let mut found = Counts::default();
    let mut summaries = 0;
    let succeeded = test.clone().limit(LIMIT).streams(|line| {
        if let Some(more) = Counts::from_test_result(line) {
            found += more;
            summaries += 1;
        }
    })?;
    if !succeeded && found.failed == 0 {
        println!("FAILED: the command above, before any test did");
        found.failed += 1;
    } else if summaries == 0 {
        println!("FAILED: the command above ran no test program");
        found.failed += 1;
    }
    *counts += found;
    Ok(())
}

/// Cargo with the one compile-time variable of leptos, always the same: another value recompiles it.
pub(super) fn cargo(context: &Context<'_>, command: &str) -> Process {
    let process = Process::new("cargo")
        .argument(command)
        .folder(context.workspace.root());
    process.set("LEPTOS_OUTPUT_NAME", SHOWCASE)
}

pub(super) fn native_tests(context: &Context<'_>, flags: Flags) -> Process {
    let target = context.workspace.native_target(flags);
    let test = cargo(context, "test")
        .argument("--no-fail-fast")
        .argument("--target-dir")
        .path(&target);
    match flags.rustflags() {
        // rustdoc compiles the examples in the documentation, with flags of its own.
        Some(rustflags) => test
            .set("RUSTDOCFLAGS", rustflags.clone())
            .set("RUSTFLAGS", rustflags),
        None => test,
    }
}

pub(super) fn check(process: &Process, counts: &mut Counts) -> Result<()> {
    let passed = process.succeeds()?;
    if !passed {
        println!("FAILED: {}", process.shown());
    }
    counts.check(passed);
    Ok(())
}
