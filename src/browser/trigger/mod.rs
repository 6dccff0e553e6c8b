//! When an element acts: DOM events, messages of a stream, loading, coming into view, polling; each with its modifiers.
//!
//! | what is waited for | where it stands |
//! | --- | --- |
//! | DOM events | [`dom_event`] |
//! | messages | [`message`] |
//! | coming into view | [`view`] |
//! | loading, polling | [`time`] |
//!
//! Whatever the way, an occurrence passes its [`gate`], which knows the modifiers.
//!
//! Invariant: decides when, never what. Nothing here outlives the triggers of its element.

mod attribute;
mod dom_event;
mod filter;
mod firing;
mod gate;
mod message;
mod time;
mod view;

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

use js_sys::WeakSet;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use self::firing::Cause;
use self::gate::Gate;
use self::view::View;
use crate::browser::arrival::Arrival;
use crate::browser::dom_events::{Burst, Detail, dispatch};
use crate::browser::event_names::TRIGGER;
use crate::browser::listener::Listener;
use crate::browser::presence::Presence;
use crate::browser::sse_source::{SseSource, Subscription};
use crate::browser::sse_swap::AskedEvent;
use crate::browser::timer::Timer;
use crate::browser::{page, processing};
use crate::grammar::{Trigger, TriggerEvent, TriggerList};

pub(crate) use self::attribute::{parse, triggers_of};
pub(crate) use self::firing::Firing;

/// What an element does when it is triggered.
pub(crate) type Action = Rc<dyn Fn(&Firing)>;

/// How an element reacts to its triggers.
#[derive(Clone)]
pub(crate) struct Reaction {
    /// Asked about each message of a stream; those that are refused count for nothing.
    pub(crate) admits: Option<AskedEvent>,
    pub(crate) act: Action,
    /// Whether the last event that a throttle held back counts (CON-27).
    pub(crate) trails: bool,
}

impl Reaction {
    pub(crate) fn new(act: impl Fn(&Firing) + 'static) -> Self {
        Self {
            admits: None,
            act: Rc::new(act),
            trails: true,
        }
    }
}

/// The armed triggers of an element; they are disarmed when this is dropped.
pub(crate) struct Triggers {
    element: Element,
    reaction: Reaction,
    arrival: Arrival,
    presence: Presence,
    is_over: Cell<bool>,
    /// Whether `load` may still fire.
    loads: Cell<bool>,
    held: Held,
    /// What has been handled, where one event may come on several ways.
    handled: OnceCell<WeakSet>,
}

/// What ends with the triggers.
#[derive(Debug, Default)]
struct Held {
    gates: RefCell<Vec<Rc<Gate>>>,
    listeners: RefCell<Vec<Listener>>,
    subscriptions: RefCell<Vec<Subscription>>,
    views: RefCell<Vec<View>>,
    polls: RefCell<Vec<Option<Timer>>>,
}

impl fmt::Debug for Triggers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Triggers")
    }
}

impl Triggers {
    /// Arms every trigger of the list.
    pub(crate) fn arm(
        element: &Element,
        list: &TriggerList,
        source: Option<&Rc<SseSource>>,
        reaction: Reaction,
        arrival: Arrival,
    ) -> Rc<Self> {
        let triggers = Rc::new(Self {
            element: element.clone(),
            reaction,
            arrival,
            presence: Presence::new(arrival.ends_with(), element),
            is_over: Cell::default(),
            loads: Cell::new(true),
            held: Held::default(),
            handled: OnceCell::default(),
        });
        for trigger in &list.0 {
            triggers.arm_one(trigger, source);
        }
        triggers
    }

    fn arm_one(self: &Rc<Self>, trigger: &Trigger, source: Option<&Rc<SseSource>>) {
        let gate = self.gate(trigger);
        match &trigger.event {
            TriggerEvent::Sse(name) => match source {
                Some(source) => message::hear(self, name, &gate, source),
                None => self.no_source(name),
            },
            TriggerEvent::Dom(name) => dom_event::listen(self, name, &gate),
            TriggerEvent::Load => time::load(self, &gate),
            TriggerEvent::Every(interval) => time::poll(self, *interval, &gate),
            TriggerEvent::Revealed | TriggerEvent::Intersect { .. } => view::watch(self, &gate),
        }
    }

