//! `cargo xtask watch`: `cargo leptos watch` with everything that it needs.

use std::path::Path;

use anyhow::Result;

use crate::process::Process;
use crate::setup::Tools;
use crate::workspace::Workspace;

/// Gets the tools and becomes cargo-leptos, which rebuilds and reloads at each change. `rest` is passed on to it.
pub(crate) fn run(workspace: &Workspace, tools: &Tools, rest: Vec<String>) -> Result<()> {
    tools.wasm_target()?;
    tools.cargo_leptos()?;
    tools.wasm_bindgen_cli()?;
    cargo_leptos(workspace, tools, "watch", &workspace.watch_target())?
        .arguments(rest)
        .replace()
}

/// `cargo leptos <command>`, finding wasm-opt, with `target` as its target folder.
pub(crate) fn cargo_leptos(
    workspace: &Workspace,
    tools: &Tools,
    command: &str,
    target: &Path,
) -> Result<Process> {
    Ok(Process::new("cargo")
        .arguments(["leptos", command])
        .folder(workspace.root())
        .path_first(tools.node_programs()?)
        .set("CARGO_TARGET_DIR", target.to_string_lossy()))
}
