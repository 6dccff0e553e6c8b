//! Asking before something is sent: `hx-confirm`, and the event by which a page asks in its own way (WSS-29).
//!
//! DIFFERENCE: in htmx `hx-confirm` has no effect on sockets; here it has the one that it has on requests.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event};

use super::dom_events::{Detail, dispatch, event_or_undefined};
use super::{markup, page};

/// Goes on at once, after the question was answered with yes, or when a listener of `htmx:confirm` that has stopped it
/// calls `detail.issueRequest`; perhaps never.
///
/// As in htmx 2 the event comes also without a question, and `issueRequest(true)` leaves the question out.
pub(crate) fn confirm(element: &Element, trigger: Option<&Event>, go_on: impl FnOnce() + 'static) {
    let question = markup::inherited(element, "hx-confirm").map(|(question, _)| question);
    let asked = question.clone();
    let issue = move |is_confirmed: JsValue| {
        if is_confirmed.is_truthy() || page::confirms(asked.as_deref()) {
            go_on();
        }
    };
    // Collected by the browser when nobody can call it any more.
    let issue = Closure::once_into_js(issue);
    let detail = Detail::new()
        .with("question", question.map_or(JsValue::UNDEFINED, JsValue::from))
        .with("triggeringEvent", event_or_undefined(trigger))
        .with("issueRequest", issue.clone());
    if dispatch(element, "htmx:confirm", &detail) {
        let issue: js_sys::Function = issue.into();
        let _ = issue.call1(&JsValue::UNDEFINED, &JsValue::FALSE);
    }
}
