//! What made a trigger fire, on its way from the listener to the action.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, Element, Event, MessageEvent};

use crate::grammar::Queue;

/// Why something happens now.
#[derive(Clone, Debug)]
pub(crate) enum Cause {
    /// A message of a stream, with the name that was listened to.
    Message(Rc<str>, MessageEvent),
    /// An event of the page.
    Event(Event),
    /// Time, or that the element is there.
    Nothing,
}

impl Cause {
    /// The event, if there is one.
    pub(crate) fn event(&self) -> Option<&Event> {
        match self {
            Self::Message(_, message) => Some(message),
            Self::Event(event) => Some(event),
            Self::Nothing => None,
        }
    }

    /// The message of a stream: itself, or the one that an event of the page tells of (SST-06).
    pub(crate) fn message(&self) -> Option<(Rc<str>, MessageEvent)> {
        match self {
            Self::Message(name, message) => Some((Rc::clone(name), message.clone())),
            Self::Event(event) => {
                let name: Rc<str> = event.type_().strip_prefix("sse:")?.into();
                let detail = event.unchecked_ref::<CustomEvent>().detail();
                // The page may have replaced the constructor (SSE-08), so it is known by what it is the detail of.
                detail
                    .is_object()
                    .then(|| (name, detail.unchecked_into::<MessageEvent>()))
            }
            Self::Nothing => None,
        }
    }

    /// Where it happened: what the event was dispatched on, or else the element that reacts.
    pub(crate) fn place(&self, element: &Element) -> Option<Element> {
        match self {
            Self::Message(..) => Some(element.clone()),
            Self::Event(event) => event.target()?.dyn_into().ok(),
            Self::Nothing => None,
        }
    }
}

/// A trigger that fires.
#[derive(Clone, Debug)]
pub(crate) struct Firing {
    pub(super) cause: Cause,
    /// `queue:` of the trigger (TRG-06).
    pub(crate) queue: Option<Queue>,
}

impl Firing {
    /// The event that led to it, if one did.
    pub(crate) fn event(&self) -> Option<&Event> {
        self.cause.event()
    }

    /// The message of a stream that led to it, with the name that was listened to, if one did.
    pub(crate) fn message(&self) -> Option<(Rc<str>, MessageEvent)> {
        self.cause.message()
    }
}
