//! A DOM event listener that is removed when it is dropped.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// A listener on a target, for as long as the value lives.
#[derive(Debug)]
pub(crate) struct Listener {
    target: EventTarget,
    name: String,
    /// Whether it hears events on their way down, which is part of what names it to the browser.
    captures: bool,
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
        Self::add_boxed(target, name, Box::new(move |event| run(event.unchecked_into())))
    }

    /// Boxed, or each listener would bring its own copy of this.
    fn add_boxed(target: &EventTarget, name: &str, run: Box<dyn Fn(JsValue)>) -> Self {
        let run = Closure::wrap(run);
        // It fails only for a name that is no string, which cannot happen here.
        let _ = target.add_event_listener_with_callback(name, run.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            name: name.to_owned(),
            captures: false,
            run,
        }
    }

    /// The same for plain events, with the options `capture` and `passive` (TRG-10).
    pub(crate) fn on_with(
        target: &EventTarget,
        name: &str,
        (captures, is_passive): (bool, bool),
        run: impl Fn(Event) + 'static,
    ) -> Self {
        let run = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| run(event.unchecked_into()));
        let options = AddEventListenerOptions::new();
        options.set_capture(captures);
        // Left out where it is not asked for: browsers make some listeners passive by themselves.
        if is_passive {
            options.set_passive(true);
        }
        let listener = run.as_ref().unchecked_ref();
        let _ =
            target.add_event_listener_with_callback_and_add_event_listener_options(name, listener, &options);
        Self {
            target: target.clone(),
            name: name.to_owned(),
            captures,
            run,
        }
    }

    /// The same for plain events.
    pub(crate) fn on(target: &EventTarget, name: &str, run: impl Fn(Event) + 'static) -> Self {
        Self::add(target, name, run)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback_and_bool(
            &self.name,
            self.run.as_ref().unchecked_ref(),
            self.captures,
        );
    }
}
