//! `cargo xtask bench`: measures this library beside its peers, suite by suite.
//!
//! A suite builds what it needs, runs ours and the peers in turn on this machine in this run, and checks that what came
//! out is right; whatever is fast and wrong has failed. Ratios mean something, times only on one machine. A full run of a suite
//! replaces its tables in `BENCHMARKS.md`; a quick one only shows that everything runs and is right.

mod browser;
mod compile;
mod machine;
mod record;
mod selection;
mod server;
mod size;
mod wasm_parts;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

pub(crate) use self::selection::Selection;
use crate::setup::Tools;
use crate::workspace::Workspace;

/// Everything that can be measured.
const SUITES: &[Suite] = &[
    browser::SUITE,
    browser::FIRST,
    server::SUITE,
    size::SUITE,
    compile::SUITE,
];

/// Measurements that are made together.
pub(crate) struct Suite {
    /// As it is typed, and as its part of `BENCHMARKS.md` is marked.
    name: &'static str,
    /// What it measures.
    summary: &'static str,
    /// `Err` where it could not be run; what was run and is wrong is counted.
    run: fn(&Context<'_>) -> Result<Outcome>,
}

/// What a suite works with.
pub(crate) struct Context<'a> {
    workspace: &'a Workspace,
    tools: &'a Tools,
    /// Only whether everything runs and is right, in seconds: figures of such a run mean nothing.
    quick: bool,
    /// How often each is measured, if somebody says so.
    rounds: Option<u32>,
    /// Only these scenarios of the suite; all if there are none.
    scenarios: Vec<String>,
}

/// What came of a suite.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Measurements whose result was right.
    pub(crate) passed: usize,
    /// Measurements whose result was wrong, or that did not end.
    pub(crate) failed: usize,
    /// Markdown for `BENCHMARKS.md`: medians, spread, and the ratio to each peer.
    pub(crate) tables: String,
}

impl Context<'_> {
    /// What the programs of the suites are told of it.
    fn options(&self) -> Vec<String> {
        let mut options = Vec::new();
        if self.quick {
            options.push("--quick".to_owned());
        } else if let Some(rounds) = self.rounds {
            options.extend(["--rounds".to_owned(), rounds.to_string()]);
        }
        if !self.scenarios.is_empty() {
            options.extend(["--only".to_owned(), self.scenarios.join(",")]);
        }
        options
    }
}

/// Runs the selected suites; the exit code says whether everything was right.
pub(crate) fn run(workspace: &Workspace, tools: &Tools, selection: &Selection) -> Result<ExitCode> {
    if selection.list {
        for suite in SUITES {
            println!("{:<14}{}", suite.name, suite.summary);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let outcome = measure(workspace, tools, selection)?;
    println!("\n{} right, {} wrong", outcome.passed, outcome.failed);
    Ok(if outcome.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the selected suites and adds up what came of them.
pub(crate) fn measure(workspace: &Workspace, tools: &Tools, selection: &Selection) -> Result<Outcome> {
    let mut total = Outcome::default();
    for suite in SUITES {
        let Some(scenarios) = selection.of(suite.name) else {
            continue;
        };
        println!("\n=== {}: {} ===", suite.name, suite.summary);
        let is_full = !selection.quick && scenarios.is_empty();
        let start = Instant::now();
        let context = Context {
            workspace,
            tools,
            quick: selection.quick,
            rounds: selection.rounds,
            scenarios,
        };
        let outcome = (suite.run)(&context)?;
        println!("--- {}: {:.1} s ---", suite.name, start.elapsed().as_secs_f32());
        if is_full && outcome.failed == 0 {
            record::replace(workspace, suite.name, &outcome.tables)?;
        }
        total.passed += outcome.passed;
        total.failed += outcome.failed;
    }
    Ok(total)
}
