//! The browsers that the library's unit tests run in, and what wasm-bindgen's test runner is told of each.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use crate::setup::{Display, Tools};

/// One of each engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Browser {
    Chromium,
    Firefox,
    WebKit,
}

/// What the runner is started with.
#[derive(Debug)]
pub(super) struct Launch {
    /// The runner itself and what it needs around it, which cargo splits at blanks.
    pub(super) runner: &'static str,
    pub(super) driver: PathBuf,
    /// What the driver is told of the browser.
    pub(super) capabilities: Value,
}

const RUNNER: &str = "wasm-bindgen-test-runner";
/// A number that is free, since other displays may be there.
const RUNNER_WITH_DISPLAY: &str = "xvfb-run -a wasm-bindgen-test-runner";

/// By these the runner is told where a driver is. It takes the first that is set, in an order of its own, and before them one
/// on another machine, which has the same name and `_REMOTE`.
const DRIVERS: [&str; 4] = ["GECKODRIVER", "SAFARIDRIVER", "CHROMEDRIVER", "MSEDGEDRIVER"];

impl Browser {
    /// Gets it, and says how it is started.
    pub(super) fn launch(self, tools: &Tools) -> Result<Launch> {
        match self {
            Self::Chromium => {
                let found = tools.driven_chromium()?;
                // As root, or in a container, Chromium's sandbox cannot be had; these pages are our own.
                let capabilities = json!({
                    "goog:chromeOptions": {
                        "binary": found.browser,
                        "args": ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update"],
                    }
                });
                Ok(Launch {
                    runner: RUNNER,
                    driver: found.driver,
                    capabilities,
                })
            }
            Self::Firefox => {
                let found = tools.driven_firefox()?;
                Ok(Launch {
                    runner: RUNNER,
                    driver: found.driver,
                    capabilities: json!({ "moz:firefoxOptions": { "binary": found.browser } }),
                })
            }
            Self::WebKit => {
                let found = tools.webkit()?;
                Ok(Launch {
                    runner: match found.display {
                        Display::Present => RUNNER,
                        Display::Virtual => RUNNER_WITH_DISPLAY,
                    },
                    driver: found.driver,
                    // The driver knows its browser.
                    capabilities: json!({}),
                })
            }
        }
    }

    /// As files are named.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The variable that tells the runner of the driver.
    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::Chromium => "CHROMEDRIVER",
            Self::Firefox => "GECKODRIVER",
            Self::WebKit => "SAFARIDRIVER",
        }
    }

    /// The variables that would make the runner take another browser.
    pub(super) fn misleading(self) -> impl Iterator<Item = String> {
        let others = DRIVERS
            .into_iter()
            .filter(move |driver| *driver != self.variable());
        let remote = DRIVERS.iter().map(|driver| format!("{driver}_REMOTE"));
        others.map(str::to_owned).chain(remote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_another_browser_is_taken_away_and_the_own_driver_is_not() {
        for browser in [Browser::Chromium, Browser::Firefox, Browser::WebKit] {
            let misleading: Vec<_> = browser.misleading().collect();
            assert!(DRIVERS.contains(&browser.variable()), "{browser:?}");
            for driver in DRIVERS {
                let is_own = driver == browser.variable();
                assert_eq!(misleading.contains(&driver.to_owned()), !is_own, "{browser:?}");
                assert!(misleading.contains(&format!("{driver}_REMOTE")), "{browser:?}");
            }
        }
    }
}
