//! `revealed` and `intersect`: an element comes into view (TRG-07).
//!
//! The browser's observer is asked; htmx 1 and 2 look for `revealed` at every scroll. What it sees becomes an event on the
//! element, as in htmx, so that scripts hear of it and may dispatch it themselves.
//!
//! DIFFERENCE: its `detail.trigger` says which trigger it is about. In htmx each `intersect` of an element also fires the
//! others, whatever share of it they wait for.

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CustomEvent, Element, Event, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
};

use crate::browser::diagnostics;
use crate::browser::dom_events::{Detail, dispatch};
use crate::grammar::Trigger;

/// What of the view counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewOptions {
    /// The element whose view it is; the window's without one.
    pub(crate) root: Option<Element>,
    pub(crate) threshold: Option<f64>,
    pub(crate) margin: Option<String>,
}

/// How often it is told that an element has come into view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HowOften {
    Once,
    Always,
}

/// Watches an element until dropped.
#[derive(Debug)]
pub(crate) struct View {
    observer: IntersectionObserver,
    _run: Closure<dyn Fn(Array, IntersectionObserver)>,
}

impl View {
    /// Dispatches an event of this name each time the element comes into view, also if it is in view already.
    pub(crate) fn watch(
        element: &Element,
        name: &'static str,
        trigger: &Trigger,
        how_often: HowOften,
        options: &ViewOptions,
    ) -> Option<Self> {
        let (watched, written) = (element.clone(), trigger.to_string());
        let run = Closure::<dyn Fn(Array, IntersectionObserver)>::new(
            move |entries: Array, observer: IntersectionObserver| {
                let mut entries = entries
                    .iter()
                    .map(JsCast::unchecked_into::<IntersectionObserverEntry>);
                if entries.any(|entry| entry.is_intersecting()) {
                    if how_often == HowOften::Once {
                        observer.disconnect();
                    }
                    dispatch(&watched, name, &Detail::new().with("trigger", written.as_str()));
                }
            },
        );
        let init = IntersectionObserverInit::new();
        init.set_root(options.root.as_ref());
        if let Some(threshold) = options.threshold {
            init.set_threshold(&JsValue::from_f64(threshold));
        }
        if let Some(margin) = &options.margin {
            init.set_root_margin(margin);
        }
        match IntersectionObserver::new_with_options(run.as_ref().unchecked_ref(), &init) {
            Ok(observer) => {
                observer.observe(element);
                Some(Self { observer, _run: run })
            }
            Err(error) => {
                let message =
                    format!("hx-trigger: expected a view that can be watched for `{name}`, found {error:?}");
                diagnostics::report(element, &message);
                None
            }
        }
    }
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
