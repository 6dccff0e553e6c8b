//! Events that an answer asks for: `HX-Trigger`, `HX-Trigger-After-Swap`, `HX-Trigger-After-Settle`.

use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::{diagnostics, dom, page};

/// Dispatches what a header names: names between commas, or a JSON object of names and details.
///
/// A detail that is no object becomes `detail.value`; its `target` is a selector of the element that is told instead.
pub(crate) fn dispatch_all(header: &str, value: &str, element: &Element) {
    // Whoever asked may have been swapped away, and then nobody would hear it there.
    let body = || page::body().unwrap_or_else(|| element.clone());
    let element = if element.is_connected() {
        element.clone()
    } else {
        body()
    };
    if !value.starts_with('{') {
        for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            dispatch(&element, name, &Detail::new());
        }
        return;
    }
    let Ok(events) = JSON::parse(value) else {
        let message = format!("{header}: expected names or a JSON object, found {value:?}");
        diagnostics::report(&element, &message);
        return;
    };
    for entry in Object::entries(events.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        dispatch_one(
            header,
            &entry.get(0).as_string().unwrap_or_default(),
            entry.get(1),
            &element,
        );
    }
}

fn dispatch_one(header: &str, name: &str, detail: JsValue, element: &Element) {
    let is_plain = detail.is_object() && !detail.is_instance_of::<Array>();
    if !is_plain {
        dispatch(element, name, &Detail::new().with("value", detail));
        return;
    }
    let target = dom::property(&detail, "target");
    let meant = match target.as_string() {
        None => Some(element.clone()),
        Some(selector) => page::document().and_then(|page| page.query_selector(&selector).ok().flatten()),
    };
    match meant {
        Some(meant) => drop(dispatch(&meant, name, &Detail::of(detail))),
        None => diagnostics::report(
            element,
            &format!("{header}: expected an element of the page, found none for {target:?}"),
        ),
    }
}
