//! The page's own objects, or nothing when there is no page.
//!
//! This code is compiled for the server too and must stay harmless there: `web_sys::window()`
//! would panic on a native target, so the one question whether there is a page is asked here.

use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, Element, Window};

use super::dom;

#[wasm_bindgen]
extern "C" {
    /// The page's clock in one step, without looking for its window first: it is read for every message.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Whether this program runs in a browser.
pub(crate) fn is_browser() -> bool {
    cfg!(target_family = "wasm")
}

pub(crate) fn window() -> Option<Window> {
    if is_browser() { web_sys::window() } else { None }
}

pub(crate) fn document() -> Option<Document> {
    DOCUMENT.with(Clone::clone)
}

thread_local! {
    /// A page has one as long as it lives; finding it takes three questions, and it is needed several times for each
    /// message.
    static DOCUMENT: Option<Document> = window().and_then(|window| window.document());
}

pub(crate) fn body() -> Option<Element> {
    document()?.body().map(Into::into)
}

/// The page's address.
pub(crate) fn address() -> Option<JsString> {
    DOCUMENT.with(|document| document.as_ref().map(dom::address_of))
}

/// Milliseconds by a clock that nobody sets; 0 where there is no page.
pub(crate) fn now() -> f64 {
    if is_browser() { performance_now() } else { 0.0 }
}

/// A random number in `0.0..1.0`; 0 where there is no page.
pub(crate) fn random() -> f64 {
    if is_browser() { js_sys::Math::random() } else { 0.0 }
}

/// An address that does not begin with a scheme or a slash, made independent of the page's own
/// address, which navigation changes; any other stays as it is.
pub(crate) fn resolve(url: &str) -> String {
    let is_relative = !url.starts_with('/') && !url.contains(':');
    let base = document()
        .filter(|_| is_relative)
        .and_then(|document| document.base_uri().ok().flatten());
    let resolved = base.and_then(|base| web_sys::Url::new_with_base(url, &base).ok());
    resolved.map_or_else(|| url.to_owned(), |resolved| resolved.href())
}

/// Runs a function after the current script, before the browser does anything else.
pub(crate) fn microtask(run: impl FnOnce() + 'static) {
    if is_browser() {
        queue(Box::new(run));
    }
}

/// Boxed, or each caller would bring its own copy of the executor's task.
fn queue(run: Box<dyn FnOnce()>) {
    wasm_bindgen_futures::spawn_local(async move { run() });
}

/// Asks by the browser's own dialogue, which is looked up when it is used; without a question the answer is yes.
pub(crate) fn confirms(question: Option<&str>) -> bool {
    question.is_none_or(|question| {
        window().is_some_and(|window| window.confirm_with_message(question).unwrap_or(false))
    })
}
