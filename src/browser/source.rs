//! What sources of both kinds have in common: an element's hold on a connection that others may share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Element;

use super::connection::state::ConnectionState;
use super::dom_events::{Detail, dispatch};
use super::page;
use super::presence::{EndsWith, Presence};
use super::sse_source::Told;
use crate::wire::{Gap, Resumption};

/// The attribute of an element whose server is cut off from where its events come from.
const UPSTREAM: &str = "data-upstream";

/// A connection as its sources see it.
pub(crate) trait Connection<S> {
    fn state(&self) -> ConnectionState;
    /// Makes a source one of those that events are handed to.
    fn add_source(&self, source: &Rc<S>);
    fn remove_source(&self, source: &S);
    /// Ends the connection when no source is left. Whoever still holds a reference cannot use it.
    fn close_if_unused(&self);
}

/// An element's own view of a connection.
pub(crate) trait Source: Sized + 'static {
    type Connection: Connection<Self>;

    fn hold(&self) -> &Hold<Self::Connection>;
    /// Tells the element, and whoever made the source. User code may run inside.
    fn announce(&self, state: &ConnectionState);
}

/// An element and the connection that it holds on to.
#[derive(Debug)]
pub(crate) struct Hold<C> {
    element: Element,
    connection: RefCell<Rc<C>>,
    /// As it was written, to tell a change of it.
    url: RefCell<String>,
    presence: Presence,
    is_closed: Cell<bool>,
    has_announced: Cell<bool>,
}

impl<C> Hold<C> {
    pub(crate) fn new(element: &Element, url: &str, connection: Rc<C>, ends_with: EndsWith) -> Self {
        Self {
            element: element.clone(),
            connection: RefCell::new(connection),
            url: RefCell::new(url.to_owned()),
            presence: Presence::new(ends_with, element),
            is_closed: Cell::default(),
            has_announced: Cell::default(),
        }
    }

    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    pub(crate) fn connection(&self) -> Rc<C> {
        Rc::clone(&self.connection.borrow())
    }

    /// The address as it was given.
    pub(crate) fn url(&self) -> String {
        self.url.borrow().clone()
    }

    /// Whether this is the address, as it was given.
    pub(crate) fn is_at(&self, url: &str) -> bool {
        *self.url.borrow() == url
    }

    /// Takes another address and its connection, which a source that is at none enters later.
    pub(crate) fn turn_to(&self, url: &str, next: Rc<C>) {
        self.url.replace(url.to_owned());
        let left = self.connection.replace(next);
        drop(left);
    }

    /// Whether the element was on the page and is not any more, without anybody having closed the source.
    pub(crate) fn is_orphaned(&self) -> bool {
        self.presence.is_over(&self.element)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Marks the source as closed; `false` if it was already.
    pub(crate) fn end(&self) -> bool {
        !self.is_closed.replace(true)
    }

    /// Shows the state on the element.
    pub(crate) fn show(&self, state: &ConnectionState) {
        self.has_announced.set(true);
        // It fails only for a bad attribute name.
        let _ = self.element.set_attribute("data-state", state.as_str());
        // Another connection may be to another process, which says so by itself if it is cut off.
        let _ = self.element.remove_attribute(UPSTREAM);
    }
}

/// Enters a new source at its connection.
pub(crate) fn join<S: Source>(source: &Rc<S>) {
    source.hold().connection().add_source(source);
    announce_joined(source);
}

/// Leaves one address for another, with everything that hangs on the source.
pub(crate) fn move_to<S: Source>(source: &Rc<S>, url: &str, next: Rc<S::Connection>) {
    source.hold().url.replace(url.to_owned());
    change(source, next);
    announce_joined(source);
}

/// Leaves one connection for another one.
pub(crate) fn change<S: Source>(source: &Rc<S>, next: Rc<S::Connection>) {
    let left = source.hold().connection.replace(Rc::clone(&next));
    left.remove_source(source);
    left.close_if_unused();
    next.add_source(source);
}

/// Lets go of the connection, which ends if this was its last source.
pub(crate) fn leave<S: Source>(source: &S) {
    let connection = source.hold().connection();
    connection.remove_source(source);
    connection.close_if_unused();
}

/// Tells the state of a connection that was there before. Not at once: whoever made the source may
/// be in the middle of rendering, and what is told runs code of the app.
fn announce_joined<S: Source>(source: &Rc<S>) {
    source.hold().has_announced.set(false);
    let source = Rc::downgrade(source);
    page::microtask(move || {
        let source = source.upgrade().filter(|source| {
            let hold = source.hold();
            !hold.is_closed.get() && !hold.has_announced.get()
        });
        if let Some(source) = source {
            source.announce(&source.hold().connection().state());
        }
    });
}

/// Shows and tells whether the server is in touch with where its events come from.
///
/// DIFFERENCE: htmx has no such event.
pub(crate) fn tell_upstream<C>(hold: &Hold<C>, is_up: bool) {
    if hold.is_closed() || is_up != hold.element().has_attribute(UPSTREAM) {
        return;
    }
    let state = if is_up {
        let _ = hold.element().remove_attribute(UPSTREAM);
        "up"
    } else {
        let _ = hold.element().set_attribute(UPSTREAM, "down");
        "down"
    };
    dispatch(
        hold.element(),
        "live:upstream",
        &Detail::new().with("state", state),
    );
}

/// Tells that events were lost: the page, and whoever made the source.
///
/// DIFFERENCE: htmx has no such event, as its streams cannot tell that something is missing.
pub(crate) fn tell_gap<C>(hold: &Hold<C>, told: Option<&Told<Gap>>, gap: &Gap) {
    if hold.is_closed() {
        return;
    }
    dispatch(hold.element(), "live:gap", &with_range(Detail::new(), gap));
    if let Some(told) = told {
        told(gap);
    }
}

/// Tells what has become of what a source may have missed: the page, and whoever made the source.
///
/// DIFFERENCE: htmx has no such event either.
pub(crate) fn tell_resumption<C>(hold: &Hold<C>, told: Option<&Told<Resumption>>, resumption: Resumption) {
    if hold.is_closed() {
        return;
    }
    let detail = Detail::new().with("outcome", resumption.as_str());
    let detail = match &resumption {
        Resumption::Gap(gap) => with_range(detail, gap),
        Resumption::Exact | Resumption::Reset => detail,
    };
    dispatch(hold.element(), "live:resumed", &detail);
    if let Some(told) = told {
        told(&resumption);
    }
}

fn with_range(detail: Detail, gap: &Gap) -> Detail {
    let from = gap.from.map_or(JsValue::NULL, |from| from.to_string().into());
    detail
        .with("reason", gap.reason.as_str())
        .with("from", from)
        .with("to", gap.to.to_string())
}
