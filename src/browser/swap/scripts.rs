//! `scripts:true`: scripts in a payload run (SET-07, WSM-25).
//!
//! DIFFERENCE: htmx runs them unless told otherwise. Here a swap has to ask for it: a payload is content, and whoever can
//! put a script into it could do anything in the page.

use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlElement};

use crate::browser::{dom, page};

/// Puts a fresh element in the place of each script, since the browser never runs one that a parser made for a fragment.
/// They run when they are inserted, in their order and with their attributes.
pub(super) fn revive(content: &DocumentFragment) {
    let nonce = nonce();
    for script in dom::select_all(content, "script") {
        if let Some(fresh) = copy(&script, nonce.as_deref()) {
            let _ = script.replace_with_with_node_1(&fresh);
        }
    }
}

fn copy(script: &Element, nonce: Option<&str>) -> Option<Element> {
    let fresh = page::document()?.create_element("script").ok()?;
    for name in script
        .get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
    {
        let value = script.get_attribute(&name).unwrap_or_default();
        let _ = fresh.set_attribute(&name, &value);
    }
    if let Some(nonce) = nonce {
        let _ = fresh.set_attribute("nonce", nonce);
    }
    fresh.set_text_content(script.text_content().as_deref());
    Some(fresh)
}

/// The nonce of the page's own scripts, which a policy asks of every other one. Its attribute reads as empty.
///
/// Where the page has none, no policy asks for one, and what a script brought along says nothing (S28).
fn nonce() -> Option<String> {
    let script = page::document()?.query_selector("script[nonce]").ok()??;
    Some(script.dyn_into::<HtmlElement>().ok()?.nonce()).filter(|nonce| !nonce.is_empty())
}
