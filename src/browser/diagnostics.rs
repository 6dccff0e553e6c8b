//! What a developer is told about a mistake, once, with the element that it was made on.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{Element, console};

use super::page;

/// After so many different mistakes another one tells nobody anything new, and the list of those
/// that were told must not grow with a stream of texts that differ.
const MOST: usize = 200;

thread_local! {
    /// What was already said. A page that gets the same bad fragment a thousand times says so once.
    static SAID: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Reports a mistake on an element to the console, as a warning, once for each kind of element: a thousand rows with
/// ids of their own make the same mistake.
pub(crate) fn report(element: &Element, message: &str) {
    warn(kind(element, message), || {
        format!("leptos-live: {message}\n  at {}", opening_tag(element))
    });
}

/// The same, with a line that says what to do about it.
pub(crate) fn report_with_hint(element: &Element, message: &str, hint: &str) {
    warn(kind(element, message), || {
        format!(
            "leptos-live: {message}\n  hint: {hint}\n  at {}",
            opening_tag(element)
        )
    });
}

/// What two elements have in common that make the same mistake.
fn kind(element: &Element, message: &str) -> String {
    let names = element.get_attribute_names().join(" ");
    format!("{message}\n{} {names}", element.local_name())
}

/// Reports a mistake that belongs to no element.
pub(crate) fn report_plain(message: &str) {
    warn(message.to_owned(), || format!("leptos-live: {message}"));
}

fn warn(kind: String, text: impl FnOnce() -> String) {
    let is_new = SAID.with_borrow_mut(|said| {
        let is_new = said.len() < MOST && !said.contains(&kind);
        if is_new {
            said.push(kind);
        }
        is_new
    });
    if is_new && page::is_browser() {
        console::warn_1(&JsValue::from_str(&text()));
    }
}

/// The element as its opening tag, by which a developer finds it.
pub(crate) fn opening_tag(element: &Element) -> String {
    let mut tag = format!("<{}", element.local_name());
    let attributes = element.attributes();
    for index in 0..attributes.length() {
        if let Some(attribute) = attributes.item(index) {
            tag.push_str(&format!(" {}=\"{}\"", attribute.name(), attribute.value()));
        }
    }
    tag.push('>');
    tag
}

/// Nothing was said yet, for a test of what is said.
#[cfg(all(test, target_family = "wasm"))]
pub(crate) fn forget() {
    SAID.take();
}
