//! The browser that tests run in: one of the machine's own, else Playwright's, else Debian's.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Error, Result};

use super::driven::Driven;
use super::program::{first_that_runs, named_browser, version};
use super::{debian_package, fetching};
use crate::process::{Process, on_path};
use crate::workspace::Workspace;

/// The one without a window first: each page of the others has the processes of a whole window, which more than doubles
/// the time that the suite takes.
const NAMES: [&str; 5] = [
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
];
const DEBIAN: [&str; 3] = ["chromium", "chromium-driver", "chromium-headless-shell"];
/// Playwright's server may be out of reach without refusing the connection.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(300);

/// `$CHROMIUM`, one on PATH, Playwright's, or one that is installed now.
///
/// `node_programs` is asked only when Playwright is: a machine with a browser needs no Node for it.
pub(super) fn find_or_get(
    workspace: &Workspace,
    node_programs: impl FnOnce() -> Result<PathBuf>,
) -> Result<PathBuf> {
    if let Some(named) = named_browser("CHROMIUM")? {
        return Ok(named);
    }
    let end2end = workspace.end2end();
    if let Some(found) = on_this_machine().or_else(|| playwrights_own(&end2end)) {
        return Ok(found);
    }
    let by_playwright = fetching("Chromium by Playwright", || {
        let playwright = node_programs()?.join("playwright");
        let install = Process::new(playwright.to_string_lossy())
            .words("install chromium")
            .folder(&end2end);
        install.limit(DOWNLOAD_LIMIT).run()?;
        playwrights_own(&end2end).context("Playwright's Chromium does not run here; libraries may be missing")
    });
    let Err(playwright_error) = by_playwright else {
        return by_playwright;
    };
    debian_package::install(&DEBIAN)
        .and_then(|()| on_this_machine().context("it does not run"))
        .map_err(|debian_error| {
            Error::msg(format!(
                "no Chromium: install one (Debian: `apt-get install {}`) or name one in CHROMIUM; \
                 Playwright's could not be had ({playwright_error:#}), nor Debian's ({debian_error:#})",
                DEBIAN.join(" ")
            ))
        })
}

/// `chromium` with a WebDriver program, or Debian's pair if none fits.
pub(super) fn find_or_get_driven(chromium: &Path) -> Result<Driven> {
    if let Some(driver) = driver_for(chromium) {
        return Ok(Driven {
            browser: chromium.to_path_buf(),
            driver,
        });
    }
    let wanted = version(chromium).unwrap_or_default();
    debian_package::install(&DEBIAN)
        .and_then(|()| {
            // Debian's browser takes the place of one for which there is no driver.
            let pair = on_path(&["chromium"]).and_then(|browser| {
                let driver = driver_for(&browser)?;
                Some(Driven { browser, driver })
            });
            pair.context("Debian's Chromium and driver do not fit each other")
        })
        .with_context(|| format!("no chromedriver for Chromium {wanted}: name one in CHROMEDRIVER, or"))
}

fn on_this_machine() -> Option<PathBuf> {
    first_that_runs(&NAMES)
}

fn playwrights_own(end2end: &Path) -> Option<PathBuf> {
    let script = "process.stdout.write(require('playwright-core').chromium.executablePath())";
    let answer = Process::new("node")
        .arguments(["-e", script])
        .folder(end2end)
        .answer()?;
    Some(PathBuf::from(answer)).filter(|browser| version(browser).is_some())
}

fn driver_for(chromium: &Path) -> Option<PathBuf> {
    let name = Path::new("chromedriver").with_extension(env::consts::EXE_EXTENSION);
    let named = env::var_os("CHROMEDRIVER").map(PathBuf::from);
    // Set by GitHub's machines.
    let folder = env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join(&name));
    let beside = chromium.parent().map(|folder| folder.join(&name));
    let anywhere = on_path(&["chromedriver"]);
    let wanted = version(chromium)?;
    let candidates = [named, folder, beside, anywhere].into_iter().flatten();
    candidates
        .into_iter()
        .find(|driver| version(driver).is_some_and(|found| fit(&found, &wanted)))
}

/// A driver refuses a browser of another major version; of smaller differences it only warns.
fn fit(driver: &str, browser: &str) -> bool {
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    major(driver) == major(browser)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_fits_a_browser_of_its_major_version() {
        assert!(fit("156.0.8078.79", "156.0.8078.79"));
        assert!(fit("156.0.8078.10", "156.0.8078.79"));
        assert!(!fit("155.0.8078.79", "156.0.8078.79"));
    }
}
