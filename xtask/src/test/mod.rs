//! `cargo xtask test`: every check of the repository, stage by stage.
//!
//! A stage that fails does not keep the later ones from running. What was not run is said, and what ran without
//! running a single test has failed: silence is never success.

mod ahead;
mod brokers_stage;
mod browser;
mod cargo_stages;
mod counts;
mod playwright;
mod site_stages;
mod stage;
mod table;
mod wasm_stage;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use self::ahead::Ahead;
use self::browser::Browser;
use self::counts::Counts;
pub(crate) use self::stage::{Selection, StageName};
use self::table::{Row, Table};
use crate::bench;
use crate::setup::Tools;
use crate::workspace::Workspace;

/// What a stage works with.
struct Context<'a> {
    workspace: &'a Workspace,
    tools: &'a Tools,
}

/// Runs the selected stages; the exit code says whether all of them passed.
pub(crate) fn run(workspace: &Workspace, tools: &Tools, selection: &Selection) -> Result<ExitCode> {
    if selection.list {
        for stage in StageName::ALL {
            println!("{}", stage.listed());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let context = Context { workspace, tools };
    let mut table = Table::default();
    let mut ahead = Ahead::default();
    for stage in StageName::ALL {
        if selection.leaves_out(stage) {
            println!(
                "\n!!! LEFT OUT by --without: {} ({}) !!!",
                stage.name(),
                stage.summary()
            );
            table.push(Row::left_out(stage));
        } else if selection.includes(stage) {
            table.push(run_stage(&context, stage, || {
                ahead.stage(stage, selection, &context)
            }));
        }
    }
    if table.is_empty() {
        bail!("no stage is left to run");
    }
    println!("\n{table}");
    Ok(if table.totals().failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_stage(context: &Context<'_>, stage: StageName, prepare: impl FnOnce()) -> Row {
    println!("\n=== {}: {} ===", stage.name(), stage.summary());
    let start = Instant::now();
    prepare();
    let mut counts = Counts::default();
    if let Err(error) = steps(context, stage, &mut counts) {
        println!("FAILED: {}: {error:#}", stage.name());
        counts.failed += 1;
    } else if counts.passed + counts.failed == 0 {
        println!("FAILED: {}: not a single test was run", stage.name());
        counts.failed += 1;
    }
    let seconds = start.elapsed().as_secs_f32();
    println!("--- {}: {counts}, in {seconds:.1} s ---", stage.name());
    Row {
        stage,
        counts,
        seconds: Some(seconds),
    }
}

/// An `Err` is one failure more than those counted so far.
fn steps(context: &Context<'_>, stage: StageName, counts: &mut Counts) -> Result<()> {
    match stage {
        StageName::Fmt => cargo_stages::fmt(context, counts),
        StageName::Deny => cargo_stages::deny(context, counts),
        StageName::Clippy => cargo_stages::clippy(context, counts),
        StageName::Native => cargo_stages::native(context, counts),
        StageName::Soak => cargo_stages::soak(context, counts),
        StageName::Erased => cargo_stages::erased(context, counts),
        StageName::Brokers => brokers_stage::run(context, counts),
        StageName::Wasm => wasm_stage::run(context, Browser::Chromium, counts),
        StageName::Firefox => wasm_stage::run(context, Browser::Firefox, counts),
        StageName::Webkit => wasm_stage::run(context, Browser::WebKit, counts),
        StageName::Dev => site_stages::dev(context, counts),
        StageName::Release => site_stages::release(context, counts),
        StageName::Csr => site_stages::csr(context, counts),
        StageName::CargoLeptos => site_stages::cargo_leptos(context, counts),
        StageName::Bench => bench(context, counts),
        StageName::Doc => cargo_stages::doc(context, counts),
    }
}

fn bench(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    let outcome = bench::measure(context.workspace, context.tools, &bench::Selection::quick())?;
    counts.passed += outcome.passed;
    counts.failed += outcome.failed;
    Ok(())
}
