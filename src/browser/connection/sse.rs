//! A stream, shared by every source of the page that wants the same one.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;

use super::early::{self, Said};
use super::event_source;
use super::hearing::{cursors, each, has_new, names};
use super::link::{Driver, Link, drive, follow_page, on_link, open_if_wanted};
use super::machine::Input;
use super::owners::Owners;
use super::probe::Probe;
use super::progress::Progress;
use super::reauthorization::Answers;
use super::retry_policy::RetryPolicy;
use super::shared::Shared;
use super::source_request::SourceRequest;
use super::state::{CloseReason, ConnectionState};
use super::stream_address::{StreamAddress, position_text};
use super::stream_limit::Place;
use super::transport::{Hearer, Opening, Transport, by_fetch};
use crate::browser::page_connections::Announced;
use crate::browser::source::{Connection, Source};
use crate::browser::sse_source::{ANY_NAME, SseSource};
use crate::browser::timer::Timer;
use crate::browser::{diagnostics, interned, page};

thread_local! {
    static STREAMS: Shared<SseConnection> = const { Shared::new() };
}

/// An open, opening or waiting stream.
#[derive(Debug)]
pub(crate) struct SseConnection {
    pub(super) me: Weak<Self>,
    pub(super) address: StreamAddress,
    driver: Driver,
    pub(super) transport: RefCell<Option<Box<dyn Transport>>>,
    pub(super) probe: RefCell<Option<Probe>>,
    pub(super) sources: Owners<SseSource>,
    pub(super) progress: Progress,
    /// The last id of a stranger's stream, which only a request of our own can send.
    pub(super) last_event_id: RefCell<String>,
    /// Makes the name of the connection known, where the server has told it.
    pub(super) announced: RefCell<Option<Announced>>,
    /// The stream has yet to say what was lost.
    pub(super) greets: Cell<bool>,
    /// Its place among those that a server allows.
    place: RefCell<Option<Place>>,
    will_restart: Cell<bool>,
    /// The names of which everything was heard since the transport was opened.
    pub(super) heard: RefCell<Vec<Rc<str>>>,
    /// Counts the transports.
    pub(super) openings: Cell<u32>,
    /// Waits for those who come with the page, as they would miss what an early stream has said.
    opening: RefCell<Option<Timer>>,
    /// What is yet to be handed over from such a stream.
    pub(super) said: RefCell<Option<Said>>,
}

