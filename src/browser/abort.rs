//! `htmx:abort`, by which a script ends what an element has under way.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, Element, Node};

use super::dom_events::Detail;
use super::listener::Listener;
use super::page;

const NAME: &str = "htmx:abort";

/// Hears the event for one element, until it is dropped.
///
/// The event means the element that its `detail.elt` names, wherever on the page it is dispatched, and else the one that it
/// is dispatched on.
#[derive(Debug)]
pub(crate) struct AbortListener {
    _on_element: Listener,
    _elsewhere: Option<Listener>,
}

impl AbortListener {
    pub(crate) fn on(element: &Element, abort: impl Fn() + 'static) -> Self {
        let abort: Rc<dyn Fn()> = Rc::new(abort);
        // An element need not be on the page.
        let (meant, run) = (element.clone(), Rc::clone(&abort));
        let on_element = Listener::add(element, NAME, move |event: CustomEvent| {
            if is_meant(&meant, &event) {
                run();
            }
        });
        let meant = element.clone();
        let elsewhere = page::document().map(|document| {
            Listener::add(&document, NAME, move |event: CustomEvent| {
                let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                if !meant.contains(target.as_ref()) && is_meant(&meant, &event) {
                    abort();
                }
            })
        });
        Self {
            _on_element: on_element,
            _elsewhere: elsewhere,
        }
    }
}

fn is_meant(element: &Element, event: &CustomEvent) -> bool {
    // A plain event has no detail at all.
    let named = Detail::of(event.detail()).get("elt");
    let meant = if named.is_object() {
        Some(named)
    } else {
        event.target().map(JsValue::from)
    };
    meant.is_some_and(|meant| meant == *AsRef::<JsValue>::as_ref(element))
}
