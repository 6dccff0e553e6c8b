//! A source: an element that owns a stream, for those inside it who consume its events.
//!
//! Subscriptions belong to the source and not to the transport, so a reconnection leaves them
//! untouched (SSR-09, SSR-10); and so does a time without any stream, while the source is paused or switched off.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use web_sys::{Element, Event, MessageEvent};

use super::abort::AbortListener;
use super::connection::cursor::Cursor;
use super::connection::reauthorization::{self, Answers, GetCredentials};
use super::connection::retry_policy::RetryPolicy;
use super::connection::sse::SseConnection;
use super::connection::state::{CloseReason, ConnectionState};
use super::connection::stream_address::StreamAddress;
use super::consumers::Consumers;
use super::demand::{Demand, Demanded};
use super::dom_events::{Detail, dispatch, dispatch_error};
use super::listener::Listener;
use super::live_elements;
use super::presence::EndsWith;
use super::source::{self, Hold, Source};
use super::sse_resuming::Resuming;
use super::version_skew;
use crate::wire::{Gap, Position, Resumption, VersionSkew};

pub(crate) use super::consumers::{ANY_NAME, Audience, Consumer};
pub(crate) use super::sse_subscribing::Subscription;

/// Called with what has happened.
pub(crate) type Told<T> = Rc<dyn Fn(&T)>;
/// Called with an event and the name it was subscribed to.
pub(crate) type ToldEvent = Rc<dyn Fn(&str, &MessageEvent)>;
/// Asked whether something may be.
pub(crate) type Asked = Rc<dyn Fn() -> bool>;

/// What a source tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct SourceHooks {
    pub(crate) state: Option<Told<ConnectionState>>,
    pub(crate) gap: Option<Told<Gap>>,
    pub(crate) error: Option<Told<Event>>,
    pub(crate) message: Option<ToldEvent>,
    /// Asked before each request; `false` and the source does not connect (SS4-13).
    pub(crate) before: Option<Asked>,
    /// Told when the source returns to a stream that cannot say what was missed meanwhile (SS4-29).
    pub(crate) resync: Option<Rc<dyn Fn()>>,
    /// Told what was missed, each time the stream goes on.
    pub(crate) resumed: Option<Told<Resumption>>,
    /// Gets other credentials than those that were refused.
    pub(crate) unauthorized: Option<GetCredentials>,
    pub(crate) version: Option<Told<VersionSkew>>,
}

impl fmt::Debug for SourceHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceHooks")
    }
}

/// An element's own view of a stream.
pub(crate) struct SseSource {
    pub(super) hold: Hold<SseConnection>,
    pub(super) cursor: Rc<Cursor>,
    /// Where the server has rendered what stands in it.
    pub(super) rendered_at: Cell<Option<Position>>,
    pub(super) hooks: SourceHooks,
    pub(super) consumers: Consumers,
    pub(super) demand: Demand,
    /// It is one of those that its connection hands events to.
    pub(super) is_joined: Cell<bool>,
    /// It was, and the stream was open.
    pub(super) has_been_open: Cell<bool>,
    pub(super) resuming: Resuming,
    pub(super) listeners: RefCell<Vec<Listener>>,
    pub(super) abort: RefCell<Option<AbortListener>>,
    /// The name of the event that is the last one (SSX-01).
    last: RefCell<Option<Rc<str>>>,
}

