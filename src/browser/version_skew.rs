//! What is done when the page and its server speak different versions of what travels (R29).
//!
//! A page outlives a deploy: its program is that of yesterday, and the server that it reconnects to is that of today. It
//! goes on with what it understands; what helps is to load the new program, by loading the page anew. Only the app knows
//! whether that may be, since what somebody has typed would be lost. So it is told of, and done only where it was asked for.

use std::cell::Cell;

use web_sys::{Element, Storage};

use super::diagnostics;
use super::dom_events::{Detail, dispatch};
use super::page;
use super::sse_source::Told;
use crate::wire::{VersionSkew, WIRE_VERSION};

/// Where a tab remembers that it was loaded anew, so that a server that still sends the old program is not asked for ever.
/// Each pair of versions has its own place: servers of two versions behind one address would take turns otherwise.
const REMEMBERED: &str = "leptos-live:reloaded";

thread_local! {
    /// Entered by whoever asks for it.
    static RELOAD: Cell<Option<fn(VersionSkew)>> = const { Cell::new(None) };
}

/// From now on the page loads itself anew when a stream or socket is served by another version of this crate, whose
/// events it may misread: once for each such server in a tab, and not if a listener of `live:version` prevents it. Without this,
/// the page goes on with what it understands, and the console says so.
///
/// Call it where the app is hydrated. It does nothing on the server.
///
/// ```
/// use leptos_live::reload_when_outdated;
///
/// // #[wasm_bindgen::prelude::wasm_bindgen]
/// pub fn hydrate() {
///     reload_when_outdated();
///     // leptos::mount::hydrate_body(App);
/// }
/// ```
pub fn reload_when_outdated() {
    if page::is_browser() {
        RELOAD.set(Some(reload));
    }
}

/// Tells of it: the developer, the page, and whoever made the source.
pub(crate) fn tell(element: &Element, told: Option<&Told<VersionSkew>>, server: u32) {
    let skew = VersionSkew {
        page: WIRE_VERSION,
        server,
    };
    diagnostics::report_plain(&format!(
        "expected a server with version {WIRE_VERSION} of what travels, found {server}; the page has to be loaded anew"
    ));
    let detail = Detail::new().with("page", skew.page).with("server", server);
    let may_reload = dispatch(element, "live:version", &detail);
    if let Some(told) = told {
        told(&skew);
    }
    if let (true, Some(reload)) = (may_reload, RELOAD.get()) {
        reload(skew);
    }
}

fn reload(skew: VersionSkew) {
    let Some(window) = page::window() else { return };
    // Without a memory it would never end.
    let Ok(Some(memory)) = window.session_storage() else {
        return;
    };
    if is_news(&memory, skew) {
        let _ = window.location().reload();
    }
}

/// Whether the page was not loaded anew for this server yet; from now on it was.
pub(crate) fn is_news(memory: &Storage, skew: VersionSkew) -> bool {
    let place = format!("{REMEMBERED}:{}-{}", skew.page, skew.server);
    matches!(memory.get_item(&place), Ok(None)) && memory.set_item(&place, "reloaded").is_ok()
}
