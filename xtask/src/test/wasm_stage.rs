//! The stages of the library's unit tests compiled for the browser: one build, run in one browser by each of them.

use std::{env, fs};

use anyhow::{Context as _, Result};

use super::Context;
use super::browser::{Browser, Launch};
use super::cargo_stages::{cargo, cargo_tests};
use super::counts::Counts;
use crate::workspace::{Flags, WASM_TARGET};

/// `cargo test` with wasm-bindgen's test runner, which drives `browser` by WebDriver.
pub(super) fn run(context: &Context<'_>, browser: Browser, counts: &mut Counts) -> Result<()> {
    context.tools.wasm_target()?;
    let launch = browser.launch(context.tools)?;
    context.tools.wasm_bindgen_cli()?;
    let Launch {
        runner,
        driver,
        capabilities,
    } = launch;
    let folder = context.workspace.scratch("wasm-tests");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let file = folder.join(browser.name()).with_extension("json");
    fs::write(&file, capabilities.to_string()).with_context(|| format!("writing {}", file.display()))?;

    let test = cargo(context, "test")
        .words("-p leptos-live --lib --features csr --target")
        .argument(WASM_TARGET)
        .argument("--target-dir")
        .path(&context.workspace.wasm_target(Flags::Plain))
        .set("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .set(browser.variable(), driver.to_string_lossy())
        .set("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file.to_string_lossy())
        .set("WASM_BINDGEN_USE_BROWSER", "1")
        // Its own limits are 5 and 20 seconds, too short for a busy machine and for tests of timers.
        .set("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .set("WASM_BINDGEN_TEST_TIMEOUT", "300");
    let misleading = browser.misleading().filter(|name| env::var_os(name).is_some());
    let test = misleading.fold(test, |test, name| test.unset(&name));
    cargo_tests(&test, counts)
}
