//! A source: an element that owns a stream, and those inside it who consume its events.
//!
//! Subscriptions belong to the source and not to the transport, so a reconnection leaves them
//! untouched (SSR-09, SSR-10).

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use web_sys::{Element, Event, MessageEvent};

use super::connection::cursor::Cursor;
use super::connection::retry_policy::RetryPolicy;
use super::connection::sse::SseConnection;
use super::connection::state::{CloseReason, ConnectionState};
use super::connection::stream_address::StreamAddress;
use super::dom_events::{Detail, dispatch, dispatch_error};
use super::presence::{EndsWith, Presence};
use super::{live_elements, page};
use crate::wire::{Gap, Position};

/// Called with what has happened.
pub(crate) type Told<T> = Rc<dyn Fn(&T)>;
/// Called with an event and the name it was subscribed to.
pub(crate) type ToldEvent = Rc<dyn Fn(&str, &MessageEvent)>;

/// What a source tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct SourceHooks {
    pub(crate) state: Option<Told<ConnectionState>>,
    pub(crate) gap: Option<Told<Gap>>,
    pub(crate) error: Option<Told<Event>>,
    pub(crate) message: Option<ToldEvent>,
}

impl fmt::Debug for SourceHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceHooks")
    }
}

/// Who consumes events of a source.
pub(crate) trait Consumer {
    /// Takes an event of the name it subscribed to.
    fn receive(&self, name: &str, event: &MessageEvent);
}

/// An element's own view of a stream.
pub(crate) struct SseSource {
    element: Element,
    connection: RefCell<Rc<SseConnection>>,
    cursor: Cursor,
    hooks: SourceHooks,
    consumers: RefCell<Vec<Entry>>,
    next_id: Cell<u64>,
    is_closed: Cell<bool>,
    presence: Presence,
    /// As it was written, to tell a change of it.
    url: RefCell<String>,
    has_announced: Cell<bool>,
}

struct Entry {
    id: u64,
    name: Rc<str>,
    consumer: Rc<dyn Consumer>,
}

impl fmt::Debug for SseSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SseSource")
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

impl SseSource {
    /// Connects an element to a stream, from a position if it was rendered at one.
    pub(crate) fn open(
        element: &Element,
        address: &StreamAddress,
        policy: RetryPolicy,
        from: Option<Position>,
        hooks: SourceHooks,
        ends_with: EndsWith,
    ) -> Rc<Self> {
        let source = Rc::new(Self {
            element: element.clone(),
            connection: RefCell::new(SseConnection::to(address, policy)),
            cursor: Cursor::new(from),
            hooks,
            consumers: RefCell::default(),
            next_id: Cell::default(),
            is_closed: Cell::default(),
            presence: Presence::new(ends_with, element),
            url: RefCell::new(address.url.clone()),
            has_announced: Cell::default(),
        });
        let connection = source.connection();
        connection.add_source(&source);
        source.announce_joined();
        source
    }

    /// Tells the state of a connection that was there before. Not at once: whoever made the source may
    /// be in the middle of rendering, and what is told runs code of the app.
    fn announce_joined(self: &Rc<Self>) {
        self.has_announced.set(false);
        let me = Rc::downgrade(self);
        page::microtask(move || {
            let me = me
                .upgrade()
                .filter(|me| !me.is_closed.get() && !me.has_announced.get());
            if let Some(me) = me {
                me.announce(&me.connection().state());
            }
        });
    }

    /// The address as it was given.
    pub(crate) fn url(&self) -> String {
        self.url.borrow().clone()
    }

    /// Leaves the stream for another one, with everybody who listens here.
    ///
    /// A position of one stream means nothing on another, so reading starts anew (ACT-11).
    pub(crate) fn move_to(self: &Rc<Self>, address: &StreamAddress, policy: RetryPolicy) {
        if self.is_closed.get() {
            return;
        }
        let next = SseConnection::to(address, policy);
        let left = self.connection.replace(Rc::clone(&next));
        left.remove_source(self);
        left.close_if_unused();
        self.cursor.forget();
        self.url.replace(address.url.clone());
        next.add_source(self);
        self.announce_joined();
    }

    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    pub(crate) fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    pub(crate) fn connection(&self) -> Rc<SseConnection> {
        Rc::clone(&self.connection.borrow())
    }

    /// The names that somebody here consumes.
    pub(crate) fn names(&self) -> Vec<Rc<str>> {
        self.consumers
            .borrow()
            .iter()
            .map(|entry| Rc::clone(&entry.name))
            .collect()
    }

