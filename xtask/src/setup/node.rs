//! Node, and the npm packages of `end2end/` (Playwright for the tests, binaryen's wasm-opt for the release build) and of the
//! benchmarks.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::fetching;
use crate::process::Process;

const OLDEST_NODE: u32 = 20;
const LIMIT: Duration = Duration::from_secs(600);

/// Installs a folder's packages unless they are those of the lock file; the folder with their programs.
pub(super) fn programs(folder: &Path) -> Result<PathBuf> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lock)
        .with_context(|| format!("expected the list of npm packages in {}", lock.display()))?;
    let modules = folder.join("node_modules");
    // What npm was last told to install, written only after it had done so.
    let installed = modules.join(".installed-lock.json");
    if fs::read_to_string(&installed).ok().as_ref() != Some(&wanted) {
        check_node()?;
        let what = format!("the npm packages of {}", folder.display());
        fetching(&what, || install(folder)).with_context(|| {
            format!(
                "the npm registry must be within reach for `npm ci` in {}",
                folder.display()
            )
        })?;
        fs::write(&installed, wanted).with_context(|| format!("writing {}", installed.display()))?;
    }
    Ok(modules.join(".bin"))
}

fn install(folder: &Path) -> Result<()> {
    Process::new("npm")
        .words("ci --no-audit --no-fund")
        .folder(folder)
        .limit(LIMIT)
        .run()
}

fn check_node() -> Result<()> {
    let advice = || format!("install Node {OLDEST_NODE} or newer with npm (https://nodejs.org)");
    let version = Process::new("node").argument("--version").answer();
    let version = version.with_context(|| format!("expected `node` on PATH, found none: {}", advice()))?;
    if major(&version).is_none_or(|found| found < OLDEST_NODE) {
        bail!(
            "expected Node {OLDEST_NODE} or newer, found {}: {}",
            version.trim(),
            advice()
        );
    }
    let npm = Process::new("npm").argument("--version").answer();
    npm.map(drop)
        .with_context(|| format!("expected `npm` on PATH, found none: {}", advice()))
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major(""), None);
    }
}
