//! Names that go to the browser with every message, handed over once.
//!
//! A string that crosses over from wasm is decoded anew each time, and a message needs dozens of them. Those in this
//! list are JavaScript strings already when they are used; for all others nothing changes. The list holds what the ways of
//! most messages use, and nothing that a page or a server has chosen: what is handed over is kept for ever.

use std::cell::Cell;

use wasm_bindgen::intern;

use super::page;
use super::swap::{PRESERVED, TAKEN};

/// What the way of a message into the page needs: what is read of the page and written into it.
const SWAPPING: &[&str] = &[
    "[autofocus]",
    "[class],[style],[width],[height]",
    "[id]",
    "autofocus",
    "beforeend",
    "class",
    "data-hx-swap-oob",
    "height",
    "htmx-added",
    "htmx-added htmx-settling",
    "htmx-settling",
    "hx-swap-oob",
    "id",
    "style",
    "template",
    "width",
    SELECTIONS,
    TAKEN,
    PRESERVED,
];

/// Attributes that are looked for around an element that shows messages.
const AROUND_SWAPPING: &[&str] = &["hx-select", "hx-select-oob", "hx-swap", "hx-target"];

/// What the way of a form's message to the server needs, with the fields of that message.
const SENDING: &[&str] = &[
    "HEADERS",
    "HX-Current-URL",
    "HX-Request",
    "HX-Request-ID",
    "HX-Target",
    "HX-Trigger",
    "HX-Trigger-Name",
    "button,input[type=submit],input[type=button]",
    "data-hx-validate",
    "form",
    "hx-validate",
    "name",
    "send",
    "true",
    "validity",
    "willValidate",
];

/// Attributes that are looked for around an element that sends.
const AROUND_SENDING: &[&str] = &[
    "hx-confirm",
    "hx-headers",
    "hx-include",
    "hx-params",
    "hx-vals",
    "hx-vars",
];

/// The elements that choose parts of a payload.
pub(crate) const SELECTIONS: &str = "[hx-select],[data-hx-select],[hx-select-oob],[data-hx-select-oob]";

thread_local! {
    static SWAPS: Cell<bool> = const { Cell::new(false) };
    static SENDS: Cell<bool> = const { Cell::new(false) };
}

/// Hands over what messages into the page need, once for the page.
pub(crate) fn prepare_to_swap() {
    if page::is_browser() && !SWAPS.replace(true) {
        hand_over(SWAPPING, AROUND_SWAPPING);
    }
}

/// Hands over what messages to the server need, once for the page.
pub(crate) fn prepare_to_send() {
    if page::is_browser() && !SENDS.replace(true) {
        hand_over(SENDING, AROUND_SENDING);
    }
}

fn hand_over(names: &[&str], attributes: &[&str]) {
    for name in names.iter().chain(attributes) {
        intern(name);
    }
}
