//! A DOM event listener that is removed when it is dropped.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget};

/// A listener on a target, for as long as the value lives.
#[derive(Debug)]
pub(crate) struct Listener {
    target: EventTarget,
    name: String,
    run: Closure<dyn Fn(JsValue)>,
}

impl Listener {
    /// Adds a listener for events of one name; their payload arrives typed as `E`.
    ///
    /// The cast is not checked: the name decides the type, and the page may have replaced the
    /// constructors (SSE-08), so that an `instanceof` would fail on a perfectly good event.
    pub(crate) fn add<E: JsCast + 'static>(
        target: &EventTarget,
        name: &str,
        run: impl Fn(E) + 'static,
    ) -> Self {
        let run = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| run(event.unchecked_into()));
        // It fails only for a name that is no string, which cannot happen here.
        let _ = target.add_event_listener_with_callback(name, run.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            name: name.to_owned(),
            run,
        }
    }

    /// The same for plain events.
    pub(crate) fn on(target: &EventTarget, name: &str, run: impl Fn(Event) + 'static) -> Self {
        Self::add(target, name, run)
    }

    /// The same for events that are dispatched on this very element; what bubbles up was meant for another one.
    pub(crate) fn own(element: &Element, name: &str, run: impl Fn(Event) + 'static) -> Self {
        let own: EventTarget = element.clone().into();
        Self::on(element, name, move |event| {
            if event.target().as_ref() == Some(&own) {
                run(event);
            }
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(&self.name, self.run.as_ref().unchecked_ref());
    }
}
