//! Triggers by messages of a stream: `sse:<name>` (SST-01 to SST-08).

use std::rc::{Rc, Weak};

use web_sys::MessageEvent;

use super::Triggers;
use super::dom_event;
use super::firing::Cause;
use super::gate::Gate;
use crate::browser::arrival::Arrival;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::listener::Listener;
use crate::browser::sse_source::{Consumer, SseSource};

/// Hears messages of a name from a source.
///
/// With `from:` what counts is the event about the message where it is heard there: on its way up from this element or
/// from another one that hears the same (SST-05).
pub(super) fn hear(triggers: &Rc<Triggers>, name: &str, gate: &Rc<Gate>, source: &Rc<SseSource>) {
    let event_name: Rc<str> = format!("sse:{name}").into();
    let is_heard_elsewhere = gate.trigger().from.is_some();
    if is_heard_elsewhere {
        dom_event::listen(triggers, &event_name, gate);
    } else {
        gate.remember(triggers.element());
        if dom_event::stops(gate.trigger()) {
            let listener = Listener::on(triggers.element(), &event_name, |event| event.stop_propagation());
            triggers.hold_listener(listener);
        }
    }
    let heard = Heard {
        triggers: Rc::downgrade(triggers),
        name: name.into(),
        event_name,
        gate: (!is_heard_elsewhere).then(|| Rc::downgrade(gate)),
    };
    let heard = Rc::new(heard);
    triggers.hold_subscription(match triggers.arrival() {
        Arrival::Rendered => source.subscribe_rendered(name, heard),
        // What was there before was seen by whoever made the element now.
        Arrival::Mounted | Arrival::Filled | Arrival::Markup => source.subscribe(name, heard),
    });
}

struct Heard {
    triggers: Weak<Triggers>,
    name: Rc<str>,
    event_name: Rc<str>,
    /// `None` where only the event about the message counts.
    gate: Option<Weak<Gate>>,
}

impl Consumer for Heard {
    fn receive(&self, name: &str, event: &MessageEvent) {
        // SST-12: whoever has left the page requests nothing.
        let Some(triggers) = self.triggers.upgrade().filter(|triggers| !triggers.is_over()) else {
            return;
        };
        let detail = Detail::of(event.clone().into());
        // Whoever listens to every name is given that of the message.
        let (own, event_name) = if *name == *self.name {
            (Rc::clone(&self.name), Rc::clone(&self.event_name))
        } else {
            (name.into(), format!("sse:{name}").into())
        };
        // SST-06. It bubbles, but nobody else acts on it: triggers hear the source itself (SST-07).
        dispatch(triggers.element(), &*event_name, &detail);
        let admits = triggers.reaction().admits.as_ref();
        if let Some(gate) = self.gate.as_ref().and_then(Weak::upgrade)
            && admits.is_none_or(|admits| admits(name, event))
        {
            triggers.offer(&gate, Cause::Message(own, event.clone()));
        }
        dispatch(triggers.element(), "htmx:sseMessage", &detail);
    }
}
