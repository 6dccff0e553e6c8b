//! Attributes that hold JSON objects: `hx-vals`, `hx-headers`, `hx-request`.

use std::collections::HashSet;

use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::{diagnostics, markup};

/// The members of the objects that the element and its ancestors carry, of which the nearest wins for each name
/// (VAL-08). Braces may be left out, as in htmx.
///
/// DIFFERENCE: `js:` values are not evaluated; a page's strings are data (decision 15).
pub(crate) fn inherited(element: &Element, attribute: &str) -> Vec<(String, JsValue)> {
    let (mut members, mut seen) = (Vec::new(), HashSet::new());
    for (text, carrier) in markup::inherited_all(element, attribute) {
        let Some(object) = parse(&text) else {
            let message = format!("{attribute}: expected a JSON object, found {text:?}");
            diagnostics::report(&carrier, &message);
            continue;
        };
        for entry in Object::entries(&object).iter() {
            let entry: Array = entry.unchecked_into();
            let name = entry.get(0).as_string().unwrap_or_default();
            if seen.insert(name.clone()) {
                members.push((name, entry.get(1)));
            }
        }
    }
    members
}

fn parse(text: &str) -> Option<Object> {
    let text = text.trim();
    let braced = if text.starts_with('{') {
        JSON::parse(text)
    } else {
        JSON::parse(&format!("{{{text}}}"))
    };
    // With braces around it nothing but an object can be read.
    braced.ok()?.dyn_into().ok()
}

/// A value as text: JSON, unless it is a text itself.
pub(crate) fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_else(|| {
        JSON::stringify(value)
            .map(String::from)
            .unwrap_or_else(|_| String::new())
    })
}
