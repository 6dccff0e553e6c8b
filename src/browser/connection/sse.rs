//! A stream, shared by every source of the page that wants the same one.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Event, EventSource, MessageEvent};

use super::cursor::{needs_restart, oldest};
use super::event_source::{Hearer, Transport};
use super::link::{Driver, Link, drive, follow_page, on_link, open_if_wanted};
use super::machine::Input;
use super::owners::Owners;
use super::probe::Probe;
use super::retry_policy::RetryPolicy;
use super::shared::Shared;
use super::state::{CloseReason, ConnectionState};
use super::stream_address::StreamAddress;
use crate::browser::source::{Connection, Source};
use crate::browser::sse_source::{Audience, SseSource};
use crate::browser::{diagnostics, page};
use crate::wire::{Control, ControlKind, Gap, Position};

thread_local! {
    static STREAMS: Shared<SseConnection> = Shared::default();
}

/// An open, opening or waiting stream.
#[derive(Debug)]
pub(crate) struct SseConnection {
    me: Weak<Self>,
    address: StreamAddress,
    driver: Driver,
    transport: RefCell<Option<Transport>>,
    probe: RefCell<Option<Probe>>,
    sources: Owners<SseSource>,
    /// Everything up to here has been handed to the sources.
    delivered: Cell<Option<Position>>,
    /// The stream has said that it keeps positions.
    is_ours: Cell<bool>,
    /// The stream has newest values that can be asked for.
    has_latest: Cell<bool>,
    /// What comes is the retained state, of which most may be known here.
    in_snapshot: Cell<bool>,
    will_restart: Cell<bool>,
}

impl SseConnection {
    /// The page's connection to this address. It opens one microtask later, so that sources mounted
    /// together are all heard before the position to resume from is chosen.
    pub(crate) fn to(address: &StreamAddress, policy: RetryPolicy) -> Rc<Self> {
        let address = address.resolved();
        let make = || Self::make(&address, policy);
        let connection = if address.private {
            make()
        } else {
            STREAMS.with(|streams| streams.get_or_make(&address.key(), |_| true, make))
        };
        let link: Rc<dyn Link> = connection.clone();
        page::microtask(on_link(&link, open_if_wanted));
        connection
    }

    fn make(address: &StreamAddress, policy: RetryPolicy) -> Rc<Self> {
        let connection = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            address: address.clone(),
            driver: Driver::new(policy),
            transport: RefCell::default(),
            probe: RefCell::default(),
            sources: Owners::default(),
            delivered: Cell::default(),
            is_ours: Cell::default(),
            has_latest: Cell::default(),
            in_snapshot: Cell::default(),
            will_restart: Cell::default(),
        });
        let link: Rc<dyn Link> = connection.clone();
        follow_page(&link);
        connection
    }

    /// Connects anew, once for all who want that at this moment.
    fn restart_soon(&self) {
        let Some(me) = self.me.upgrade().filter(|me| !me.will_restart.replace(true)) else {
            return;
        };
        let link: Rc<dyn Link> = me.clone();
        page::microtask(move || {
            me.will_restart.set(false);
            drive(&link, Input::Restart);
        });
    }

    /// Somebody new has joined a stream that has begun, and needs the values that it began with (decision 5).
    ///
    /// Asking for them in a new connection is exact for every retention, and everybody else leaves out what they have.
    /// Values kept here would be those of names that somebody listened to, and no others.
    pub(crate) fn ask_for_latest(&self) {
        if self.has_begun_with_latest() {
            self.restart_soon();
        }
    }

    /// Whether the stream has begun, and has newest values.
    pub(crate) fn has_begun_with_latest(&self) -> bool {
        self.has_latest.get() && self.transport.borrow().is_some()
    }

    /// The transport in use, as the detail of events (SSV-01).
    pub(crate) fn event_source(&self) -> JsValue {
        self.transport
            .borrow()
            .as_ref()
            .map_or(JsValue::NULL, Transport::object)
    }

    /// Starts hearing events of this name, if it is not heard already.
    pub(crate) fn listen(&self, name: &Rc<str>) {
        if let Some(transport) = &mut *self.transport.borrow_mut() {
            transport.listen(name, &self.hearer());
        }
    }

    /// Stops hearing events of this name, if nobody wants them any more.
    pub(crate) fn unlisten(&self, name: &str) {
        let is_wanted = self.sources.all().iter().any(|source| source.wants(name));
        if let (false, Some(transport)) = (is_wanted, &mut *self.transport.borrow_mut()) {
            transport.unlisten(name);
        }
    }

    fn hearer(&self) -> Weak<dyn Hearer> {
        self.me.clone()
    }

    pub(crate) fn close(&self, reason: CloseReason) {
        self.drive(Input::Close(reason));
    }

    fn drive(&self, input: Input) {
        if let Some(me) = self.me.upgrade() {
            let link: Rc<dyn Link> = me;
            drive(&link, input);
        }
    }

    /// The position from which a new connection has to go on.
    fn wanted(&self) -> Option<Position> {
        let sources = self.sources.all();
        let cursors = sources.iter().filter_map(|source| source.cursor().at());
        oldest(cursors, self.delivered.get())
    }

    fn advance(&self, position: Position) {
        if !self
            .delivered
            .get()
            .is_some_and(|delivered| position.is_covered_by(delivered))
        {
            self.delivered.set(Some(position));
        }
    }

    fn obey(&self, control: Control) {
        match control {
            Control::Heartbeat(position) => {
                self.is_ours.set(true);
                self.drive(Input::Heartbeat);
                self.delivered.set(Some(position));
                for source in self.sources.all() {
                    // SSX-05: a quiet stream notices, too, whose element a script has taken away.
                    if !source.ends_as_orphan() {
                        source.cursor().heartbeat(position);
                    }
                }
            }
            Control::Latest => self.has_latest.set(true),
            Control::Retry(delay) => self.drive(Input::RetryAfter(delay)),
            Control::Snapshot(_) => {
                self.drive(Input::Received);
                self.in_snapshot.set(true);
            }
            Control::Live(position) => {
                self.in_snapshot.set(false);
                self.advance(position);
                for source in self.sources.all() {
                    source.live(position);
                }
            }
            Control::Gap(gap) => self.gap(&gap),
            Control::Close => self.drive(Input::Close(CloseReason::EndedByServer)),
        }
    }

    fn gap(&self, gap: &Gap) {
        for source in self.sources.all() {
            if source.cursor().gap(gap) {
                source.lost(gap);
            }
        }
    }

    fn ask_for_status(&self) {
        let me = Weak::clone(&self.me);
        let url = self.address.resuming_at(self.wanted(), false);
        let probe = Probe::start(&url, self.address.with_credentials, move |status| {
            if let Some(me) = me.upgrade() {
                me.drive(Input::Status(status));
            }
        });
        self.probe.replace(probe);
    }
}

