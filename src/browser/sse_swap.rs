//! A consumer that swaps each event's data into the page: `hx-sse="swap:<name>"`.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{Element, MessageEvent};

use super::arrival::Arrival;
use super::coalescing::{Coalescing, is_whole};
use super::connection::early;
use super::diagnostics;
use super::dom_events::{Detail, dispatch, dispatch_again};
use super::event_names::{SSE_BEFORE_MESSAGE, SSE_MESSAGE};
use super::presence::Presence;
use super::sse_source::{Consumer, SseSource, Subscription, ToldEvent};
use super::swap::{Plan, TitleRule, swap, tell_lost};

/// How often what arrives is put on the page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Pace {
    /// Each message by itself.
    #[default]
    Each,
    /// The last one of a frame, where only that can be seen.
    Frame(ByFrame),
}

impl Pace {
    pub(crate) fn frame() -> Self {
        Self::Frame(ByFrame {
            let_wait: SseSwap::let_wait,
            flush: SseSwap::swap_in_waiting,
        })
    }
}

/// What swaps once a frame, which only those link who ask for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByFrame {
    let_wait: fn(&SseSwap, &Coalescing<Message>, Message) -> Result<(), String>,
    flush: fn(&SseSwap, &Coalescing<Message>),
}

/// Asked about an event of a name.
pub(crate) type AskedEvent = Rc<dyn Fn(&str, &MessageEvent) -> bool>;

/// Rewrites a payload; `None` leaves the event out.
pub(crate) type Transform = Rc<dyn Fn(String) -> Option<String>>;

/// What a consumer tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct SwapHooks {
    /// Asked before each swap; `false` leaves the event out.
    pub(crate) before: Option<AskedEvent>,
    /// Rewrites what is swapped in (SSW-17).
    pub(crate) transform: Option<Transform>,
    /// Told after each swap.
    pub(crate) after: Option<ToldEvent>,
    pub(crate) pace: Pace,
}

impl fmt::Debug for SwapHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SwapHooks")
    }
}

/// A message on its way into the page.
struct Message {
    /// As text for who is told after the swap, if somebody is.
    name: Option<String>,
    event: MessageEvent,
    detail: Detail,
    payload: JsString,
}

/// An element that shows what arrives under some names.
#[derive(Debug)]
pub(crate) struct SseSwap {
    me: Weak<Self>,
    element: Element,
    coalescing: Option<(ByFrame, Coalescing<Message>)>,
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
        let coalescing = match hooks.pace {
            Pace::Each => None,
            Pace::Frame(by_frame) => Some((by_frame, Coalescing::default())),
        };
        let swap = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            element: element.clone(),
            coalescing,
            hooks,
            presence: Presence::new(arrival.ends_with(), element),
            subscriptions: RefCell::default(),
        });
        let subscriptions = names.into_iter().map(|name| {
            let consumer = Rc::clone(&swap) as Rc<dyn Consumer>;
            match arrival {
                Arrival::Rendered if source.is_rendered() => {
                    source.subscribe_rendered(name.as_ref(), consumer)
                }
                Arrival::Rendered | Arrival::Mounted => source.subscribe_late(name.as_ref(), consumer),
                Arrival::Filled | Arrival::Markup => source.subscribe(name.as_ref(), consumer),
            }
        });
        let subscriptions = subscriptions.collect();
        swap.subscriptions.replace(subscriptions);
        Rc::downgrade(&swap)
    }

    /// Ends the subscriptions.
    pub(crate) fn release(&self) {
        self.flush();
        drop(self.subscriptions.take());
    }

    /// Swaps the event's data in, at once or with the next frame, unless the transform wants nothing of it.
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
        let message = Message {
            name: self.hooks.after.as_ref().map(|_| name.to_owned()),
            event: event.clone(),
            detail,
            payload,
        };
        match &self.coalescing {
            None => self.swap_in(message, Plan::of(&self.element, TitleRule::OnlyIf)?),
            Some((by_frame, coalescing)) => (by_frame.let_wait)(self, coalescing, message)?,
        }
        Ok(())
    }

    fn swap_in(&self, message: Message, plan: Plan) {
        let (element, after) = (self.element.clone(), self.hooks.after.clone());
        let Message {
            name,
            event,
            detail,
            payload,
        } = message;
        swap(plan, &payload, move || {
            dispatch_again(&element, &SSE_MESSAGE, &detail);
            if let Some((after, name)) = after.zip(name) {
                after(&name, &event);
            }
        });
    }

    /// Lets a message wait for the frame in the place of the one that waits, which has been received and is never seen.
    fn let_wait(&self, coalescing: &Coalescing<Message>, message: Message) -> Result<(), String> {
        if !is_whole(&message.payload) {
            self.flush();
            self.swap_in(message, Plan::of(&self.element, TitleRule::OnlyIf)?);
            return Ok(());
        }
        if !coalescing.is_waiting() {
            // What the element says now holds for those that come in this frame.
            let plan = Plan::of(&self.element, TitleRule::OnlyIf)?;
            if !plan.replaces_all() {
                let complaint = coalescing.complaint(&plan);
                self.swap_in(message, plan);
                return complaint.map_or(Ok(()), |complaint| {
                    diagnostics::report(&self.element, &complaint);
                    Ok(())
                });
            }
            let me = Weak::clone(&self.me);
            coalescing.wait(move || {
                if let Some(me) = me.upgrade() {
                    me.flush();
                }
            });
        }
        if let Some(superseded) = coalescing.supersede(message) {
            dispatch_again(&self.element, &SSE_MESSAGE, &superseded.detail);
        }
        Ok(())
    }

    fn flush(&self) {
        if let Some((by_frame, coalescing)) = &self.coalescing {
            (by_frame.flush)(self, coalescing);
        }
    }

    /// Swaps in what waits for a frame.
    fn swap_in_waiting(&self, coalescing: &Coalescing<Message>) {
        let (message, frame) = coalescing.take();
        if let Some(message) = message {
            match Plan::of(&self.element, TitleRule::OnlyIf) {
                Ok(plan) => self.swap_in(message, plan),
                Err(message) => tell_lost(&self.element, message),
            }
        }
        drop(frame);
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
        if refused || !dispatch(&self.element, &SSE_BEFORE_MESSAGE, &detail) {
            return;
        }
        if let Err(message) = self.show(name, event, detail) {
            tell_lost(&self.element, message);
        }
    }

    fn flush(&self) {
        self.flush();
    }
}