impl SseConnection {
    /// The page's connection to this address. It opens one microtask later, so that sources mounted
    /// together are all heard before the position to resume from is chosen.
    pub(crate) fn to(address: &StreamAddress, policy: RetryPolicy) -> Rc<Self> {
        interned::prepare_to_swap();
        let address = address.resolved();
        let make = || Self::make(&address, policy);
        let connection = match address.key() {
            None => make(),
            Some(key) => STREAMS.with(|streams| streams.get_or_make(&key, |_| true, make)),
        };
        connection.open_soon();
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
            progress: Progress::default(),
            last_event_id: RefCell::default(),
            announced: RefCell::default(),
            greets: Cell::default(),
            place: RefCell::default(),
            will_restart: Cell::default(),
            opening: RefCell::default(),
            said: RefCell::default(),
            heard: RefCell::default(),
            openings: Cell::default(),
        });
        let link: Rc<dyn Link> = connection.clone();
        follow_page(&link);
        connection
    }

    /// Opens the stream if somebody wants it and it is not open, one microtask later.
    pub(crate) fn open_soon(&self) {
        if let Some(me) = self.me.upgrade() {
            let link: Rc<dyn Link> = me;
            let open = on_link(&link, open_if_wanted);
            if early::is_there() {
                let timer = Timer::start(0, open);
                self.opening.replace(timer);
            } else {
                page::microtask(open);
            }
        }
    }

    /// Opens the stream now because somebody asks for it: again if it has ended, at once if it waits to be opened.
    ///
    /// A finite stream that runs is aborted for the new one (SS4-34), which has nothing to do with what was before;
    /// any other is there already (ACT-12).
    pub(crate) fn open_again(&self) {
        if self.address.is_finite() {
            self.forget();
            self.drive(Input::Restart);
        }
        self.drive(Input::Open);
        self.drive(Input::Nudge);
    }

    /// Connects anew, once for all who want that at this moment.
    pub(super) fn restart_soon(&self) {
        let Some(me) = self.me.upgrade().filter(|me| !me.will_restart.replace(true)) else {
            return;
        };
        let link: Rc<dyn Link> = me.clone();
        page::microtask(move || {
            me.will_restart.set(false);
            drive(&link, Input::Restart);
        });
    }

    /// Whether the stream is known to have newest values.
    pub(crate) fn has_latest(&self) -> bool {
        self.progress.has_latest()
    }

    /// Whether a source that has been away, and returns now, gets everything that it has missed.
    pub(crate) fn makes_up_for(&self, source: &SseSource) -> bool {
        let by_id = || {
            let is_heard = self.transport.borrow().is_some();
            !is_heard && !self.last_event_id.borrow().is_empty() && self.needs_fetch(source)
        };
        source.cursor().at().is_some() || self.address.is_finite() || by_id()
    }

    /// The transport in use, as the detail of events (SSV-01).
    pub(crate) fn stream_object(&self) -> JsValue {
        self.transport
            .borrow()
            .as_ref()
            .map_or(JsValue::NULL, |transport| transport.object())
    }

    pub(super) fn hearer(&self) -> Weak<dyn Hearer> {
        self.me.clone()
    }

    pub(crate) fn close(&self, reason: CloseReason) {
        self.drive(Input::Close(reason));
    }

    pub(super) fn drive(&self, input: Input) {
        if let Some(me) = self.me.upgrade() {
            let link: Rc<dyn Link> = me;
            drive(&link, input);
        }
    }

    /// What comes next has nothing to do with what came.
    pub(super) fn forget(&self) {
        self.progress.forget();
        self.last_event_id.take();
        for source in self.sources.all() {
            source.forget();
        }
    }

    fn needs_fetch(&self, source: &SseSource) -> bool {
        self.address.request.is_some() || source.wants(ANY_NAME)
    }

    /// Whether a connection for these can say where it is to go on.
    pub(super) fn names_positions(&self, sources: &[Rc<SseSource>]) -> bool {
        let is_by_fetch = || by_fetch().is_some() && sources.iter().any(|source| self.needs_fetch(source));
        self.address.position_parameter.is_some() || is_by_fetch()
    }

    /// Whether a transport is to be opened, and nobody has done so meanwhile.
    fn is_due(&self) -> bool {
        self.driver.is_connecting() && self.transport.borrow().is_none()
    }

    fn open(&self, sources: &[Rc<SseSource>]) -> Result<Box<dyn Transport>, String> {
        let (position, with_latest) = self.progress.connect(each(&cursors(sources)), has_new(sources));
        let with_credentials = self.address.with_credentials;
        let needs_fetch = sources.iter().any(|source| self.needs_fetch(source));
        let Some(open) = by_fetch().filter(|_| needs_fetch) else {
            if needs_fetch {
                diagnostics::report_plain(&format!(
                    "{}: expected an `EventNames::any()` or a `StreamRequest` in the app for `{ANY_NAME}`, found neither",
                    self.address.url
                ));
            }
            let url = self.address.resuming_at(position, with_latest);
            let (early, said) = early::take(&url, with_credentials, &names(sources), position.is_some());
            self.said.replace(said);
            return event_source::open(&url, with_credentials, early, &self.hearer());
        };
        let resume = position.map(|position| position_text(position, with_latest));
        let opening = Opening {
            url: &self.address.url,
            with_credentials,
            request: self.address.request.as_ref().map(SourceRequest::all),
            last_event_id: resume.unwrap_or_else(|| self.last_event_id.borrow().clone()),
        };
        open(&opening, &self.hearer())
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
        self.settle_soon(source);
    }

    fn remove_source(&self, source: &SseSource) {
        self.sources.remove(source);
        // Those who share the stream go on with it, and may not want all of them.
        if !self.sources.is_empty() {
            for name in source.names() {
                self.unlisten(&name);
            }
        }
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
            if !source.ends_as_orphan() {
                source.asks_to_connect();
            }
        }
        // SSR-03: nothing is opened for whoever has left the page meanwhile, or may not connect; and whoever was asked
        // may have closed the connection, or made it anew.
        if self.sources.is_empty() || !self.is_due() {
            return;
        }
        self.greets.set(true);
        let sources = self.sources.all();
        let goes_on = !self.progress.is_ours() || self.names_positions(&sources);
        for source in &sources {
            source.reconnecting();
            if !goes_on {
                source.begins_anew();
            }
        }
        let opened = self.open(&sources);
        early::sweep(&sources);
        // The app's own request has been asked what to say, and may have done the same.
        if !self.is_due() {
            return;
        }
        match opened {
            Ok(transport) => {
                self.transport.replace(Some(transport));
                self.openings.update(|count| count.wrapping_add(1));
                self.heard.take();
                self.place.replace(Place::take(&self.address.url));
            }
            Err(message) => {
                diagnostics::report_plain(&message);
                return self.close(CloseReason::BadAddress);
            }
        }
        for source in self.sources.all() {
            for name in source.names() {
                self.listen(&name);
            }
        }
        self.hand_over_soon();
    }

    fn disconnect(&self) {
        let transport = self.transport.take();
        drop(transport);
        self.announced.take();
        self.place.take();
        // What it asks about is over; the answer must not end what comes next.
        self.probe.take();
    }

    fn announce(&self, state: &ConnectionState) {
        for source in self.sources.all() {
            // Whoever was told before may have changed the state, and then all have been told of that.
            if self.state() == *state {
                source.announce(state);
            }
        }
    }

    fn ask_for_credentials(&self, refused_with: u16) -> Option<Answers> {
        let sources = self.sources.all();
        sources
            .iter()
            .find_map(|source| source.ask_for_credentials(refused_with))
    }
}
