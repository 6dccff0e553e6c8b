//! The suites of `benches/browser/`: a real Chromium on our pages and on those of the peers.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Context, Outcome, Suite};
use crate::process::Process;
use crate::site::{self, Build};

pub(super) const SUITE: Suite = Suite {
    name: "browser",
    summary: "the main thread of Chromium, beside plain JavaScript, htmx and Turbo",
    run: |context| run(context, SUITE.name, "main.mjs"),
};

pub(super) const FIRST: Suite = Suite {
    name: "first",
    summary: "how soon a page shows its first event, on this machine and on a slow phone, beside the same",
    run: |context| run(context, FIRST.name, "first.mjs"),
};

fn run(context: &Context<'_>, name: &str, program: &str) -> Result<Outcome> {
    let folder = context.workspace.root().join("benches/browser");
    // Before minutes of compiling.
    let chromium = context.tools.chromium()?;
    context.tools.npm_packages(&folder)?;
    let site = site::build(context.workspace, context.tools, Build::Release, &[])?;
    let server = site::program(context.workspace, Build::Release, "bench_server", &[])?;
    let scratch = context.workspace.scratch("bench");
    fs::create_dir_all(&scratch).with_context(|| format!("making {}", scratch.display()))?;
    let results = scratch.join(name).with_extension("json");
    if results.exists() {
        fs::remove_file(&results).with_context(|| format!("removing {}", results.display()))?;
    }
    let is_right = Process::new("node")
        .argument(program)
        .argument("--results")
        .path(&results)
        .arguments(context.options())
        .folder(&folder)
        .set("CHROMIUM", chromium.to_string_lossy())
        .set("BENCH_SERVER", server.to_string_lossy())
        .set("SHOWCASE_BIN", site.server.to_string_lossy())
        .set_all(site.environment())
        .ends_with_this()
        .succeeds()?;
    let text = fs::read_to_string(&results)
        .with_context(|| format!("expected results in {}, found none", results.display()))?;
    let mut outcome = read(&text).with_context(|| format!("reading {}", results.display()))?;
    if !is_right && outcome.failed == 0 {
        outcome.failed = 1;
    }
    Ok(outcome)
}

/// What a suite's program has written.
pub(super) fn read(text: &str) -> Result<Outcome> {
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
