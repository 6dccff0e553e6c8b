//! The number of one page load, by which a visitor's own streams are told from everybody else's.
//!
//! It travels in the addresses of the page's streams and sockets, so that “drop my connection” drops
//! those and no others. It identifies nobody: the next page load has another one.

use leptos::prelude::*;

/// The attribute of `<html>` that carries the number from the server to the browser.
const ATTRIBUTE: &str = "data-visit";

/// The number of the page load that is being rendered, provided by the server.
#[derive(Clone, Debug)]
pub struct Visit(pub String);

/// The number of this page load, the same on both sides.
pub fn visit() -> String {
    if let Some(Visit(id)) = use_context::<Visit>() {
        return id;
    }
    if !is_browser() {
        return String::new();
    }
    document()
        .document_element()
        .and_then(|root| root.get_attribute(ATTRIBUTE))
        .unwrap_or_default()
}

/// Draws a number in the browser, for a page that no server has rendered.
pub fn begin() {
    let id = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(ATTRIBUTE, &id);
    }
}

/// The address of one of the site's event streams.
pub fn stream(name: &str) -> String {
    format!("/streams/{name}?visit={}", visit())
}

/// The address of one of the site's sockets.
pub fn socket(name: &str) -> String {
    format!("/ws/{name}?visit={}", visit())
}
