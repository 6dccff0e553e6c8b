//! Triggers by time alone: `load` and `every` (TRG-07).

use std::rc::{Rc, Weak};

use web_sys::{CustomEvent, CustomEventInit, Element};

use super::Triggers;
use super::firing::{Cause, Firing};
use super::gate::Gate;
use crate::browser::dom_events::Detail;
use crate::browser::page;
use crate::browser::timer::Timer;
use crate::grammar::{Interval, Trigger};

/// Fires when the present script has ended; once, whichever of several lets it through.
pub(super) fn load(triggers: &Rc<Triggers>, gate: &Rc<Gate>) {
    let (me, gate) = (Rc::downgrade(triggers), Rc::clone(gate));
    page::microtask(move || {
        let Some(me) = present(&me).filter(|me| me.loads.get()) else {
            return;
        };
        if gate.admits(&synthetic(&me.element, "load", gate.trigger())) {
            me.loads.set(false);
            gate.pass(Cause::Nothing);
        }
    });
}

/// Acts again and again, as long as the triggers are armed.
pub(super) fn poll(triggers: &Rc<Triggers>, interval: Interval, gate: &Rc<Gate>) {
    let slot = triggers.held.polls.borrow().len();
    triggers.held.polls.borrow_mut().push(None);
    poll_again(triggers, slot, interval, Rc::clone(gate));
}

fn poll_again(triggers: &Rc<Triggers>, slot: usize, interval: Interval, gate: Rc<Gate>) {
    let me = Rc::downgrade(triggers);
    let timer = Timer::start(interval.as_millis(), move || {
        let Some(me) = present(&me) else { return };
        if gate.admits(&synthetic(&me.element, "hx:poll:trigger", gate.trigger())) {
            // TRG-12: as in htmx, polling alone tells nobody that it triggers.
            (me.reaction.act)(&Firing {
                cause: Cause::Nothing,
                queue: None,
            });
        }
        poll_again(&me, slot, interval, Rc::clone(&gate));
    });
    // Without its place the polling has been stopped.
    let mut polls = triggers.held.polls.borrow_mut();
    let before = polls.get_mut(slot).map(|place| std::mem::replace(place, timer));
    drop(polls);
    drop(before);
}

fn present(triggers: &Weak<Triggers>) -> Option<Rc<Triggers>> {
    triggers.upgrade().filter(|triggers| !triggers.is_over())
}

/// What a filter reads where there is no event.
fn synthetic(element: &Element, name: &str, trigger: &Trigger) -> Cause {
    if trigger.filter.is_none() {
        return Cause::Nothing;
    }
    let detail = Detail::new()
        .with("elt", element.clone())
        .with("target", element.clone());
    let init = CustomEventInit::new();
    init.set_detail(&detail.into_value());
    let event = CustomEvent::new_with_event_init_dict(name, &init);
    event.map_or(Cause::Nothing, |event| Cause::Event(event.into()))
}
