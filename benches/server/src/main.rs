//! Measures the server beside its peers, several rounds, in turn, and prints medians, spread and ratios.
//!
//! What is measured and how stands in this folder's `README.md`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to people by printing"
)]

mod arguments;
mod brokers;
mod companion;
mod engine;
mod in_process;
mod load;
mod measurement;
mod rendering;
mod report;
mod scenario;
mod server;
mod usage;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};

use self::arguments::Arguments;
use self::measurement::Measure;
use self::report::Report;
use self::scenario::{SCENARIOS, Scenario, Size};
use self::server::Kind;

fn main() -> ExitCode {
    match Arguments::parse(std::env::args().skip(1)).and_then(|arguments| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let mut kinds = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| arguments.measures(*kind)) {
        match arguments.places.is_missing(kind) {
            None => kinds.push(kind),
            Some(reason) => eprintln!("!!! NOT MEASURED: {kind} ({reason}) !!!"),
        }
    }
    let mut report = Report::default();
    for round in 1..=arguments.rounds {
        let is_due = |scenario: &&Scenario| round == 1 || !scenario.is_steady;
        let chosen = SCENARIOS.iter().filter(|scenario| arguments.runs(scenario.name));
        for scenario in chosen.filter(is_due) {
            for kind in kinds.iter().copied().filter(|kind| scenario.is_for(*kind)) {
                let begin = format!("round {round}  {:<9} {kind:<12}", scenario.name);
                match scenario.run(kind, &arguments.places, arguments.size) {
                    Ok(figures) => {
                        let show = |(measure, value): &(Measure, f64)| {
                            format!("{} {value:.3} {}", measure.name, measure.unit)
                        };
                        let shown: Vec<_> = figures.iter().map(show).collect();
                        eprintln!("{begin}{}", shown.join("  "));
                        report.add(scenario, round, kind, figures);
                    }
                    Err(error) => {
                        eprintln!("{begin}WRONG: {error:#}");
                        report.failed += 1;
                    }
                }
            }
        }
    }
    if arguments.size == Size::Full {
        println!(
            "{} rounds on {}.\n{}",
            arguments.rounds,
            usage::machine(),
            report.markdown()
        );
    }
    println!(
        "{} right, {} wrong: each subscriber has every event, in order",
        report.passed, report.failed
    );
    if let Some(file) = &arguments.results {
        fs::write(file, report.json().to_string())
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    ensure!(report.failed == 0, "some measurements were wrong");
    Ok(())
}