    /// Whether somebody here consumes this name.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.consumers.borrow().iter().any(|entry| &*entry.name == name)
    }

    /// Hands events of a name to a consumer until the subscription is dropped.
    pub(crate) fn subscribe(self: &Rc<Self>, name: &str, consumer: Rc<dyn Consumer>) -> Subscription {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let name: Rc<str> = name.into();
        self.consumers.borrow_mut().push(Entry {
            id,
            name: Rc::clone(&name),
            consumer,
        });
        self.connection().listen(&name);
        Subscription {
            source: Rc::downgrade(self),
            id,
        }
    }

    /// Hands an event to everybody who wants its name, in the order in which they came (SSW-06).
    pub(crate) fn receive(&self, name: &str, event: &MessageEvent) {
        if self.ends_as_orphan() {
            return;
        }
        if let Some(message) = &self.hooks.message {
            message(name, event);
        }
        let ids: Vec<u64> = self
            .consumers
            .borrow()
            .iter()
            .filter(|entry| &*entry.name == name)
            .map(|entry| entry.id)
            .collect();
        for id in ids {
            // Looked up one by one: the consumer before may have removed this one.
            let consumer = self
                .consumers
                .borrow()
                .iter()
                .find(|entry| entry.id == id)
                .map(|entry| Rc::clone(&entry.consumer));
            if let Some(consumer) = consumer {
                consumer.receive(name, event);
            }
        }
    }

    /// Ends a source that was on the page and is not any more, without anybody having closed it (SSX-05).
    fn ends_as_orphan(&self) -> bool {
        let is_over = self.presence.is_over(&self.element);
        if is_over {
            self.close("nodeMissing");
            live_elements::release_with(&self.element);
        }
        is_over
    }

    pub(crate) fn failed(&self, event: &Event) {
        if self.ends_as_orphan() {
            return;
        }
        let detail = Detail::new()
            .with("error", event.clone())
            .with("source", self.connection().event_source());
        dispatch_error(&self.element, "htmx:sseError", &detail);
        if let Some(error) = &self.hooks.error {
            error(event);
        }
    }

    /// Events were lost, and this source is told which.
    pub(crate) fn lost(&self, gap: &Gap) {
        let from = gap.from.map(|from| from.to_string());
        let detail = Detail::new()
            .with("reason", gap.reason.as_str())
            .with("from", from.map_or(wasm_bindgen::JsValue::NULL, Into::into))
            .with("to", gap.to.to_string());
        // DIFFERENCE: htmx has no such event, as its streams cannot tell that something is missing.
        dispatch(&self.element, "live:gap", &detail);
        if let Some(told) = &self.hooks.gap {
            told(gap);
        }
    }

    pub(crate) fn announce(&self, state: &ConnectionState) {
        self.has_announced.set(true);
        // It fails only for a bad attribute name.
        let _ = self.element.set_attribute("data-state", state.as_str());
        if state.is_open() {
            let detail = Detail::new().with("source", self.connection().event_source());
            dispatch(&self.element, "htmx:sseOpen", &detail);
        }
        let released = ConnectionState::Closed {
            reason: CloseReason::Released,
        };
        if matches!(state, ConnectionState::Closed { .. }) && *state != released {
            self.announce_close("message");
        }
        if let Some(told) = &self.hooks.state {
            told(state);
        }
    }

    fn announce_close(&self, kind: &str) {
        let detail = Detail::new()
            .with("source", self.connection().event_source())
            .with("type", kind);
        dispatch(&self.element, "htmx:sseClose", &detail);
    }

    /// Lets go of the connection, which ends if this was its last source. Once is enough.
    ///
    /// `kind` is htmx's word for the occasion: `nodeReplaced`, `nodeMissing` or `message` (SSV-05).
    pub(crate) fn close(&self, kind: &str) {
        if self.is_closed.replace(true) {
            return;
        }
        self.announce_close(kind);
        let connection = self.connection();
        connection.remove_source(self);
        self.consumers.take();
        connection.close_if_unused();
    }
}

/// A consumer's place at a source; dropping it ends the subscription.
#[derive(Debug)]
pub(crate) struct Subscription {
    source: Weak<SseSource>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(source) = self.source.upgrade() {
            let removed: Vec<Entry> = {
                let mut consumers = source.consumers.borrow_mut();
                let (keep, removed) = consumers.drain(..).partition(|entry| entry.id != self.id);
                *consumers = keep;
                removed
            };
            for entry in &removed {
                source.connection().unlisten(&entry.name);
            }
            // Dropped here, with nothing borrowed: a consumer may own what drops in turn.
            drop(removed);
        }
    }
}
