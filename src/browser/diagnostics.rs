//! What a developer is told about a mistake, once, with the element that it was made on.

use std::cell::RefCell;
use std::collections::HashSet;

use wasm_bindgen::JsValue;
use web_sys::{Element, console};

use super::page;

/// After so many different mistakes another one tells nobody anything new, and the list of those
/// that were told must not grow with a stream of elements that differ in their ids.
const MOST: usize = 200;

thread_local! {
    /// What was already said. A page that gets the same bad fragment a thousand times says so once.
    static SAID: RefCell<HashSet<String>> = RefCell::default();
}

/// Reports a mistake on an element to the console, as a warning, once per text.
pub(crate) fn report(element: &Element, message: &str) {
    warn(&format!("leptos-live: {message}\n  at {}", opening_tag(element)));
}

/// Reports a mistake that belongs to no element.
pub(crate) fn report_plain(message: &str) {
    warn(&format!("leptos-live: {message}"));
}

fn warn(text: &str) {
    let is_new = SAID.with_borrow_mut(|said| said.len() < MOST && said.insert(text.to_owned()));
    if is_new && page::is_browser() {
        console::warn_1(&JsValue::from_str(text));
    }
}

/// The element as its opening tag, by which a developer finds it.
fn opening_tag(element: &Element) -> String {
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
