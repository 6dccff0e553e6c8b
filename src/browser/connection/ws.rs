//! A socket, shared by every source of the page that wants the same one.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Element, WebSocket};

use super::link::{Driver, Link, drive, follow_page};
use super::machine::Input;
use super::owners::Owners;
use super::reauthorization::Answers;
use super::retry_policy::RetryPolicy;
use super::shared::Shared;
use super::state::{CloseReason, ConnectionState};
pub(crate) use super::ws_address::SocketAddress;
use super::ws_transport::Transport;
use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::send_error::SendError;
use crate::browser::source::{Connection, Source};
use crate::browser::ws_outbox::{Fate, Outgoing, transmit};
use crate::browser::ws_sending::{Sending, Taken};
use crate::browser::ws_source::WsSource;
use crate::browser::{diagnostics, interned, page, ws_wrapper};

thread_local! {
    static SOCKETS: Shared<WsConnection> = const { Shared::new() };
}

/// An open, opening or waiting socket.
#[derive(Debug)]
pub(crate) struct WsConnection {
    pub(super) me: Weak<Self>,
    address: SocketAddress,
    driver: Driver,
    transport: RefCell<Option<Transport>>,
    pub(super) sources: Owners<WsSource>,
    pub(super) sending: Sending,
    /// It is closed for a while, by those who share it.
    is_paused: Cell<bool>,
    wrapper: ws_wrapper::Wrapper,
}

impl WsConnection {
    /// The page's connection to this address, opened one microtask later.
    pub(crate) fn to(address: &SocketAddress, policy: RetryPolicy) -> Rc<Self> {
        interned::prepare_to_swap();
        interned::prepare_to_send();
        let make = || Self::make(address, policy);
        let connection = if address.private {
            make()
        } else {
            SOCKETS.with(|sockets| sockets.get_or_make(&address.sharing_key(), |_| true, make))
        };
        let opened = Rc::downgrade(&connection);
        page::microtask(move || {
            if let Some(connection) = opened.upgrade().filter(|connection| connection.is_wanted()) {
                connection.open();
            }
        });
        connection
    }

    fn make(address: &SocketAddress, policy: RetryPolicy) -> Rc<Self> {
        let connection = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            address: address.clone(),
            driver: Driver::new(policy),
            transport: RefCell::default(),
            sources: Owners::default(),
            sending: Sending::default(),
            is_paused: Cell::default(),
            wrapper: ws_wrapper::Wrapper::new(Weak::clone(me)),
        });
        let changed = Rc::downgrade(&connection);
        connection
            .wrapper
            .expose_queue(connection.sending.queue(), move || {
                if let Some(connection) = changed.upgrade() {
                    connection.queue_changed();
                }
            });
        let link: Rc<dyn Link> = connection.clone();
        follow_page(&link);
        connection
    }

    /// The object that scripts get as `detail.socketWrapper` (WSQ-08).
    pub(crate) fn wrapper(&self) -> JsValue {
        self.wrapper.object()
    }

    /// A script is changing the queue; when it has done so, those hear of it whose messages it has taken out.
    fn queue_changed(&self) {
        if self.sending.note_change() {
            let me = Weak::clone(&self.me);
            page::microtask(move || {
                if let Some(me) = me.upgrade() {
                    me.sending.tell_removed();
                }
            });
        }
    }

    /// What has to be sent.
    pub(crate) fn sending(&self) -> &Sending {
        &self.sending
    }

    /// Sends for a script, by the queue of the first source.
    ///
    /// # Errors
    /// [`SendError`] when the queue is full or the connection is over.
    pub(crate) fn send(&self, outgoing: Outgoing) -> Result<Taken, SendError> {
        let first = self.sources.all().into_iter().next();
        let policy = first.map_or_else(Default::default, |source| source.queue_policy());
        self.sending.send(self, outgoing, policy)
    }

    /// Sends past the queue (WSQ-05).
    ///
    /// # Errors
    /// [`SendError::NotOpen`] when the socket is not open.
    pub(crate) fn send_immediately(&self, outgoing: Outgoing) -> Result<Taken, SendError> {
        let socket = self.open_socket().ok_or(SendError::NotOpen)?;
        transmit(&socket, &outgoing, &self.wrapper())
    }

    /// Opens it, if it was closed, paused or not opened yet.
    pub(crate) fn open(&self) {
        if self.is_paused.take() {
            self.drive(Input::PageShown);
        }
        self.drive(Input::Open);
    }

    /// Closes an open socket and opens a new one at once (WSQ-07).
    pub(crate) fn reconnect(&self) {
        self.drive(Input::Restart);
        self.drive(Input::Open);
        self.drive(Input::Nudge);
    }

    pub(crate) fn close(&self, reason: CloseReason) {
        self.drive(Input::Close(reason));
    }

    /// Closes the socket for a while; what waits goes on waiting.
    pub(crate) fn pause(&self) {
        self.is_paused.set(true);
        self.drive(Input::PageHidden);
    }

    /// Ends a pause, or opens what was not opened yet, or was let go by others meanwhile. What is over otherwise stays at
    /// that.
    pub(crate) fn resume(&self) {
        if self.is_paused.take() {
            self.drive(Input::PageShown);
        }
        let reason = CloseReason::Released;
        let is_free = [ConnectionState::Idle, ConnectionState::Closed { reason }].contains(&self.state());
        if is_free && self.is_wanted() {
            self.drive(Input::Open);
        }
    }

    /// The socket, if it takes messages.
    pub(crate) fn open_socket(&self) -> Option<WebSocket> {
        self.transport.borrow().as_ref()?.open_socket()
    }

    /// Tells that a message that was taken will not be sent: its sender, and the page.
    pub(crate) fn tell_lost(&self, lost: &Outgoing, error: SendError) {
        let places: Vec<Element> = match &lost.sender {
            Some(sender) => vec![sender.clone()],
            None => self.elements(),
        };
        for place in places {
            let detail = Detail::new()
                .with("error", error.to_string())
                .with("message", lost.message.clone())
                .with("socketWrapper", self.wrapper());
            dispatch_error(&place, "htmx:wsError", &detail);
        }
        lost.tell(Fate::Lost(error));
    }

    pub(super) fn drive(&self, input: Input) {
        if let Some(me) = self.me.upgrade() {
            let link: Rc<dyn Link> = me;
            drive(&link, input);
        }
    }

    pub(super) fn elements(&self) -> Vec<Element> {
        let sources = self.sources.all().into_iter();
        sources.map(|source| source.element().clone()).collect()
    }

    /// How many attempts have failed before the one that is under way.
    pub(super) fn attempt(&self) -> u32 {
        match self.driver.state() {
            ConnectionState::Reconnecting { attempt, .. } => attempt,
            _ => 0,
        }
    }
}

