//! Names that go to the browser with every message, handed over once.
//!
//! A string that crosses over from wasm is decoded anew each time, and a message needs dozens of them. Those in this
//! list are JavaScript strings already when they are used; for all others nothing changes. The list holds what the ways of
//! most messages use, and nothing that a page or a server has chosen: what is handed over is kept for ever.

use std::cell::Cell;

use wasm_bindgen::intern;

use super::page;
use super::swap::{PRESERVED, TAKEN};

/// What is read of the page and written into it.
const ELEMENTS: &[&str] = &[
    "[autofocus]",
    "[class],[style],[width],[height]",
    "[id]",
    "autofocus",
    "beforeend",
    "button,input[type=submit],input[type=button]",
    "class",
    "form",
    "height",
    "htmx-added",
    "htmx-added htmx-settling",
    "htmx-settling",
    "id",
    "name",
    "send",
    "style",
    "template",
    "true",
    "validity",
    "width",
    "willValidate",
];

/// The fields of a form's message.
const HEADERS: &[&str] = &[
    "HEADERS",
    "HX-Current-URL",
    "HX-Request",
    "HX-Request-ID",
    "HX-Target",
    "HX-Trigger",
    "HX-Trigger-Name",
];

/// Attributes that are looked for around an element.
const ATTRIBUTES: &[&str] = &[
    "hx-confirm",
    "hx-headers",
    "hx-include",
    "hx-params",
    "hx-select",
    "hx-select-oob",
    "hx-swap",
    "hx-target",
    "hx-vals",
    "hx-vars",
];

/// Attributes of the element itself.
const OWN: &[&str] = &[
    "data-hx-swap-oob",
    "data-hx-validate",
    "hx-swap-oob",
    "hx-validate",
];

/// The elements that choose parts of a payload.
pub(crate) const SELECTIONS: &str = "[hx-select],[data-hx-select],[hx-select-oob],[data-hx-select-oob]";

thread_local! {
    static IS_DONE: Cell<bool> = const { Cell::new(false) };
}

/// Hands the names over, once for the page.
pub(crate) fn prepare() {
    if !page::is_browser() || IS_DONE.replace(true) {
        return;
    }
    let selectors = [SELECTIONS, TAKEN, PRESERVED];
    for name in [ELEMENTS, HEADERS, ATTRIBUTES, OWN, &selectors]
        .into_iter()
        .flatten()
    {
        intern(name);
    }
}