    fn gate(self: &Rc<Self>, trigger: &Trigger) -> Rc<Gate> {
        let me = Rc::downgrade(self);
        let gate = Gate::new(&self.element, trigger, self.reaction.trails, move |firing| {
            if let Some(me) = me.upgrade() {
                me.fire(firing);
            }
        });
        self.held.gates.borrow_mut().push(Rc::clone(&gate));
        gate
    }

    fn element(&self) -> &Element {
        &self.element
    }

    fn reaction(&self) -> &Reaction {
        &self.reaction
    }

    fn arrival(&self) -> Arrival {
        self.arrival
    }

    fn hold_listener(&self, listener: Listener) {
        self.held.listeners.borrow_mut().push(listener);
    }

    fn hold_subscription(&self, subscription: Subscription) {
        self.held.subscriptions.borrow_mut().push(subscription);
    }

    /// Runs at once, or for an element that is being built as soon as it may have parents.
    fn once_on_page(&self, run: impl FnOnce() + 'static) {
        if self.element.is_connected() {
            run();
        } else {
            page::microtask(run);
        }
    }

    /// Takes an occurrence: the action runs now, later or not at all.
    fn offer(&self, gate: &Gate, cause: Cause) {
        if self.is_over() || !gate.admits(&cause) || !self.is_new(&cause) {
            return;
        }
        dom_event::claim(gate.trigger(), &cause);
        if !dom_event::comes_from(gate.trigger(), &cause, &self.element) || !gate.takes(&cause) {
            return;
        }
        dom_event::keep_page(gate.trigger(), &cause, &self.element);
        // TRG-04: what waits is replaced by what happens now, whichever trigger of the element it waits at.
        for other in &*self.held.gates.borrow() {
            if !matches!(other.trigger().event, TriggerEvent::Load | TriggerEvent::Every(_)) {
                other.forget();
            }
        }
        gate.pass(cause);
    }

    /// TRG-11: an event that comes on several ways counts once.
    fn is_new(&self, cause: &Cause) -> bool {
        let ways = self.held.listeners.borrow().len() + self.held.subscriptions.borrow().len();
        if ways < 2 {
            return true;
        }
        let message: Option<JsValue> = cause.message().map(|(_, message)| message.into());
        let Some(event) = message.or_else(|| cause.event().map(|event| event.clone().into())) else {
            return true;
        };
        let handled = self.handled.get_or_init(WeakSet::new);
        let is_new = !handled.has(event.unchecked_ref());
        handled.add(event.unchecked_ref());
        is_new
    }

    /// Whether the triggers have ended, or the element has left the page, which ends them now (TRG-08, SST-12).
    fn is_over(&self) -> bool {
        if !self.is_over.get() && self.presence.is_over(&self.element) {
            self.disarm();
        }
        self.is_over.get()
    }

    /// TRG-12: told to scripts, and done.
    fn fire(&self, firing: &Firing) {
        if self.is_over() {
            return;
        }
        let _burst = Burst::begin();
        dispatch(&self.element, &TRIGGER, &Detail::new());
        if !self.is_over() {
            (self.reaction.act)(firing);
        }
    }

    /// Whether they keep every submit of the element from the browser.
    pub(crate) fn keep_page(&self) -> bool {
        let gates = self.held.gates.borrow();
        gates.iter().any(|gate| dom_event::keeps_page(gate.trigger()))
    }

    /// Ends the polling, and nothing else (status 286).
    pub(crate) fn stop_polling(&self) {
        drop(self.held.polls.take());
    }

    /// SSE-12: without a source nothing can ever arrive, and the developer is told so.
    fn no_source(&self, name: &str) {
        processing::no_sse_source(&self.element, &format!("hx-trigger, `sse:{name}`"));
    }

    /// Disarms everything.
    pub(crate) fn disarm(&self) {
        self.is_over.set(true);
        drop((
            self.held.listeners.take(),
            self.held.subscriptions.take(),
            self.held.views.take(),
            self.held.polls.take(),
            self.held.gates.take(),
        ));
    }
}
