//! The command line tools around wasm that are Rust programs: wasm-bindgen's, and cargo-leptos. How such programs are
//! installed is here for others too.
//!
//! They are installed as their own documentation says, by `cargo install`, so that they also serve outside of xtask.

use std::fs;

use anyhow::{Context as _, Result, bail};

use super::fetching;
use crate::lock_file;
use crate::process::Process;
use crate::workspace::Workspace;

/// The newest that `--locked` builds with Rust 1.95.
const CARGO_LEPTOS: &str = "0.3.7";

/// Makes sure that wasm-bindgen's tools are those of the version in Cargo.lock: they refuse the wasm of any other.
pub(super) fn wasm_bindgen_cli(workspace: &Workspace) -> Result<()> {
    let wanted = lock_file::version(workspace, "wasm-bindgen")?;
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let found = || programs.map(|program| Process::new(program).argument("--version").answer());
    let fits = |found: &[Option<String>]| {
        found
            .iter()
            .all(|answer| answer.as_deref().and_then(version) == Some(wanted.as_str()))
    };
    if fits(&found()) {
        return Ok(());
    }
    let install = format!("wasm-bindgen-cli --version {wanted}");
    fetching(&format!("wasm-bindgen-cli {wanted} (2 to 5 minutes)"), || {
        let locked = cargo_install(workspace, &format!("{install} --force --locked"));
        let locked = without_costly_optimisation(locked).succeeds()?;
        // The lock file inside the package may name versions that the registry in use does not hold.
        if !locked {
            let newest = cargo_install(workspace, &format!("{install} --force"));
            without_costly_optimisation(newest)
                .set("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
                .run()?;
        }
        done(workspace)
    })
    .with_context(|| format!("install it with `cargo install {install}`"))?;
    let found = found();
    if fits(&found) {
        return Ok(());
    }
    let first = found.into_iter().flatten().next().unwrap_or_default();
    bail!(
        "expected {} {wanted} first on PATH, found `{}`: put cargo's bin folder (~/.cargo/bin) first on PATH",
        programs.join(" and "),
        first.trim()
    )
}

/// Makes sure of cargo-leptos; one that is there is taken as it is.
pub(super) fn cargo_leptos(workspace: &Workspace) -> Result<()> {
    let there = || Process::new("cargo").words("leptos --version").answer().is_some();
    if there() {
        return Ok(());
    }
    // Its default is to download other tools from GitHub at run time; ours are on PATH.
    let install = format!("cargo-leptos --version {CARGO_LEPTOS} --locked --features no_downloads");
    fetching(
        &format!("cargo-leptos {CARGO_LEPTOS} (15 minutes on two cores)"),
        || {
            without_costly_optimisation(cargo_install(workspace, &install)).run()?;
            done(workspace)
        },
    )
    .with_context(|| format!("install it with `cargo install {install}`"))?;
    if there() {
        Ok(())
    } else {
        bail!("expected `cargo leptos` to run: put cargo's bin folder (~/.cargo/bin) on PATH")
    }
}

/// In a folder of its own, so that an interrupted installation goes on where it was, and outside of the repository,
/// whose cargo configuration is not meant for it.
pub(super) fn cargo_install(workspace: &Workspace, words: &str) -> Process {
    Process::new("cargo")
        .argument("install")
        .words(words)
        .set("CARGO_TARGET_DIR", workspace.scratch("install").to_string_lossy())
        .unset("RUSTFLAGS")
}

/// These tools work for a second or two; optimising them fully takes longer than they will ever run.
pub(super) fn without_costly_optimisation(install: Process) -> Process {
    install
        .set("CARGO_PROFILE_RELEASE_LTO", "off")
        .set("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
}

pub(super) fn done(workspace: &Workspace) -> Result<()> {
    let folder = workspace.scratch("install");
    fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))
}

/// `0.2.130` of `wasm-bindgen 0.2.130 (abcdef)`.
fn version(answer: &str) -> Option<&str> {
    answer.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_in_what_a_tool_says_of_itself() {
        assert_eq!(version("wasm-bindgen 0.2.130\n"), Some("0.2.130"));
        assert_eq!(
            version("wasm-bindgen-test-runner 0.2.130 (abcdef)"),
            Some("0.2.130")
        );
        assert_eq!(version(""), None);
    }
}
