//! Triggers by DOM events: where they are listened for, and what the browser must not do by itself.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, Node};

use super::Triggers;
use super::firing::Cause;
use super::gate::Gate;
use super::view;
use crate::browser::form_values::{form_of, is_form};
use crate::browser::listener::Listener;
use crate::browser::{diagnostics, page, submitter, target};
use crate::grammar::{Target, Trigger, TriggerEvent, TriggerFrom};

/// Listens for events of a name, as soon as what `from:` names can be found.
pub(super) fn listen(triggers: &Rc<Triggers>, name: &str, gate: &Rc<Gate>) {
    match &gate.trigger().from {
        Some(TriggerFrom::Elements(targets)) => {
            let (me, name, gate, targets) = (
                Rc::downgrade(triggers),
                name.to_owned(),
                Rc::clone(gate),
                targets.clone(),
            );
            triggers.once_on_page(move || {
                if let Some(me) = me.upgrade() {
                    let places = places(me.element(), &targets);
                    if places.is_empty() {
                        let message = "hx-trigger: expected an element of the page after `from:`, found none";
                        diagnostics::report(me.element(), &format!("{message} ({})", gate.trigger()));
                    }
                    listen_on(&me, &name, &gate, places);
                }
            });
        }
        Some(TriggerFrom::Outside) => {
            let document = page::document().into_iter().map(Into::into);
            listen_on(triggers, name, gate, document.collect());
        }
        Some(TriggerFrom::Itself) | None => {
            listen_on(triggers, name, gate, vec![triggers.element().clone().into()]);
        }
    }
}

fn listen_on(triggers: &Rc<Triggers>, name: &str, gate: &Rc<Gate>, places: Vec<EventTarget>) {
    for place in places {
        let on = place.dyn_ref::<Element>().cloned();
        let is_on_form = on.as_ref().is_some_and(is_form);
        if let Some(on) = &on {
            gate.remember(on);
        }
        let (me, kept, way) = (Rc::downgrade(triggers), Rc::downgrade(gate), Way::of(name));
        let options = (gate.trigger().capture, gate.trigger().passive);
        let listener = Listener::on_with(&place, name, options, move |event| {
            let (Some(me), Some(gate)) = (me.upgrade(), kept.upgrade()) else {
                return;
            };
            // TRG-08: also if nobody has told that the element has gone.
            if me.is_over() {
                return;
            }
            // WSS-15: first of all, so that nothing that goes wrong later leaves the page.
            if on.as_ref().is_some_and(|on| way.leaves_page(on, is_on_form)) {
                event.prevent_default();
            }
            if begins_there(gate.trigger(), &event, me.element()) {
                me.offer(&gate, Cause::Event(event));
            }
        });
        triggers.hold_listener(listener);
    }
}

/// The places that `from:` names (TRG-05).
fn places(element: &Element, targets: &[Target]) -> Vec<EventTarget> {
    let outer: Vec<EventTarget> = targets
        .iter()
        .filter_map(|target| match target {
            Target::Document => page::document().map(Into::into),
            Target::Window => page::window().map(Into::into),
            Target::Root => Some(element.get_root_node().into()),
            _ => None,
        })
        .collect();
    let elements = target::resolve_all(element, element, targets).into_iter();
    outer.into_iter().chain(elements.map(Into::into)).collect()
}

/// `from:self`, `from:outside`, and the events of the browser's view, which as in htmx bubble but are meant for the
/// element alone.
fn begins_there(trigger: &Trigger, event: &Event, element: &Element) -> bool {
    let origin = || event.target().and_then(|origin| origin.dyn_into::<Node>().ok());
    let is_itself = || origin().as_ref() == Some(element.unchecked_ref::<Node>());
    match (&trigger.from, &trigger.event) {
        (Some(TriggerFrom::Itself), _) => is_itself(),
        (Some(TriggerFrom::Outside), _) => !element.contains(origin().as_ref()),
        (None, TriggerEvent::Revealed | TriggerEvent::Intersect { .. }) => {
            is_itself() && view::is_about(trigger, event)
        }
        _ => true,
    }
}

/// Keeps an event that counts from the browser or from those further up (TRG-03, TRG-10).
pub(super) fn claim(trigger: &Trigger, cause: &Cause) {
    // A message is nobody's default action and goes nowhere; that of the event about it is stopped where it is heard.
    let Cause::Event(event) = cause else { return };
    if trigger.prevent || trigger.halt {
        event.prevent_default();
    }
    if stops(trigger) {
        event.stop_propagation();
    }
}

/// Whether the event goes no further up.
pub(super) fn stops(trigger: &Trigger) -> bool {
    trigger.consume || trigger.stop || trigger.halt
}

/// `target:`: whether the event began on an element that is meant (TRG-05).
pub(super) fn comes_from(trigger: &Trigger, cause: &Cause, element: &Element) -> bool {
    let Some(selector) = &trigger.target else {
        return true;
    };
    let origin = cause.place(element);
    origin.is_some_and(|origin| origin.matches(selector).unwrap_or(false))
}

/// How the browser may leave the page for an event. An event that is heard has the name that was listened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Submit,
    Click,
    None,
}

impl Way {
    fn of(name: &str) -> Self {
        match name {
            "submit" => Self::Submit,
            "click" => Self::Click,
            _ => Self::None,
        }
    }

    /// Whether the browser would leave the page for such an event on this place (WSS-14).
    fn leaves_page(self, place: &Element, is_form: bool) -> bool {
        match self {
            Self::Submit => is_form || place.local_name() == "form",
            Self::Click => submits(place) || follows_link(place),
            Self::None => false,
        }
    }
}

/// Whether every submit of the element itself is kept from the browser by a trigger of this kind (WSS-15).
pub(super) fn keeps_page(trigger: &Trigger) -> bool {
    let is_own = matches!(trigger.from, None | Some(TriggerFrom::Itself));
    // What a passive listener prevents, the browser does all the same.
    is_own && !trigger.passive && matches!(&trigger.event, TriggerEvent::Dom(name) if name == "submit")
}

/// Keeps the page where what counts is a click on the button by which the element, a form, would be submitted.
///
/// DIFFERENCE: htmx 1 lets no click in such a form do anything, not even tick a box; htmx 2 and 4 let the browser leave.
pub(super) fn keep_page(trigger: &Trigger, cause: &Cause, element: &Element) {
    let Cause::Event(event) = cause else { return };
    if !matches!(&trigger.event, TriggerEvent::Dom(name) if name == "click") || !is_form(element) {
        return;
    }
    let form = submitter::clicked(event).and_then(|button| form_of(&button));
    if form.is_some_and(|form| form == *element.unchecked_ref()) {
        event.prevent_default();
    }
}

fn submits(place: &Element) -> bool {
    submitter::around(place).is_some_and(|button| form_of(&button).is_some())
}

/// Within the page a link may lead on, but not to its top, which is what a bare `#` is.
fn follows_link(place: &Element) -> bool {
    let link = place.closest("a[href]").ok().flatten();
    let address = link.and_then(|link| link.get_attribute("href"));
    address.is_some_and(|address| address == "#" || !address.starts_with('#'))
}