impl Connection<WsSource> for WsConnection {
    fn state(&self) -> ConnectionState {
        self.driver.state()
    }

    fn add_source(&self, source: &Rc<WsSource>) {
        self.sources.add(source);
    }

    fn remove_source(&self, source: &WsSource) {
        self.sources.remove(source);
    }

    fn close_if_unused(&self) {
        let is_idle = self.driver.state() == ConnectionState::Idle;
        if self.sources.is_empty() || !(is_idle || self.is_wanted()) {
            self.drive(Input::Close(CloseReason::Released));
        }
    }
}

impl Link for WsConnection {
    fn driver(&self) -> &Driver {
        &self.driver
    }

    fn is_wanted(&self) -> bool {
        self.sources.all().iter().any(|source| source.wants())
    }

    fn connect(&self) {
        // WSR-09: nothing is opened for whoever has left the page meanwhile.
        self.let_orphans_go();
        let attempt = self.attempt();
        for source in self.sources.all() {
            source.connecting(attempt);
        }
        if self.sources.is_empty() {
            return;
        }
        // WSC-17: whoever was told may have refused the attempt.
        for source in self.sources.all() {
            source.stays_away();
        }
        if !self.is_wanted() {
            self.close(CloseReason::Vetoed);
            return;
        }
        // They may also have closed the connection, or made it anew.
        if !self.driver.is_connecting() || self.transport.borrow().is_some() {
            return;
        }
        let Some(transport) = Transport::open(&self.address, &self.me) else {
            diagnostics::report_plain(&format!(
                "expected the address of a socket, found `{}`",
                self.address.url
            ));
            self.close(CloseReason::BadAddress);
            return;
        };
        self.transport.replace(Some(transport));
    }

    fn disconnect(&self) {
        let transport = self.transport.take();
        drop(transport);
    }

    fn announce(&self, state: &ConnectionState) {
        self.sending.tell_removed();
        // Taken out first: whoever is told may connect anew and send, and those messages have a connection.
        let lost = match state {
            ConnectionState::Closed { reason } => Some((self.sending.drain(), *reason)),
            _ => None,
        };
        for source in self.sources.all() {
            // Whoever was told before may have changed the state, and then all have been told of that.
            if self.state() == *state {
                source.announce(state);
            }
        }
        let (lost, reason) = lost.unwrap_or((Vec::new(), CloseReason::Released));
        for outgoing in lost {
            self.tell_lost(&outgoing, SendError::Closed(reason));
        }
    }

    fn ask_for_credentials(&self, refused_with: u16) -> Option<Answers> {
        let sources = self.sources.all();
        sources
            .iter()
            .filter(|source| source.wants())
            .find_map(|source| source.ask_for_credentials(refused_with))
    }
}
