//! The library's unit tests compiled for the browser and run in one.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::Context;
use super::cargo_stages::{cargo, cargo_tests};
use super::counts::Counts;
use crate::workspace::{Flags, WASM_TARGET};

/// `cargo test` with wasm-bindgen's test runner, which drives Chromium by WebDriver.
pub(super) fn run(context: &Context<'_>, counts: &mut Counts) -> Result<()> {
    context.tools.wasm_target()?;
    let browser = context.tools.driven_chromium()?;
    context.tools.wasm_bindgen_cli()?;
    // As root, or in a container, Chromium's sandbox cannot be had; these pages are our own.
    let capabilities = json!({
        "goog:chromeOptions": {
            "binary": browser.chromium,
            "args": ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update"],
        }
    });
    let folder = context.workspace.scratch("wasm-tests");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let file = folder.join("webdriver.json");
    fs::write(&file, capabilities.to_string()).with_context(|| format!("writing {}", file.display()))?;

    let test = cargo(context, "test")
        .words("-p leptos-live --lib --features csr --target")
        .argument(WASM_TARGET)
        .argument("--target-dir")
        .path(&context.workspace.wasm_target(Flags::Plain))
        .set(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .set("CHROMEDRIVER", browser.driver.to_string_lossy())
        .set("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file.to_string_lossy())
        .set("WASM_BINDGEN_USE_BROWSER", "1")
        // Its own limits are 5 and 20 seconds, too short for a busy machine and for tests of timers.
        .set("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .set("WASM_BINDGEN_TEST_TIMEOUT", "300");
    cargo_tests(&test, counts)
}
