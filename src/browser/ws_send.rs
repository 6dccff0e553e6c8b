//! Sending an element's values over its socket: `hx-ws="send"`.

use std::rc::Rc;

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, SubmitEvent};

use super::dom_events::{Detail, dispatch, dispatch_error};
use super::form_values::FormValues;
use super::listener::Listener;
use super::ws_outbox::SendError;
use super::ws_source::WsSource;
use super::{diagnostics, headers, validation};

/// How a sender sends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SendOptions {
    /// Empties the form after a message was taken (WSS-30).
    pub(crate) reset: bool,
}

/// Keeps a form that sends live from leaving the page, whatever triggers the sending (decision 12).
pub(crate) fn keep_page(form: &Element) -> Listener {
    Listener::on(form, "submit", |event| event.prevent_default())
}

/// Collects, offers to the page, encodes, and sends or queues (WSS-19).
///
/// # Errors
/// [`SendError`]; it is also told on the element as `htmx:wsError`.
pub(crate) fn send(
    element: &Element,
    source: Option<&Rc<WsSource>>,
    trigger: Option<&Event>,
    options: SendOptions,
) -> Result<(), SendError> {
    let sent = try_send(element, source, trigger);
    match &sent {
        Ok(true) if options.reset => {
            if let Some(form) = element.dyn_ref::<HtmlFormElement>() {
                form.reset();
            }
        }
        Ok(_) => {}
        Err(error) => {
            diagnostics::report(element, &format!("sending: {error}"));
            dispatch_error(
                element,
                "htmx:wsError",
                &Detail::new().with("error", error.to_string()),
            );
        }
    }
    sent.map(|_| ())
}

/// Whether a message was taken; `false` where the page or its validation held it back.
fn try_send(
    element: &Element,
    source: Option<&Rc<WsSource>>,
    trigger: Option<&Event>,
) -> Result<bool, SendError> {
    let source = source.ok_or(SendError::NoSource)?;
    // WSS-22: a trigger that outlives the source sends nothing.
    if source.ends_as_orphan() {
        return Ok(false);
    }
    let submitter = submitter(trigger);
    let errors = validation::errors(element, submitter.as_ref());
    let values = FormValues::collect(element, submitter.as_ref()).without_files();
    // VAL-09: the list of `hx-params` counts for sockets too, where htmx fails over it.
    let parameters = values.allowed().into_object();
    let own_headers = Object::new();
    for (name, value) in headers::of(element) {
        let _ = Reflect::set(
            &own_headers,
            &JsValue::from_str(&name),
            // WSS-04: null where there is none.
            &value.map_or(JsValue::NULL, JsValue::from),
        );
    }
    let connection = source.connection();
    let detail = Detail::new()
        .with("parameters", parameters)
        .with("unfilteredParameters", values.into_object())
        .with("headers", own_headers)
        .with("errors", errors)
        .with(
            "triggeringEvent",
            trigger.map_or(JsValue::UNDEFINED, |event| event.clone().into()),
        )
        .with("messageBody", JsValue::UNDEFINED)
        .with("socketWrapper", connection.wrapper());
    if !dispatch(element, "htmx:wsConfigSend", &detail) {
        return Ok(false);
    }
    // WSS-19: what the page's own checks have added counts as well.
    let errors = Array::from(&detail.get("errors"));
    if errors.length() > 0 {
        validation::halt(element, errors);
        return Ok(false);
    }
    connection.send(&body(&detail), Some(element))
}

/// What the hook left: its own body, or the parameters with the headers as one flat object (WSS-03,
/// WSS-17, WSS-18).
fn body(detail: &Detail) -> JsValue {
    let own = detail.get("messageBody");
    if own.is_truthy() {
        return own;
    }
    let message = Object::assign(&Object::new(), detail.get("parameters").unchecked_ref());
    let headers = detail.get("headers");
    if headers.is_truthy() {
        let _ = Reflect::set(&message, &JsValue::from_str("HEADERS"), &headers);
    }
    JSON::stringify(&message).map_or(JsValue::UNDEFINED, Into::into)
}

fn submitter(trigger: Option<&Event>) -> Option<HtmlElement> {
    trigger?.dyn_ref::<SubmitEvent>()?.submitter()
}
