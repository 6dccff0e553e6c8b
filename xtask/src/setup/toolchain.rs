//! What the Rust toolchain itself must have: the standard library for the browser, rustfmt and clippy.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::{debian_rust_src, fetching};
use crate::process::{Process, on_path};
use crate::workspace::{WASM_TARGET, Workspace};

/// rustup's server may be out of reach without refusing the connection.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// Makes sure that rustc has a standard library for the browser: by rustup, else built from Debian's rust-src.
pub(super) fn wasm_target(workspace: &Workspace) -> Result<()> {
    let sysroot = sysroot()?;
    if has_std(&sysroot) {
        return Ok(());
    }
    let what = format!("the Rust target {WASM_TARGET}");
    let by_rustup = fetching(&format!("{what} by rustup"), || {
        rustup(&format!("target add {WASM_TARGET}"))?;
        if has_std(&sysroot) {
            Ok(())
        } else {
            bail!("rustup did not put it into {}", sysroot.display())
        }
    });
    let Err(rustup_error) = by_rustup else {
        return Ok(());
    };
    let from_debian = fetching(&format!("{what} from Debian's rust-src"), || {
        debian_rust_src::install(workspace, &sysroot)
    });
    from_debian.map_err(|debian_error| {
        rustup_error.context(format!(
            "{what} is missing and could not be had, from Debian because: {debian_error:#}; \
             install it with `rustup target add {WASM_TARGET}`, which failed here because"
        ))
    })
}

/// Makes sure of `cargo fmt` and `cargo clippy`.
pub(super) fn components() -> Result<()> {
    let there = || {
        ["fmt", "clippy"].iter().all(|name| {
            Process::new("cargo")
                .arguments([name, "--version"])
                .answer()
                .is_some()
        })
    };
    if there() {
        return Ok(());
    }
    fetching("rustfmt and clippy", || rustup("component add rustfmt clippy"))
        .context("install them with `rustup component add rustfmt clippy`")?;
    if there() {
        Ok(())
    } else {
        bail!("expected `cargo fmt` and `cargo clippy` to run after rustup installed them")
    }
}

fn rustup(words: &str) -> Result<()> {
    if on_path(&["rustup"]).is_none() {
        bail!("expected `rustup` on PATH, found none");
    }
    Process::new("rustup").words(words).limit(RUSTUP_LIMIT).run()
}

fn sysroot() -> Result<PathBuf> {
    let answer = Process::new("rustc").words("--print sysroot").answer();
    let answer = answer.context("expected `rustc` on PATH; install Rust from https://rustup.rs")?;
    Ok(PathBuf::from(answer.trim()))
}

/// Where the toolchain in `sysroot` keeps its libraries for the browser.
pub(super) fn wasm_libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(WASM_TARGET).join("lib")
}

/// Whether a standard library is among them; the folder alone says nothing.
fn has_std(sysroot: &Path) -> bool {
    let Ok(entries) = fs::read_dir(wasm_libraries(sysroot)) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
