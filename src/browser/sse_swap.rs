//! A consumer that swaps each event's data into the page: `hx-sse="swap:<name>"`.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{Element, MessageEvent};

use super::connection::early;
use super::dom_events::{Detail, dispatch};
use super::presence::{EndsWith, Presence};
use super::sse_source::{Consumer, SseSource, Subscription, ToldEvent};
use super::swap::{Plan, TitleRule, swap, tell_lost};

/// Asked about an event of a name.
pub(crate) type AskedEvent = Rc<dyn Fn(&str, &MessageEvent) -> bool>;

/// Rewrites a payload; `None` leaves the event out.
pub(crate) type Transform = Rc<dyn Fn(String) -> Option<String>>;

/// How a consumer came to be on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A component with what the server rendered in it.
    Rendered,
    /// A component built in the browser, which has seen nothing of a stream that is live already.
    Mounted,
    /// Raw markup. As in htmx it sees what comes; an element that every message brings anew must not ask each time.
    Markup,
}

impl Arrival {
    fn ends_with(self) -> EndsWith {
        match self {
            Self::Rendered | Self::Mounted => EndsWith::Component,
            Self::Markup => EndsWith::Page,
        }
    }
}

/// What a consumer tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct SwapHooks {
    /// Asked before each swap; `false` leaves the event out.
    pub(crate) before: Option<AskedEvent>,
    /// Rewrites what is swapped in (SSW-17).
    pub(crate) transform: Option<Transform>,
    /// Told after each swap.
    pub(crate) after: Option<ToldEvent>,
}

impl fmt::Debug for SwapHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SwapHooks")
    }
}

/// An element that shows what arrives under some names.
#[derive(Debug)]
pub(crate) struct SseSwap {
    element: Element,
    hooks: SwapHooks,
    presence: Presence,
    subscriptions: RefCell<Vec<Subscription>>,
}

impl SseSwap {
    /// Subscribes the element to each of the names (SSW-04). The source keeps it until it is
    /// released, or until it has left the page.
    pub(crate) fn subscribe(
        element: &Element,
        source: &Rc<SseSource>,
        names: impl IntoIterator<Item = impl AsRef<str>>,
        hooks: SwapHooks,
        arrival: Arrival,
    ) -> Weak<Self> {
        let swap = Rc::new(Self {
            element: element.clone(),
            hooks,
            presence: Presence::new(arrival.ends_with(), element),
            subscriptions: RefCell::default(),
        });
        let subscriptions = names.into_iter().map(|name| {
            let consumer = Rc::clone(&swap) as Rc<dyn Consumer>;
            match arrival {
                Arrival::Mounted => source.subscribe_late(name.as_ref(), consumer),
                Arrival::Rendered | Arrival::Markup => source.subscribe(name.as_ref(), consumer),
            }
        });
        let subscriptions = subscriptions.collect();
        swap.subscriptions.replace(subscriptions);
        Rc::downgrade(&swap)
    }

    /// Ends the subscriptions.
    pub(crate) fn release(&self) {
        drop(self.subscriptions.take());
    }

    /// Swaps the event's data in, unless the transform wants nothing of it.
    fn show(&self, name: &str, event: &MessageEvent, detail: Detail) -> Result<(), String> {
        // An EventSource delivers strings only; a page's own may deliver anything.
        let Ok(payload) = event.data().dyn_into::<JsString>() else {
            return Err("expected an event whose data is text".to_owned());
        };
        // The payload is copied for a transform, and for nothing else (decision 16).
        let payload = match &self.hooks.transform {
            None => payload,
            Some(transform) => match transform(payload.into()) {
                Some(text) => text.into(),
                None => return Ok(()),
            },
        };
        let plan = Plan::of(&self.element, TitleRule::OnlyIf)?;
        let (element, after) = (self.element.clone(), self.hooks.after.clone());
        let after = after.map(|after| (after, name.to_owned(), event.clone()));
        swap(plan, &payload, move || {
            dispatch(&element, "htmx:sseMessage", &detail);
            if let Some((after, name, event)) = after {
                after(&name, &event);
            }
        });
        Ok(())
    }
}

impl Consumer for SseSwap {
    fn receive(&self, name: &str, event: &MessageEvent) {
        // SSW-19: whoever was swapped away hears nothing any more.
        if self.presence.is_over(&self.element) {
            self.release();
            return;
        }
        let detail = Detail::of(event.clone().into());
        if early::is_shown(&self.element) {
            // DIFFERENCE: htmx has nothing that swaps before it has come; by now nobody can refuse it.
            dispatch(&self.element, "htmx:sseMessage", &detail);
            return;
        }
        let refused = self
            .hooks
            .before
            .as_ref()
            .is_some_and(|before| !before(name, event));
        if refused || !dispatch(&self.element, "htmx:sseBeforeMessage", &detail) {
            return;
        }
        if let Err(message) = self.show(name, event, detail) {
            tell_lost(&self.element, message);
        }
    }
}
