//! Runs the Playwright suite of `end2end/` on a site and reads its report.
//!
//! The suite starts the servers that it needs, on ports of its own, since its tests also stop and restart them; it is
//! told where the program and its files are.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::Context;
use super::brokers_stage::on_engines;
use super::cargo_stages::behind_nginx;
use super::counts::Counts;
use crate::process::Process;
use crate::site::{Build, Site};

/// Far more than the suite takes: a browser that hangs must not hold the run for ever.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// What to run, and on what.
pub(super) struct Suite {
    pub(super) site: Site,
    /// The suite's name for the kind of build.
    pub(super) mode: &'static str,
    /// Only tests with this in their title or tags.
    pub(super) grep: Option<&'static str>,
}

/// Adds the suite's counts.
pub(super) fn run(context: &Context<'_>, suite: &Suite, counts: &mut Counts) -> Result<()> {
    let folder = context.workspace.end2end();
    let programs = context.tools.node_programs()?;
    let chromium = context.tools.chromium()?;
    let reports = context.workspace.scratch("reports");
    fs::create_dir_all(&reports).with_context(|| format!("making {}", reports.display()))?;
    let report = reports.join(suite.mode).with_extension("json");
    if report.exists() {
        fs::remove_file(&report).with_context(|| format!("removing {}", report.display()))?;
    }
    let grep = suite.grep.map(|grep| ["--grep", grep]);
    let playwright = Process::new(programs.join("playwright").to_string_lossy())
        .argument("test")
        .arguments(grep.into_iter().flatten())
        .folder(&folder)
        .set("SHOWCASE_BIN", suite.site.server.to_string_lossy())
        .set("SHOWCASE_MODE", suite.mode)
        .set_all(suite.site.environment())
        .set("CHROMIUM", chromium.to_string_lossy())
        // Read by the suite's configuration, which always has the reporter for people as well.
        .set("PLAYWRIGHT_JSON_OUTPUT_FILE", report.to_string_lossy())
        .limit(LIMIT);
    let playwright = behind_nginx(context, playwright);
    // The dev site alone has the engines. Those that are missing are counted by the specs, as skipped or in continuous
    // integration as failed.
    let playwright = if suite.mode == Build::Dev.name() {
        on_engines(context, playwright).0
    } else {
        playwright
    };
    let succeeded = playwright.succeeds()?;
    let text = fs::read_to_string(&report).with_context(|| {
        format!(
            "expected Playwright to write {}, found no report",
            report.display()
        )
    })?;
    let mut found = read(&text).with_context(|| format!("reading {}", report.display()))?;
    if !succeeded && found.failed == 0 {
        // An error outside of any test, such as in the configuration or at the end of a worker.
        println!("FAILED: Playwright, though no test did");
        found.failed += 1;
    }
    let tests = found.passed + found.failed;
    *counts += found;
    if tests == 0 {
        bail!("not a single spec was run")
    } else {
        Ok(())
    }
}

/// The counts in Playwright's JSON report. A test that passed only when repeated has passed, as Playwright sees it.
fn read(report: &str) -> Result<Counts> {
    let report: Value = serde_json::from_str(report)?;
    let count = |what: &str| {
        let number = report.pointer(&format!("/stats/{what}")).and_then(Value::as_u64);
        let number = number.with_context(|| format!("expected a number `{what}` in `stats`"))?;
        usize::try_from(number).context("a count of tests")
    };
    Ok(Counts {
        passed: count("expected")? + count("flaky")?,
        failed: count("unexpected")?,
        skipped: count("skipped")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_a_report() {
        let report = r#"{"suites":[],"errors":[],
            "stats":{"startTime":"2026-11-20T14:00:00Z","duration":12.5,"expected":7,"skipped":2,"unexpected":3,"flaky":1}}"#;
        assert_eq!(
            read(report).unwrap(),
            Counts {
                passed: 8,
                failed: 3,
                skipped: 2
            }
        );
    }

    #[test]
    fn a_report_without_counts_is_an_error() {
        assert!(
            read(r#"{"suites":[]}"#)
                .unwrap_err()
                .to_string()
                .contains("expected")
        );
        assert!(read("").is_err());
    }
}
