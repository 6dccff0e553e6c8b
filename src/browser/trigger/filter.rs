//! Asking an event whether a trigger's filter holds (TRG-02).

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::firing::Cause;
use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::{diagnostics, fetch, page};
use crate::grammar::{Filter, Value};

#[wasm_bindgen]
extern "C" {
    /// Any value, as JavaScript's own member access sees it; `Reflect` would refuse texts and numbers.
    type Anything;

    #[wasm_bindgen(method, structural, indexing_getter, catch)]
    fn member(this: &Anything, name: &str) -> Result<JsValue, JsValue>;
}

/// Whether the filter holds for this event on this element.
///
/// As in htmx an error counts as no and is told on the body: reading a member of what is not there, or a getter that
/// throws.
pub(crate) fn allows(filter: &Filter, cause: &Cause, element: &Element) -> bool {
    let error = RefCell::new(None);
    let holds = filter.evaluate(&|path| match read(path, cause, element) {
        Ok(found) => value(&found),
        Err(thrown) => {
            error.borrow_mut().get_or_insert(thrown);
            Value::Undefined
        }
    });
    match error.into_inner() {
        None => holds,
        Some(error) => {
            let words = fetch::words(error.clone());
            let message =
                format!("hx-trigger: expected a filter that can be computed, found {words} in [{filter}]");
            diagnostics::report(element, &message);
            if let Some(body) = page::body() {
                let detail = Detail::new()
                    .with("error", error)
                    .with("source", filter.to_string());
                dispatch_error(&body, "htmx:eventFilter:error", &detail);
            }
            false
        }
    }
}

/// What a path of members leads to: `event` is the event, `this` the element, anything else a member of the event or, if
/// it has none of that name, of the window.
///
/// DIFFERENCE: htmx also takes the window's when the event's own is there and false, so that a `detail` of 0 would be
/// somebody else's.
fn read(path: &[String], cause: &Cause, element: &Element) -> Result<JsValue, JsValue> {
    let event: JsValue = cause
        .event()
        .map_or(JsValue::UNDEFINED, |event| event.clone().into());
    let (first, rest) = path
        .split_first()
        .map_or(("", path), |(first, rest)| (first.as_str(), rest));
    let (mut at, mut rest) = match first {
        "event" => (event.clone(), rest),
        "this" => (element.clone().into(), rest),
        _ => (event.clone(), path),
    };
    // SST-05: in htmx the event has the message as its detail; here it is the message itself.
    if let Some((name, after)) = rest.split_first()
        && name == "detail"
        && at == event
        && matches!(cause, Cause::Message(..))
    {
        rest = after;
    } else if !matches!(first, "event" | "this") && !has(&event, first) {
        at = page::window().map_or(JsValue::UNDEFINED, Into::into);
    }
    for name in rest {
        at = at.unchecked_ref::<Anything>().member(name)?;
    }
    Ok(at)
}

fn has(object: &JsValue, name: &str) -> bool {
    Reflect::has(object, &JsValue::from_str(name)).unwrap_or(false)
}

fn value(found: &JsValue) -> Value {
    if let Some(text) = found.as_string() {
        Value::Text(text)
    } else if let Some(number) = found.as_f64() {
        Value::Number(number)
    } else if let Some(truth) = found.as_bool() {
        Value::Bool(truth)
    } else if found.is_null() {
        Value::Null
    } else if found.is_undefined() {
        Value::Undefined
    } else {
        // An object is true, and nothing more can be said of it here.
        Value::Bool(true)
    }
}
