//! A stream, shared by every source of the page that wants the same one.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Event, EventSource, MessageEvent};

use super::cursor::{needs_restart, oldest};
use super::event_source::{Hearer, Transport};
use super::link::{Driver, Link, drive, follow_page, on_link};
use super::machine::Input;
use super::probe::Probe;
use super::retry_policy::RetryPolicy;
use super::shared::Shared;
use super::state::{CloseReason, ConnectionState};
use super::stream_address::StreamAddress;
use crate::browser::sse_source::SseSource;
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
    sources: RefCell<Vec<Weak<SseSource>>>,
    /// Everything up to here has been handed to the sources.
    delivered: Cell<Option<Position>>,
    /// The stream has said that it keeps positions.
    is_ours: Cell<bool>,
}

impl SseConnection {
    /// The page's connection to this address. It opens one microtask later, so that sources mounted
    /// together are all heard before the position to resume from is chosen.
    pub(crate) fn to(address: &StreamAddress, policy: RetryPolicy) -> Rc<Self> {
        let address = address.resolved();
        let connection = STREAMS.with(|streams| {
            streams.get_or_make(&address.key(), address.private, || {
                let connection = Rc::new_cyclic(|me| Self {
                    me: Weak::clone(me),
                    address: address.clone(),
                    driver: Driver::new(policy),
                    transport: RefCell::default(),
                    probe: RefCell::default(),
                    sources: RefCell::default(),
                    delivered: Cell::default(),
                    is_ours: Cell::default(),
                });
                let link: Rc<dyn Link> = connection.clone();
                follow_page(&link);
                connection
            })
        });
        let link: Rc<dyn Link> = connection.clone();
        page::microtask(on_link(&link, |link| drive(link, Input::Open)));
        connection
    }

    pub(crate) fn state(&self) -> ConnectionState {
        self.driver.state()
    }

    /// The transport in use, as the detail of events (SSV-01).
    pub(crate) fn event_source(&self) -> JsValue {
        self.transport
            .borrow()
            .as_ref()
            .map_or(JsValue::NULL, Transport::object)
    }

    /// Makes a source one of those that events are handed to.
    pub(crate) fn add_source(&self, source: &Rc<SseSource>) {
        self.sources.borrow_mut().push(Rc::downgrade(source));
        let wanted = source.cursor().at();
        source.cursor().join(self.delivered.get());
        for name in source.names() {
            self.listen(&name);
        }
        if self.transport.borrow().is_some() && needs_restart(wanted, self.delivered.get()) {
            self.drive(Input::Restart);
        }
    }

    /// Lets a source go.
    pub(crate) fn remove_source(&self, source: &SseSource) {
        self.sources.borrow_mut().retain(|known| {
            known
                .upgrade()
                .is_some_and(|known| !std::ptr::eq(&*known, source))
        });
    }

    /// Ends the connection when no source is left. Whoever still holds a reference cannot use it.
    pub(crate) fn close_if_unused(&self) {
        if self.sources().is_empty() {
            self.drive(Input::Close(CloseReason::Released));
        }
    }

    /// Starts hearing events of this name, if it is not heard already.
    pub(crate) fn listen(&self, name: &Rc<str>) {
        if let Some(transport) = &mut *self.transport.borrow_mut() {
            transport.listen(name, &self.hearer());
        }
    }

    /// Stops hearing events of this name, if nobody wants them any more.
    pub(crate) fn unlisten(&self, name: &str) {
        let is_wanted = self.sources().iter().any(|source| source.wants(name));
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

    /// The sources as they are now, so that handlers may add and remove some.
    fn sources(&self) -> Vec<Rc<SseSource>> {
        self.sources.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    fn url(&self) -> String {
        let cursors: Vec<_> = self
            .sources()
            .iter()
            .filter_map(|source| source.cursor().at())
            .collect();
        self.address
            .resuming_at(oldest(cursors.into_iter(), self.delivered.get()))
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
                for source in self.sources() {
                    source.cursor().heartbeat(position);
                }
            }
            Control::Retry(delay) => self.drive(Input::RetryAfter(delay)),
            Control::Snapshot(_) => self.drive(Input::Received),
            Control::Live(position) => {
                self.advance(position);
                for source in self.sources() {
                    source.cursor().live(position);
                }
            }
            Control::Gap(gap) => self.gap(&gap),
            Control::Close => self.drive(Input::Close(CloseReason::EndedByServer)),
        }
    }

    fn gap(&self, gap: &Gap) {
        for source in self.sources() {
            if source.cursor().gap(gap) {
                source.lost(gap);
            }
        }
    }

    fn ask_for_status(&self) {
        let me = Weak::clone(&self.me);
        let probe = Probe::start(&self.url(), self.address.with_credentials, move |status| {
            if let Some(me) = me.upgrade() {
                me.drive(Input::Status(status));
            }
        });
        self.probe.replace(probe);
    }
}

impl Link for SseConnection {
    fn driver(&self) -> &Driver {
        &self.driver
    }

    fn connect(&self) {
        self.probe.take();
        for source in self.sources() {
            source.cursor().reconnecting();
        }
        let url = self.url();
        let Some(transport) = Transport::open(&url, self.address.with_credentials, &self.hearer()) else {
            diagnostics::report_plain(&format!("expected the address of a stream, found `{url}`"));
            self.close(CloseReason::BadAddress);
            return;
        };
        self.transport.replace(Some(transport));
        for source in self.sources() {
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
        for source in self.sources() {
            source.announce(state);
        }
    }
}

impl Hearer for SseConnection {
    fn opened(&self) {
        self.drive(Input::Opened);
    }

    fn failed(&self, transport: &EventSource, event: &Event) {
        let is_final = transport.ready_state() == EventSource::CLOSED;
        for source in self.sources() {
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
        for source in self.sources() {
            if source.cursor().take(position) {
                source.receive(name, event);
            }
        }
    }
}
