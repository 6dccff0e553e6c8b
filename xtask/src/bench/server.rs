//! The suite of `benches/server/`: our hub and endpoints beside axum by hand, nginx with nchan, and better-sse.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Context, Outcome, Suite, browser};
use crate::process::Process;
use crate::workspace::Flags;

pub(super) const SUITE: Suite = Suite {
    name: "server",
    summary: "processor time, latency and memory of the server, beside axum by hand, nchan and better-sse",
    run,
};

const PACKAGE: &str = "leptos-live-bench-server";

fn run(context: &Context<'_>) -> Result<Outcome> {
    let root = context.workspace.root();
    // Without its peers ours is measured all the same, and it says so loudly.
    if let Err(error) = context.tools.npm_packages(&root.join("benches/server")) {
        println!("\n!!! NOT MEASURED: better-sse ({error:#}) !!!");
    }
    let target = context.workspace.native_target(Flags::Plain);
    // What is only to be seen running is compiled in a tenth of the time.
    let (profile, programs) = if context.quick {
        ("dev", "debug")
    } else {
        ("release", "release")
    };
    Process::new("cargo")
        .words("build -p")
        .argument(PACKAGE)
        .arguments(["--profile", profile])
        .argument("--target-dir")
        .path(&target)
        .folder(root)
        .run()?;
    let scratch = context.workspace.scratch("bench");
    fs::create_dir_all(&scratch).with_context(|| format!("making {}", scratch.display()))?;
    let results = scratch.join("server.json");
    if results.exists() {
        fs::remove_file(&results).with_context(|| format!("removing {}", results.display()))?;
    }
    let program = target.join(programs).join("server_bench");
    let is_right = Process::new(program.to_string_lossy())
        .argument("--results")
        .path(&results)
        .arguments(context.options())
        .folder(root)
        .ends_with_this()
        .succeeds()?;
    let text = fs::read_to_string(&results)
        .with_context(|| format!("expected results in {}, found none", results.display()))?;
    let mut outcome = browser::read(&text).with_context(|| format!("reading {}", results.display()))?;
    if !is_right && outcome.failed == 0 {
        outcome.failed = 1;
    }
    Ok(outcome)
}
