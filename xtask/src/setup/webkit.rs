//! WebKit's WebDriver program, which starts a browser of its own, and the display that this browser needs: the machine's
//! own, or Debian's packages.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::debian_package;
use crate::process::{Process, on_path};

/// WebKitGTK's, and the one that comes with Safari.
const NAMES: [&str; 2] = ["WebKitWebDriver", "safaridriver"];
const DEBIAN: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

/// A driver, and where its browser can show itself.
#[derive(Debug, Clone)]
pub(crate) struct WebKit {
    pub(crate) driver: PathBuf,
    pub(crate) display: Display,
}

/// WebKitGTK's browser has no headless mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Display {
    /// That of whoever sits here.
    Present,
    /// `xvfb-run`, which is on PATH, makes one without a screen.
    Virtual,
}

/// `$SAFARIDRIVER`, one on PATH, or Debian's; the variable is called as wasm-bindgen's test runner calls it.
pub(super) fn find_or_get() -> Result<WebKit> {
    if let Some(found) = on_this_machine() {
        return Ok(found);
    }
    debian_package::install(&DEBIAN)
        .and_then(|()| on_this_machine().context("they do not run"))
        .context("no WebKit that can be driven: name a driver in SAFARIDRIVER, start a display, or")
}

fn on_this_machine() -> Option<WebKit> {
    let named = env::var_os("SAFARIDRIVER").map(PathBuf::from);
    let mut candidates = named.into_iter().chain(on_path(&NAMES));
    Some(WebKit {
        driver: candidates.find(|driver| runs(driver))?,
        display: display()?,
    })
}

/// WebKitGTK's driver knows no `--version`.
fn runs(driver: &Path) -> bool {
    let help = Process::new(driver.to_string_lossy()).argument("--help");
    help.answer().is_some()
}

/// `None` if there is none and none can be made.
fn display() -> Option<Display> {
    let is_set = env::var_os("DISPLAY").is_some_and(|display| !display.is_empty());
    if is_set || cfg!(target_os = "macos") {
        return Some(Display::Present);
    }
    // The first is a script that fails without the second.
    let can_be_made = ["xvfb-run", "xauth"]
        .iter()
        .all(|name| on_path(&[name]).is_some());
    can_be_made.then_some(Display::Virtual)
}
