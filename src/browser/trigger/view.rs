//! `revealed` and `intersect`: an element comes into view (TRG-07).
//!
//! The browser's observer is asked; htmx 1 and 2 look for `revealed` at every scroll. What it sees becomes an event on the
//! element, as in htmx, so that scripts hear of it and may dispatch it themselves.
//!
//! DIFFERENCE: its `detail.trigger` says which trigger it is about. In htmx each `intersect` of an element also fires the
//! others, whatever share of it they wait for.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CustomEvent, Element, Event, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
};

use super::gate::Gate;
use super::{Triggers, dom_event};
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::{diagnostics, target};
use crate::grammar::{Trigger, TriggerEvent};

/// Watches the element for a trigger, once what `root:` names can be found.
pub(super) fn watch(triggers: &Rc<Triggers>, gate: &Rc<Gate>) {
    let (me, gate) = (Rc::downgrade(triggers), Rc::clone(gate));
    triggers.once_on_page(move || {
        let Some(me) = me.upgrade() else { return };
        let Some(view) = View::of(&me.element, gate.trigger()) else {
            return;
        };
        dom_event::listen(&me, name_of(gate.trigger()), &gate);
        me.held.views.borrow_mut().push(view);
    });
}

fn name_of(trigger: &Trigger) -> &'static str {
    match trigger.event {
        TriggerEvent::Revealed => "revealed",
        _ => "intersect",
    }
}

/// Watches an element until dropped.
#[derive(Debug)]
pub(crate) struct View {
    observer: IntersectionObserver,
    _run: Closure<dyn Fn(Array, IntersectionObserver)>,
}

impl View {
    /// Dispatches an event each time the element comes into view, also if it is in view already; of `revealed` only the
    /// first time.
    fn of(element: &Element, trigger: &Trigger) -> Option<Self> {
        let (watched, written, name) = (element.clone(), trigger.to_string(), name_of(trigger));
        let is_once = trigger.event == TriggerEvent::Revealed;
        let run = Closure::<dyn Fn(Array, IntersectionObserver)>::new(
            move |entries: Array, observer: IntersectionObserver| {
                let mut entries = entries
                    .iter()
                    .map(JsCast::unchecked_into::<IntersectionObserverEntry>);
                if entries.any(|entry| entry.is_intersecting()) {
                    if is_once {
                        observer.disconnect();
                    }
                    dispatch(&watched, name, &Detail::new().with("trigger", written.as_str()));
                }
            },
        );
        let init = init_of(element, trigger)?;
        match IntersectionObserver::new_with_options(run.as_ref().unchecked_ref(), &init) {
            Ok(observer) => {
                observer.observe(element);
                Some(Self { observer, _run: run })
            }
            Err(error) => {
                let message =
                    format!("hx-trigger: expected a view that can be watched ({trigger}), found {error:?}");
                diagnostics::report(element, &message);
                None
            }
        }
    }
}

/// What of the view counts; `None` if that is an element which cannot be found.
fn init_of(element: &Element, trigger: &Trigger) -> Option<IntersectionObserverInit> {
    let init = IntersectionObserverInit::new();
    let TriggerEvent::Intersect {
        root,
        threshold,
        root_margin,
    } = &trigger.event
    else {
        return Some(init);
    };
    if let Some(root) = root {
        let found = target::resolve(element, element, root);
        if found.is_none() {
            let message = "hx-trigger: expected an element of the page after `root:`, found none";
            diagnostics::report(element, &format!("{message} ({trigger})"));
            return None;
        }
        init.set_root(found.as_ref());
    }
    if let Some(threshold) = threshold.as_ref().and_then(|threshold| threshold.parse().ok()) {
        init.set_threshold(&JsValue::from_f64(threshold));
    }
    if let Some(margin) = root_margin {
        init.set_root_margin(margin);
    }
    Some(init)
}

/// Whether an event about the view is about this trigger; those of scripts are about all.
pub(super) fn is_about(trigger: &Trigger, event: &Event) -> bool {
    let told = Detail::of(event.unchecked_ref::<CustomEvent>().detail()).get("trigger");
    told.as_string().is_none_or(|told| told == trigger.to_string())
}

impl Drop for View {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
