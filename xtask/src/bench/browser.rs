//! The suite of `benches/browser/`: a real Chromium on our pages and on those of the peers.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Context, Outcome, Suite};
use crate::process::Process;
use crate::site::{self, Build};

pub(super) const SUITE: Suite = Suite {
    name: "browser",
    summary: "the main thread of Chromium, beside plain JavaScript, htmx and Turbo",
    run,
};

fn run(context: &Context<'_>) -> Result<Outcome> {
    let folder = context.workspace.root().join("benches/browser");
    // Before minutes of compiling.
    let chromium = context.tools.chromium()?;
    context.tools.npm_packages(&folder)?;
    let site = site::build(context.workspace, context.tools, Build::Release)?;
    let server = site::program(context.workspace, Build::Release, "bench_server")?;
    let scratch = context.workspace.scratch("bench");
    fs::create_dir_all(&scratch).with_context(|| format!("making {}", scratch.display()))?;
    let results = scratch.join("browser.json");
    if results.exists() {
        fs::remove_file(&results).with_context(|| format!("removing {}", results.display()))?;
    }
    let chosen = (!context.scenarios.is_empty()).then(|| ["--only".to_owned(), context.scenarios.join(",")]);
    let is_right = Process::new("node")
        .words("main.mjs --results")
        .path(&results)
        .arguments(context.quick.then_some("--quick"))
        .arguments(chosen.into_iter().flatten())
        .folder(&folder)
        .set("CHROMIUM", chromium.to_string_lossy())
        .set("BENCH_SERVER", server.to_string_lossy())
        .set("SHOWCASE_BIN", site.server.to_string_lossy())
        .set_all(site.environment())
        .succeeds()?;
    let text = fs::read_to_string(&results)
        .with_context(|| format!("expected results in {}, found none", results.display()))?;
    let mut outcome = read(&text).with_context(|| format!("reading {}", results.display()))?;
    if !is_right && outcome.failed == 0 {
        outcome.failed = 1;
    }
    Ok(outcome)
}

fn read(text: &str) -> Result<Outcome> {
    let value: Value = serde_json::from_str(text)?;
    let count = |name: &str| -> Result<usize> {
        let number = value.get(name).and_then(Value::as_u64);
        let number = number.with_context(|| format!("expected a number `{name}`"))?;
        usize::try_from(number).context("a count of measurements")
    };
    let tables = value.get("tables").and_then(Value::as_str);
    Ok(Outcome {
        passed: count("passed")?,
        failed: count("failed")?,
        tables: tables.context("expected a text `tables`")?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_benchmark_writes() {
        let outcome = read(r#"{"passed":3,"failed":1,"tables":"| a |"}"#).unwrap();
        let tables = "| a |".to_owned();
        assert_eq!(
            outcome,
            Outcome {
                passed: 3,
                failed: 1,
                tables
            }
        );
        let error = read(r#"{"passed":3}"#).unwrap_err().to_string();
        assert!(error.contains("expected"), "{error}");
    }
}
