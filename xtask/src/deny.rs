//! `cargo xtask deny`: whether the project may be built from what it is built from: licences, sources, crates that are
//! not wanted, and known vulnerabilities. `deny.toml` says what may be.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::Process;
use crate::setup::Tools;
use crate::workspace::Workspace;

/// What takes nothing but the registry that the crates came from.
pub(crate) const OFFLINE: &str = "licenses bans sources";

/// Runs all checks. The list of vulnerabilities comes from GitHub; where it cannot be fetched that is said, and it is a
/// failure: nobody shall take a release for checked that was not.
pub(crate) fn run(workspace: &Workspace, tools: &Tools) -> Result<ExitCode> {
    tools.cargo_deny()?;
    let is_clean = cargo_deny(workspace, OFFLINE).succeeds()?;
    let has_no_advisories = cargo_deny(workspace, "advisories").succeeds()?;
    if !has_no_advisories {
        println!(
            "\n!!! NOT SHOWN to be free of known vulnerabilities: see above whether one was found, or whether"
        );
        println!("!!! https://github.com/RustSec/advisory-db could not be fetched");
    }
    Ok(if is_clean && has_no_advisories {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `cargo deny check` of some kinds, for all members of the workspace.
pub(crate) fn cargo_deny(workspace: &Workspace, kinds: &str) -> Process {
    Process::new("cargo")
        .words("deny --workspace check --hide-inclusion-graph")
        .words(kinds)
        .folder(workspace.root())
}
