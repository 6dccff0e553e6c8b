//! When an element acts: DOM events, messages of a stream, loading, polling; each with its modifiers.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, MessageEvent};

use super::dom_events::{Detail, dispatch};
use super::listener::Listener;
use super::presence::{EndsWith, Presence};
use super::sse_source::{Consumer, SseSource, Subscription};
use super::sse_swap::AskedEvent;
use super::timer::Timer;
use super::trigger_gate::Gate;
use super::{diagnostics, dom, page, processing, target};
use crate::grammar::{Interval, Target, Trigger, TriggerEvent, TriggerList};

/// What an element does when it is triggered, with the event that did it.
pub(crate) type Action = Rc<dyn Fn(Option<&Event>)>;

/// How an element reacts to its triggers.
#[derive(Clone)]
pub(crate) struct Reaction {
    /// Asked about each message of a stream; those that are refused count for nothing.
    pub(crate) admits: Option<AskedEvent>,
    pub(crate) act: Action,
}

/// The armed triggers of an element; they are disarmed when this is dropped.
pub(crate) struct Triggers {
    element: Element,
    reaction: Reaction,
    listeners: RefCell<Vec<Listener>>,
    subscriptions: RefCell<Vec<Subscription>>,
    timers: RefCell<Vec<Option<Timer>>>,
    presence: Presence,
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
        ends_with: EndsWith,
    ) -> Rc<Self> {
        let triggers = Rc::new(Self {
            element: element.clone(),
            reaction,
            listeners: RefCell::default(),
            subscriptions: RefCell::default(),
            timers: RefCell::default(),
            presence: Presence::new(ends_with, element),
        });
        for trigger in &list.0 {
            triggers.arm_one(trigger, source);
        }
        triggers
    }

    fn arm_one(self: &Rc<Self>, trigger: &Trigger, source: Option<&Rc<SseSource>>) {
        match &trigger.event {
            TriggerEvent::Sse(name) => match source {
                Some(source) => self.hear(name, trigger, source),
                None => self.no_source(name),
            },
            // An element that is being built has no parents yet, and `from:` may look for one.
            TriggerEvent::Dom(name) if trigger.from.is_some() && !self.element.is_connected() => {
                let (me, name, trigger) = (Rc::downgrade(self), name.clone(), trigger.clone());
                page::microtask(move || {
                    if let Some(me) = me.upgrade() {
                        me.listen(&name, &trigger);
                    }
                });
            }
            TriggerEvent::Dom(name) => self.listen(name, trigger),
            TriggerEvent::Load => {
                let (me, gate) = (Rc::downgrade(self), self.gate(trigger));
                page::microtask(move || {
                    if me.strong_count() > 0 {
                        gate.pass(None);
                    }
                });
            }
            TriggerEvent::Every(interval) => self.poll(*interval, self.gate(trigger)),
            TriggerEvent::Revealed | TriggerEvent::Intersect { .. } => diagnostics::report(
                &self.element,
                "hx-trigger: expected an event, `load` or `every`; `revealed` and `intersect` are not supported",
            ),
        }
    }

    fn gate(self: &Rc<Self>, trigger: &Trigger) -> Rc<Gate> {
        let me = Rc::downgrade(self);
        Gate::new(&self.element, trigger, move |event| {
            if let Some(me) = me.upgrade() {
                dispatch(&me.element, "htmx:trigger", &Detail::new());
                (me.reaction.act)(event);
            }
        })
    }

    fn listen(self: &Rc<Self>, name: &str, trigger: &Trigger) {
        let gate = self.gate(trigger);
        let element = self.element.clone();
        let (within, consumes) = (trigger.target.clone(), trigger.consume);
        let places = self.places(trigger);
        if places.is_empty() {
            let message = "hx-trigger: expected an element of the page after `from:`, found none";
            diagnostics::report(&self.element, &format!("{message} ({trigger})"));
        }
        for place in places {
            let (gate, element, within) = (Rc::clone(&gate), element.clone(), within.clone());
            let listener = Listener::on(&place, name, move |event| {
                if !comes_from(&event, within.as_deref()) {
                    return;
                }
                // WSS-15: first of all, so that nothing that goes wrong later leaves the page.
                if leaves_page(&event, &element) {
                    event.prevent_default();
                }
                if consumes {
                    event.stop_propagation();
                }
                gate.pass(Some(&event));
            });
            self.listeners.borrow_mut().push(listener);
        }
    }

    /// Where the event is listened for: the element, or what `from:` names (TRG-05).
    fn places(&self, trigger: &Trigger) -> Vec<EventTarget> {
        match &trigger.from {
            None => vec![self.element.clone().into()],
            Some(Target::Document) => page::document().into_iter().map(Into::into).collect(),
            Some(Target::Window) => page::window().into_iter().map(Into::into).collect(),
            Some(Target::Selector(selector)) => {
                let root = page::document().and_then(|document| document.document_element());
                root.map_or_else(Vec::new, |root| dom::select_all(&root, selector))
                    .into_iter()
                    .map(Into::into)
                    .collect()
            }
            Some(from) => target::resolve(&self.element, &self.element, from)
                .into_iter()
                .map(Into::into)
                .collect(),
        }
    }

    fn hear(self: &Rc<Self>, name: &str, trigger: &Trigger, source: &Rc<SseSource>) {
        let heard = Heard {
            me: Rc::downgrade(self),
            gate: self.gate(trigger),
        };
        let subscription = source.subscribe(name, Rc::new(heard));
        self.subscriptions.borrow_mut().push(subscription);
    }

    fn poll(self: &Rc<Self>, interval: Interval, gate: Rc<Gate>) {
        let slot = self.timers.borrow().len();
        self.timers.borrow_mut().push(None);
        self.poll_again(slot, interval, gate);
    }

    fn poll_again(self: &Rc<Self>, slot: usize, interval: Interval, gate: Rc<Gate>) {
        let me = Rc::downgrade(self);
        let timer = Timer::start(interval.as_millis(), move || {
            if let Some(me) = me.upgrade().filter(|me| !me.presence.is_over(&me.element)) {
                gate.pass(None);
                me.poll_again(slot, interval, Rc::clone(&gate));
            }
        });
        let before = self
            .timers
            .borrow_mut()
            .get_mut(slot)
            .map(|place| std::mem::replace(place, timer));
        drop(before);
    }

    /// SSE-12: without a source nothing can ever arrive, and the developer is told so.
    fn no_source(&self, name: &str) {
        processing::no_sse_source(&self.element, &format!("hx-trigger, `sse:{name}`"));
    }

    /// Disarms everything.
    pub(crate) fn disarm(&self) {
        drop((
            self.listeners.take(),
            self.subscriptions.take(),
            self.timers.take(),
        ));
    }
}

