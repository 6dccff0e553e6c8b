//! Firefox and geckodriver: the machine's own, else Debian's browser, and the driver as its makers publish it for cargo.
//!
//! Debian has no package of the driver. One driver serves many versions of the browser, so any that runs is taken.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::driven::Driven;
use super::program::{first_that_runs, named_browser, version};
use super::wasm_tools::{cargo_install, done, without_costly_optimisation};
use super::{debian_package, fetching};
use crate::process::on_path;
use crate::workspace::Workspace;

/// Debian's name first: the other may belong to a snap, which does not see the profile that the driver makes for it.
const NAMES: [&str; 2] = ["firefox-esr", "firefox"];
const DEBIAN: &str = "firefox-esr";
/// What is installed where there is none.
const GECKODRIVER: &str = "0.37.1";

/// `$FIREFOX`, one on PATH, or Debian's, with `$GECKODRIVER`, one on PATH, or one that is installed now.
pub(super) fn find_or_get_driven(workspace: &Workspace) -> Result<Driven> {
    Ok(Driven {
        browser: browser()?,
        driver: driver(workspace)?,
    })
}

fn browser() -> Result<PathBuf> {
    if let Some(found) = named_browser("FIREFOX")?.or_else(on_this_machine) {
        return Ok(found);
    }
    debian_package::install(&[DEBIAN])
        .and_then(|()| on_this_machine().context("it does not run"))
        .context("no Firefox: install one, or name one in FIREFOX")
}

fn on_this_machine() -> Option<PathBuf> {
    first_that_runs(&NAMES)
}

fn driver(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(found) = driver_on_this_machine() {
        return Ok(found);
    }
    let install = format!("geckodriver --version {GECKODRIVER} --locked");
    fetching(&format!("geckodriver {GECKODRIVER} (1 to 3 minutes)"), || {
        without_costly_optimisation(cargo_install(workspace, &install)).run()?;
        done(workspace)
    })
    .with_context(|| format!("install it with `cargo install {install}`, or name one in GECKODRIVER"))?;
    driver_on_this_machine()
        .context("expected `geckodriver` to run: put cargo's bin folder (~/.cargo/bin) on PATH")
}

fn driver_on_this_machine() -> Option<PathBuf> {
    let named = env::var_os("GECKODRIVER").map(PathBuf::from);
    // Set by GitHub's machines.
    let folder = env::var_os("GECKOWEBDRIVER").map(|folder| {
        let program = Path::new(&folder).join("geckodriver");
        program.with_extension(env::consts::EXE_EXTENSION)
    });
    let candidates = [named, folder, on_path(&["geckodriver"])];
    candidates
        .into_iter()
        .flatten()
        .find(|driver| version(driver).is_some())
}
