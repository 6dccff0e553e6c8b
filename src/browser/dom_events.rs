//! The `htmx:…` events that a page's scripts hear.
//!
//! Each is a bubbling, cancelable `CustomEvent` whose detail holds `elt`, the element it is
//! dispatched on. Listeners are user code: they may close, remove or
//! send, so nothing may be borrowed while an event is dispatched.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, Element, Event};

use super::dom;

/// The detail of an event, built field by field.
#[derive(Clone, Debug)]
pub(crate) struct Detail(JsValue);

impl Detail {
    pub(crate) fn new() -> Self {
        Self(Object::new().into())
    }

    /// Uses an existing object as the detail, as htmx does with a message event (SSV-03).
    pub(crate) fn of(object: JsValue) -> Self {
        Self(object)
    }

    pub(crate) fn with(self, key: &str, value: impl Into<JsValue>) -> Self {
        set(&self.0, key, &value.into());
        self
    }

    /// The object itself.
    pub(crate) fn into_value(self) -> JsValue {
        self.0
    }

    /// Reads a field back, as listeners may have changed it.
    pub(crate) fn get(&self, key: &str) -> JsValue {
        dom::property(&self.0, key)
    }
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Fails only on a frozen object or one that is no object; then the detail lacks the field.
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}

/// Dispatches an event and returns whether it may go on, that is, nobody cancelled it.
pub(crate) fn dispatch(element: &Element, name: &str, detail: &Detail) -> bool {
    set(&detail.0, "elt", element);
    // It is read while the event is made, and free again before any listener runs.
    let event = INIT.with(|init| {
        init.set_detail(&detail.0);
        let event = CustomEvent::new_with_event_init_dict(name, init);
        // Or it would keep what the last event was about: an element that has left, a message.
        init.set_detail(&JsValue::NULL);
        event
    });
    event.map_or(true, |event| element.dispatch_event(&event).unwrap_or(true))
}

thread_local! {
    /// What all events have in common, made once.
    static INIT: CustomEventInit = {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_composed(true);
        init
    };
}

/// Dispatches an error event, and `htmx:error` before it, as htmx does for every detail with an error in it (SSR-01).
/// Where the detail has none, the event's name is it.
pub(crate) fn dispatch_error(element: &Element, name: &str, detail: &Detail) {
    if detail.get("error").is_falsy() {
        set(&detail.0, "error", &JsValue::from_str(name));
    }
    set(&detail.0, "elt", element);
    let info = Detail::new().with("errorInfo", detail.0.clone());
    dispatch(element, "htmx:error", &info);
    dispatch(element, name, detail);
}

/// An event for the detail of another one.
pub(crate) fn event_or_undefined(event: Option<&Event>) -> JsValue {
    event.map_or(JsValue::UNDEFINED, |event| event.clone().into())
}