struct Heard {
    me: Weak<Triggers>,
    gate: Rc<Gate>,
}

impl Consumer for Heard {
    fn receive(&self, name: &str, event: &MessageEvent) {
        let Some(me) = self.me.upgrade() else { return };
        // SST-12: whoever has left the page requests nothing.
        if me.presence.is_over(&me.element) {
            me.disarm();
            return;
        }
        let detail = Detail::of(event.clone().into());
        // SST-06. It bubbles, but nobody else acts on it: triggers hear the source itself (SST-07).
        dispatch(&me.element, &format!("sse:{name}"), &detail);
        if me
            .reaction
            .admits
            .as_ref()
            .is_none_or(|admits| admits(name, event))
        {
            self.gate.pass(Some(event));
        }
        dispatch(&me.element, "htmx:sseMessage", &detail);
    }
}

/// The trigger of an element that names none (WSS-01, WSS-31).
pub(crate) fn natural(element: &Element) -> TriggerList {
    let is_button = element
        .matches("input[type=button],input[type=submit],button")
        .unwrap_or(false);
    let name = match element.local_name().as_str() {
        "form" => "submit",
        "input" | "textarea" | "select" if !is_button => "change",
        _ => "click",
    };
    TriggerList(vec![Trigger::from(TriggerEvent::Dom(name.to_owned()))])
}

fn comes_from(event: &Event, selector: Option<&str>) -> bool {
    let Some(selector) = selector else { return true };
    let origin = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    origin.is_some_and(|origin| origin.matches(selector).unwrap_or(false))
}

/// Whether the browser would leave the page for this event (WSS-14).
fn leaves_page(event: &Event, element: &Element) -> bool {
    match event.type_().as_str() {
        "submit" => true,
        "click" => {
            let is_submit = element.matches("button:not([type=button]):not([type=reset]),input[type=submit]");
            // Within the page a link may lead on, but not to its top, which is what a bare `#` is.
            let is_link = element.matches("a[href='#'],a[href]:not([href^='#'])");
            (is_submit.unwrap_or(false) && super::form_values::form_of(element).is_some())
                || is_link.unwrap_or(false)
        }
        _ => false,
    }
}