impl Connection<SseSource> for SseConnection {
    fn state(&self) -> ConnectionState {
        self.driver.state()
    }

    fn add_source(&self, source: &Rc<SseSource>) {
        self.sources.add(source);
        for name in source.names() {
            self.listen(&name);
        }
        if self.transport.borrow().is_none() {
            // It is asked for its position when the connection opens.
            return;
        }
        match source.cursor().at() {
            None => self.ask_for_latest(),
            Some(wanted) if needs_restart(wanted, self.delivered.get()) => self.restart_soon(),
            _ => {}
        }
    }

    fn remove_source(&self, source: &SseSource) {
        self.sources.remove(source);
    }

    fn close_if_unused(&self) {
        if self.sources.is_empty() {
            self.drive(Input::Close(CloseReason::Released));
        }
    }
}

impl Link for SseConnection {
    fn driver(&self) -> &Driver {
        &self.driver
    }

    fn is_wanted(&self) -> bool {
        !self.sources.is_empty()
    }

    fn connect(&self) {
        self.probe.take();
        for source in self.sources.all() {
            source.ends_as_orphan();
        }
        // SSR-03: nothing is opened for whoever has left the page meanwhile.
        if self.sources.is_empty() {
            return;
        }
        self.in_snapshot.set(false);
        let sources = self.sources.all();
        for source in &sources {
            source.cursor().reconnecting();
        }
        let with_latest = sources.iter().any(|source| source.needs_latest());
        let url = self.address.resuming_at(self.wanted(), with_latest);
        let Some(transport) = Transport::open(&url, self.address.with_credentials, &self.hearer()) else {
            diagnostics::report_plain(&format!("expected the address of a stream, found `{url}`"));
            self.close(CloseReason::BadAddress);
            return;
        };
        self.transport.replace(Some(transport));
        for source in self.sources.all() {
            for name in source.names() {
                self.listen(&name);
            }
        }
    }

    fn disconnect(&self) {
        let transport = self.transport.take();
        drop(transport);
    }

    fn announce(&self, state: &ConnectionState) {
        for source in self.sources.all() {
            // Whoever was told before may have changed the state, and then all have been told of that.
            if self.state() == *state {
                source.announce(state);
            }
        }
    }
}

impl Hearer for SseConnection {
    fn opened(&self) {
        self.drive(Input::Opened);
    }

    fn failed(&self, transport: &EventSource, event: &Event) {
        let is_final = transport.ready_state() == EventSource::CLOSED;
        for source in self.sources.all() {
            source.failed(event);
        }
        // A listener may have closed or replaced the connection.
        if self.event_source() != *AsRef::<JsValue>::as_ref(transport) {
            return;
        }
        if is_final {
            self.drive(Input::Lost);
            self.ask_for_status();
        } else if self.is_ours.get() {
            self.drive(Input::Lost);
        } else {
            self.drive(Input::BrowserReconnects);
        }
    }

    fn control(&self, kind: ControlKind, event: &MessageEvent) {
        let data = event.data().as_string().unwrap_or_default();
        match Control::parse(kind, &data) {
            Ok(control) => self.obey(control),
            Err(error) => diagnostics::report_plain(&format!("{}: {error}", self.address.url)),
        }
    }

    fn received(&self, name: &Rc<str>, event: &MessageEvent) {
        self.drive(Input::Received);
        // Ids of other people's streams mean nothing to us.
        let position = if self.is_ours.get() {
            event.last_event_id().parse().ok()
        } else {
            None
        };
        if let Some(position) = position {
            self.advance(position);
        }
        for source in self.sources.all() {
            if source.cursor().take(position) {
                source.receive(name, event, Audience::All);
            } else if self.in_snapshot.get() {
                source.receive(name, event, Audience::New);
            }
        }
    }
}
