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
use super::live_elements;
use super::presence::EndsWith;
use super::source::{self, Hold, Source};
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
    hold: Hold<SseConnection>,
    cursor: Cursor,
    hooks: SourceHooks,
    consumers: RefCell<Vec<Entry>>,
    next_id: Cell<u64>,
    /// The name of the event that is the last one (SSX-01).
    last: RefCell<Option<Rc<str>>>,
}

/// Who an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    All,
    /// Those who came when the source had seen it already.
    New,
}

struct Entry {
    id: u64,
    name: Rc<str>,
    /// It has not had the newest values yet.
    is_new: Cell<bool>,
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
        let connection = SseConnection::to(address, policy);
        let source = Rc::new(Self {
            hold: Hold::new(element, &address.url, connection, ends_with),
            cursor: Cursor::new(from),
            hooks,
            consumers: RefCell::default(),
            next_id: Cell::default(),
            last: RefCell::default(),
        });
        source::join(&source);
        source
    }

    /// Leaves the stream for another one, with everybody who listens here.
    ///
    /// A position of one stream means nothing on another, so reading starts anew (ACT-11).
    pub(crate) fn move_to(self: &Rc<Self>, address: &StreamAddress, policy: RetryPolicy) {
        if !self.hold.is_closed() {
            self.cursor.forget();
            source::move_to(self, &address.url, SseConnection::to(address, policy));
        }
    }

    pub(crate) fn element(&self) -> &Element {
        self.hold.element()
    }

    pub(crate) fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    pub(crate) fn connection(&self) -> Rc<SseConnection> {
        self.hold.connection()
    }

    /// The names that somebody here consumes, and that of the last event.
    pub(crate) fn names(&self) -> Vec<Rc<str>> {
        let consumers = self.consumers.borrow();
        let consumed = consumers.iter().map(|entry| Rc::clone(&entry.name));
        consumed.chain(self.last.borrow().clone()).collect()
    }

    /// Whether this name is among them.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.is_last(name) || self.consumers.borrow().iter().any(|entry| &*entry.name == name)
    }

    fn is_last(&self, name: &str) -> bool {
        self.last.borrow().as_deref() == Some(name)
    }

    /// Names the event after which the source is over: `sse-close` (SSX-01).
    pub(crate) fn close_on(&self, name: Option<&str>) {
        let before = self.last.replace(name.map(Rc::from));
        if let Some(name) = &*self.last.borrow() {
            self.connection().listen(name);
        }
        if let Some(before) = before {
            self.connection().unlisten(&before);
        }
    }

    /// Whether somebody here has to be given the newest values.
    pub(crate) fn needs_latest(&self) -> bool {
        self.cursor.at().is_none() || self.consumers.borrow().iter().any(|entry| entry.is_new.get())
    }

    /// The newest values have been given to all.
    pub(crate) fn live(&self, position: Position) {
        self.cursor.live(position);
        for entry in &*self.consumers.borrow() {
            entry.is_new.set(false);
        }
    }

    /// Gives a consumer that was mounted on a page which is live already what it could not see before.
    pub(crate) fn subscribe_late(self: &Rc<Self>, name: &str, consumer: Rc<dyn Consumer>) -> Subscription {
        let subscription = self.subscribe(name, consumer);
        if self.connection().has_begun_with_latest() {
            if let Some(entry) = self.consumers.borrow().last() {
                entry.is_new.set(true);
            }
            self.connection().ask_for_latest();
        }
        subscription
    }

    /// Hands events of a name to a consumer until the subscription is dropped.
    pub(crate) fn subscribe(self: &Rc<Self>, name: &str, consumer: Rc<dyn Consumer>) -> Subscription {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let name: Rc<str> = name.into();
        self.consumers.borrow_mut().push(Entry {
            id,
            name: Rc::clone(&name),
            is_new: Cell::new(false),
            consumer,
        });
        self.connection().listen(&name);
        Subscription {
            source: Rc::downgrade(self),
            id,
        }
    }

    /// Hands an event to everybody who wants its name, in the order in which they came (SSW-06).
    pub(crate) fn receive(&self, name: &str, event: &MessageEvent, audience: Audience) {
        if self.ends_as_orphan() || self.hold.is_closed() {
            return;
        }
        // What a snapshot repeats for somebody new has been the last before, and was not.
        let is_last = audience == Audience::All && self.is_last(name);
        if is_last && self.hold.end() {
            // Nobody hears anything more, but those who consume this event still get it (SSX-02).
            self.announce_close("message");
            source::leave(self);
        }
        let is_meant =
            |entry: &&Entry| &*entry.name == name && (audience == Audience::All || entry.is_new.get());
        let ids: Vec<u64> = self
            .consumers
            .borrow()
            .iter()
            .filter(is_meant)
            .map(|entry| entry.id)
            .collect();
        // Another source of the same connection may listen to names that nobody listens to here.
        let told = self.hooks.message.as_ref().filter(|_| !ids.is_empty());
        if let Some(message) = told.filter(|_| audience == Audience::All) {
            message(name, event);
        }
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
        if is_last {
            drop(self.consumers.take());
            let reason = CloseReason::EndedByServer;
            let state = ConnectionState::Closed { reason };
            self.hold.show(&state);
            self.tell(&state);
        }
    }

    fn tell(&self, state: &ConnectionState) {
        if let Some(told) = &self.hooks.state {
            told(state);
        }
    }

    /// Ends a source that was on the page and is not any more, without anybody having closed it (SSX-05).
    pub(crate) fn ends_as_orphan(&self) -> bool {
        let is_over = self.hold.is_orphaned();
        if is_over {
            self.close("nodeMissing");
            live_elements::release_with(self.element());
        }
        is_over
    }

    pub(crate) fn failed(&self, event: &Event) {
        if self.ends_as_orphan() || self.hold.is_closed() {
            return;
        }
        let detail = Detail::new()
            .with("error", event.clone())
            .with("source", self.connection().event_source());
        dispatch_error(self.element(), "htmx:sseError", &detail);
        if let Some(error) = &self.hooks.error {
            error(event);
        }
    }

    /// Events were lost, and this source is told which.
    pub(crate) fn lost(&self, gap: &Gap) {
        source::tell_gap(&self.hold, self.hooks.gap.as_ref(), gap);
    }

    fn announce_close(&self, kind: &str) {
        let detail = Detail::new()
            .with("source", self.connection().event_source())
            .with("type", kind);
        dispatch(self.element(), "htmx:sseClose", &detail);
    }

    /// Lets go of the connection, which ends if this was its last source. Once is enough.
    ///
    /// `kind` is htmx's word for the occasion: `nodeReplaced`, `nodeMissing` or `message` (SSV-05).
    pub(crate) fn close(&self, kind: &str) {
        if self.hold.end() {
            self.announce_close(kind);
            self.consumers.take();
            source::leave(self);
        }
    }
}

impl Source for SseSource {
    type Connection = SseConnection;

    fn hold(&self) -> &Hold<SseConnection> {
        &self.hold
    }

    fn announce(&self, state: &ConnectionState) {
        self.hold.show(state);
        if state.is_open() {
            let detail = Detail::new().with("source", self.connection().event_source());
            dispatch(self.element(), "htmx:sseOpen", &detail);
        }
        let released = ConnectionState::Closed {
            reason: CloseReason::Released,
        };
        if matches!(state, ConnectionState::Closed { .. }) && *state != released {
            self.announce_close("message");
        }
        self.tell(state);
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
