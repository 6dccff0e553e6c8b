//! The demonstration site of leptos-live: one page per feature, on real streams.
//!
//! [`app`] puts the pages together, [`demos`] has one file per page, [`testkit`] the pages that the
//! test suite looks at. What runs on the server only stands in the binary, under `server/`.

// The component macro moves each function into a module of its own, where `pub` looks unreachable.
#![allow(unreachable_pub)]

pub mod app;
pub mod controls;
pub mod demos;
pub mod frame_log;
pub mod meter;
pub mod outages;
pub mod program;
pub mod reply;
pub mod retained;
pub mod site_footer;
pub mod slowness;
pub mod testkit;
pub mod trim;
pub mod visit;

/// Takes over the page that the server has rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    started();
}

/// Builds the page in the browser, where no server has rendered it.
#[cfg(feature = "csr")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    visit::begin();
    leptos::mount::mount_to_body(app::App);
    started();
}

/// Makes raw htmx markup live, and says on `<html>` that the page is. Nothing that somebody types here is worth keeping, so
/// after a deploy the page is loaded anew.
#[cfg(any(feature = "hydrate", feature = "csr"))]
fn started() {
    leptos_live::reload_when_outdated();
    leptos_live::attributes::enable();
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
