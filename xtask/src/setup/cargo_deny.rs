//! cargo-deny, which checks what others' code the project is built from.

use anyhow::{Context as _, Result, bail};

use super::fetching;
use super::wasm_tools::{cargo_install, done};
use crate::process::Process;
use crate::workspace::Workspace;

/// A newer one may know lints that `deny.toml` says nothing about, so a run would depend on when it was installed.
const VERSION: &str = "0.20.2";

/// Makes sure of the tool, in this version.
pub(super) fn find_or_get(workspace: &Workspace) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    // It works for two seconds, and is compiled in one minute as it is and in several when it is optimised.
    let install = format!("cargo-deny --version {VERSION} --locked --debug");
    fetching(&format!("cargo-deny {VERSION} (one minute)"), || {
        cargo_install(workspace, &format!("{install} --force"))
            .set("CARGO_PROFILE_DEV_DEBUG", "0")
            .run()?;
        done(workspace)
    })
    .with_context(|| format!("install it with `cargo install {install}`"))?;
    if is_there() {
        Ok(())
    } else {
        bail!("expected `cargo deny` to run: put cargo's bin folder (~/.cargo/bin) on PATH")
    }
}

fn is_there() -> bool {
    let answer = Process::new("cargo").words("deny --version").answer();
    answer.is_some_and(|answer| answer.split_whitespace().nth(1) == Some(VERSION))
}