impl fmt::Debug for SseSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SseSource")
            .field("cursor", &self.cursor)
            .field("demand", &self.demand)
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
        let source = Self::make(element, address, policy, from, hooks, ends_with);
        source.follow();
        source
    }

    /// A source that waits to be connected, by [`follow`](Self::follow) or whatever else says so.
    pub(crate) fn make(
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
            cursor: Rc::new(Cursor::new(from)),
            rendered_at: Cell::new(from),
            hooks,
            consumers: Consumers::default(),
            demand: Demand::default(),
            is_joined: Cell::default(),
            has_been_open: Cell::default(),
            resuming: Resuming::default(),
            listeners: RefCell::default(),
            abort: RefCell::default(),
            last: RefCell::default(),
        });
        source.obey_abort();
        source
    }

    /// Leaves the stream for another one, with everybody who listens here.
    ///
    /// A position of one stream means nothing on another, so reading starts anew (ACT-11).
    pub(crate) fn move_to(self: &Rc<Self>, address: &StreamAddress, policy: RetryPolicy) {
        if self.hold.is_closed() {
            return;
        }
        self.forget();
        self.resuming.forget();
        self.has_been_open.set(false);
        let next = SseConnection::to(address, policy);
        if self.is_joined.get() {
            source::move_to(self, &address.url, next);
        } else {
            self.hold.turn_to(&address.url, next);
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
        let mut names = self.consumers.names();
        names.extend(self.last.borrow().clone());
        names
    }

    /// Whether this name is among them.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.is_last(name) || self.consumers.wants(name)
    }

    fn is_last(&self, name: &str) -> bool {
        self.last.borrow().as_deref() == Some(name)
    }

    /// Names the event after which the stream is over: `sse-close` (SSX-01).
    pub(crate) fn close_on(&self, name: Option<&str>) {
        let before = self.last.replace(name.map(Rc::from));
        if let Some(name) = &*self.last.borrow() {
            self.connection().listen(name);
        }
        if let Some(before) = before {
            self.connection().unlisten(&before);
        }
    }

    /// Whether somebody here came after the newest values had been given.
    pub(crate) fn has_new(&self) -> bool {
        self.consumers.has_new()
    }

    /// Hands an event to everybody who wants its name and has not seen it; `takers` are those of the late ones.
    pub(crate) fn receive(
        &self,
        name: &str,
        event: &MessageEvent,
        audience: Option<Audience>,
        takers: &[u64],
    ) {
        if self.ends_as_orphan() || self.is_away() {
            return;
        }
        // What is repeated for somebody was not the last, or nobody would be here.
        let is_new = audience == Some(Audience::All);
        let is_last = is_new && self.is_last(name);
        if is_last {
            // Nothing more comes, but those who consume this event still get it (SSX-02).
            self.leave_at_last();
        }
        let ids = self.consumers.meant(name, audience, takers);
        // Another source of the same connection may listen to names that nobody listens to here.
        let told = self.hooks.message.as_ref().filter(|_| !ids.is_empty());
        if let Some(message) = told.filter(|_| is_new) {
            message(name, event);
        }
        for id in ids {
            // Looked up one by one: the consumer before may have removed this one.
            if let Some(consumer) = self.consumers.get(id) {
                consumer.receive(name, event);
            }
        }
        if is_last && self.is_away() && !self.hold.is_closed() {
            self.show_and_tell(&ConnectionState::Closed {
                reason: CloseReason::EndedByServer,
            });
        }
    }

    /// Whether it takes nothing: it is over, or somebody who was told before has just paused it.
    pub(crate) fn is_away(&self) -> bool {
        self.hold.is_closed() || !self.is_joined.get()
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

    /// The stream fails; the status is known where a request of our own was answered (SS4-19).
    pub(crate) fn failed(&self, event: &Event, status: Option<u16>) {
        if self.ends_as_orphan() || self.is_away() {
            return;
        }
        let mut detail = Detail::new()
            .with("error", event.clone())
            .with("source", self.connection().stream_object());
        if let Some(status) = status {
            detail = detail.with("status", status);
        }
        dispatch_error(self.element(), "htmx:sseError", &detail);
        if let Some(error) = &self.hooks.error {
            error(event);
        }
    }

    pub(crate) fn upstream(&self, is_up: bool) {
        if !self.is_away() {
            source::tell_upstream(&self.hold, is_up);
        }
    }

    pub(crate) fn outdated(&self, server: u32) {
        if !self.is_away() {
            version_skew::tell(self.element(), self.hooks.version.as_ref(), server);
        }
    }

    pub(crate) fn ask_for_credentials(&self, refused_with: u16) -> Option<Answers> {
        let own = self.hooks.unauthorized.as_ref();
        reauthorization::ask(self.element(), own, refused_with)
    }

    pub(super) fn announce_close(&self, kind: &str) {
        // What was received is on the page before the page is told that nothing more comes.
        for consumer in self.consumers.all() {
            consumer.flush();
        }
        let detail = Detail::new()
            .with("source", self.connection().stream_object())
            .with("type", kind);
        dispatch(self.element(), "htmx:sseClose", &detail);
    }

    /// Tells whoever made the source.
    pub(super) fn tell(&self, state: &ConnectionState) {
        if let Some(told) = &self.hooks.state {
            told(state);
        }
    }

    /// Lets go of the connection, which ends if this was its last source. Once is enough.
    ///
    /// `kind` is htmx's word for the occasion: `nodeReplaced`, `nodeMissing` or `message` (SSV-05).
    pub(crate) fn close(&self, kind: &str) {
        if self.hold.end() {
            self.announce_close(kind);
            self.listeners.take();
            self.abort.take();
            source::leave(self);
            self.consumers.clear();
        }
    }
}

impl Source for SseSource {
    type Connection = SseConnection;

    fn hold(&self) -> &Hold<SseConnection> {
        &self.hold
    }

    fn announce(&self, state: &ConnectionState) {
        // Who was told before may have paused or closed this one.
        if self.is_away() {
            return;
        }
        self.hold.show(state);
        if state.is_open() {
            self.has_been_open.set(true);
            let detail = Detail::new().with("source", self.connection().stream_object());
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
