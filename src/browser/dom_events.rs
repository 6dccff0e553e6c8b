//! The `htmx:…` events that a page's scripts hear.
//!
//! Each is a bubbling, cancelable `CustomEvent` whose detail holds `elt`, the element it is
//! dispatched on. Listeners are user code: they may close, remove or
//! send, so nothing may be borrowed while an event is dispatched.

use std::cell::Cell;

use js_sys::{JsString, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEventInit, Element, Event};

use super::detail_fields::Fields;
use super::dom;
use super::event_names::{ELT, EventName};

#[wasm_bindgen]
extern "C" {
    /// web-sys expects each of these to throw, and guarding against that costs as much as the call: they are made several
    /// times for each message. `new CustomEvent` and `dispatchEvent` throw for what cannot happen here, and `Reflect.set`
    /// answers `false` for a frozen object; then the detail lacks the field.
    #[wasm_bindgen(extends = Event, js_name = CustomEvent)]
    type Announcement;

    #[wasm_bindgen(constructor, js_class = "CustomEvent")]
    fn new(name: &JsString, init: &CustomEventInit) -> Announcement;

    #[wasm_bindgen(extends = Element, js_name = EventTarget)]
    type Announcer;

    /// Not the element's property, which a form's control of this name would be.
    #[wasm_bindgen(method, final, js_class = "EventTarget", js_name = dispatchEvent)]
    fn dispatch_event(this: &Announcer, event: &Announcement) -> bool;

    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    fn set_field(object: &JsValue, key: &JsString, value: &JsValue) -> bool;
}

/// The detail of an event, built field by field.
///
/// It is no `Clone`: what one dispatches, scripts know as the object of the other.
#[derive(Debug)]
pub(crate) struct Detail {
    object: JsValue,
    /// It is an object of our own that no script has seen.
    is_new: Cell<bool>,
}

impl Detail {
    pub(crate) fn new() -> Self {
        Self {
            object: Object::new().into(),
            is_new: Cell::new(true),
        }
    }

    /// With fields that go with every message, assigned to an object that no script has seen.
    pub(crate) fn of_fields(set: impl FnOnce(&Fields)) -> Self {
        let detail = Self::new();
        set(detail.object.unchecked_ref());
        detail
    }

    /// With the fields of another object, which no script ever sees, in their order; its fields are assigned anew where a
    /// message has something of its own. Many fields are copied in one step, where each by itself would be one.
    pub(crate) fn like(outline: &Object, set: impl FnOnce(&Fields)) -> Self {
        Self::of_fields(|fields| {
            Object::assign(fields.unchecked_ref(), outline);
            set(fields);
        })
    }

    /// Uses an existing object as the detail, as htmx does with a message event (SSV-03).
    pub(crate) fn of(object: JsValue) -> Self {
        Self {
            object,
            is_new: Cell::new(false),
        }
    }

    /// What is told of a swap: the element that it has changed. To be dispatched there, by [`dispatch_again`].
    pub(crate) fn of_swap(changed: &Element) -> Self {
        Self::of_fields(|fields| {
            fields.set_elt(changed);
            fields.set_target(changed);
        })
    }

    pub(crate) fn with(self, key: impl EventName, value: impl Into<JsValue>) -> Self {
        self.set(key, value);
        self
    }

    /// Sets a field of a detail that is in use already.
    pub(crate) fn set(&self, key: impl EventName, value: impl Into<JsValue>) {
        let value = value.into();
        key.with(|key| set_field(&self.object, key, &value));
    }

    /// The object for somebody else, who may show it to scripts.
    pub(crate) fn value(&self) -> JsValue {
        self.is_new.set(false);
        self.object.clone()
    }

    /// The object itself.
    pub(crate) fn into_value(self) -> JsValue {
        self.object
    }

    /// Reads a field back, as listeners may have changed it.
    pub(crate) fn get(&self, key: impl EventName) -> JsValue {
        dom::property(&self.object, key)
    }

    /// The same for a field that most often is undefined.
    pub(crate) fn get_any(&self, key: impl EventName) -> Option<JsValue> {
        dom::any_property(&self.object, key)
    }
}

/// Sets a field of an object of our own.
pub(crate) fn put(object: &JsValue, key: &JsString, value: &JsValue) {
    set_field(object, key, value);
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    set_field(object, &key.into(), value);
}

/// Dispatches an event and returns whether it may go on, that is, nobody cancelled it.
pub(crate) fn dispatch(element: &Element, name: impl EventName, detail: &Detail) -> bool {
    if detail.is_new.get() {
        detail.object.unchecked_ref::<Fields>().set_elt(element);
    } else {
        ELT.with(|key| set_field(&detail.object, key, element));
    }
    dispatch_again(element, name, detail)
}

/// The same for a detail that knows the element already.
pub(crate) fn dispatch_again(element: &Element, name: impl EventName, detail: &Detail) -> bool {
    detail.is_new.set(false);
    name.with(|name| {
        // It is read while the event is made, and free again before any listener runs.
        let event = INIT.with(|init| {
            init.set_detail(&detail.object);
            let event = Announcement::new(name, init);
            if BURSTS.get() == 0 {
                forget_detail(init);
            }
            event
        });
        element.unchecked_ref::<Announcer>().dispatch_event(&event)
    })
}

/// Or it would keep what the last event was about: an element that has left, a message.
fn forget_detail(init: &CustomEventInit) {
    init.set_detail(&JsValue::NULL);
}

/// Several events one after the other, of which only the last has to be forgotten. Bursts may lie in one another, as where a
/// listener triggers something.
#[derive(Debug)]
#[must_use = "it lasts as long as it is held"]
pub(crate) struct Burst(());

impl Burst {
    pub(crate) fn begin() -> Self {
        BURSTS.set(BURSTS.get() + 1);
        Self(())
    }
}

impl Drop for Burst {
    fn drop(&mut self) {
        let around = BURSTS.get().saturating_sub(1);
        BURSTS.set(around);
        if around == 0 {
            INIT.with(forget_detail);
        }
    }
}

thread_local! {
    /// How many bursts are under way.
    static BURSTS: Cell<u32> = const { Cell::new(0) };
    /// What all events have in common, made once.
    static INIT: CustomEventInit = {
        // Without a prototype, where the browser would look for whatever it does not find.
        let nothing: Object = JsValue::NULL.unchecked_into();
        let init: CustomEventInit = Object::create(&nothing).unchecked_into();
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
        set(&detail.object, "error", &JsValue::from_str(name));
    }
    set(&detail.object, "elt", element);
    let info = Detail::new().with("errorInfo", detail.value());
    dispatch(element, "htmx:error", &info);
    dispatch(element, name, detail);
}

/// An event for the detail of another one.
pub(crate) fn event_or_undefined(event: Option<&Event>) -> JsValue {
    event.map_or(JsValue::UNDEFINED, |event| event.clone().into())
}
