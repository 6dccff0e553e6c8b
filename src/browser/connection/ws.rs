//! A socket, shared by every source of the page that wants the same one.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, Element, Event, MessageEvent, WebSocket};

use super::link::{Driver, Link, drive, follow_page, on_link, open_if_wanted};
use super::machine::Input;
use super::owners::Owners;
use super::retry_policy::RetryPolicy;
use super::shared::Shared;
use super::state::{CloseReason, ConnectionState};
use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::listener::Listener;
use crate::browser::source::{Connection, Source};
use crate::browser::swap::{WhenSettled, place_by_id};
use crate::browser::ws_frame::{Frame, read};
use crate::browser::ws_outbox::{Outbox, SendError};
use crate::browser::ws_source::WsSource;
use crate::browser::{diagnostics, page, ws_wrapper};
use crate::grammar::resolve_ws_url;

thread_local! {
    static SOCKETS: Shared<WsConnection> = Shared::default();
}

/// Where a socket is and how to ask for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SocketAddress {
    /// As written; a path takes the page's host (WSC-05).
    pub(crate) url: String,
    /// Sub-protocols to offer (WSC-10).
    pub(crate) protocols: Vec<String>,
    /// Whether to keep this connection to oneself.
    pub(crate) private: bool,
}

/// An open, opening or waiting socket.
#[derive(Debug)]
pub(crate) struct WsConnection {
    me: Weak<Self>,
    address: SocketAddress,
    driver: Driver,
    transport: RefCell<Option<Transport>>,
    sources: Owners<WsSource>,
    outbox: Outbox,
    wrapper: ws_wrapper::Wrapper,
}

#[derive(Debug)]
struct Transport {
    socket: WebSocket,
    listeners: Vec<Listener>,
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.listeners.clear();
        // 1000 is the only code of the protocol's own that a script may use (WSR-19).
        let _ = self.socket.close_with_code(1000);
    }
}

impl WsConnection {
    /// The page's connection to this address, opened one microtask later.
    pub(crate) fn to(address: &SocketAddress, policy: RetryPolicy) -> Rc<Self> {
        let key = format!("{} {}", address.protocols.join(","), address.url);
        let make = || Self::make(address, policy);
        let connection = if address.private {
            make()
        } else {
            SOCKETS.with(|sockets| sockets.get_or_make(&key, |_| true, make))
        };
        let link: Rc<dyn Link> = connection.clone();
        page::microtask(on_link(&link, open_if_wanted));
        connection
    }

    fn make(address: &SocketAddress, policy: RetryPolicy) -> Rc<Self> {
        let connection = Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            address: address.clone(),
            driver: Driver::new(policy),
            transport: RefCell::default(),
            sources: Owners::default(),
            outbox: Outbox::default(),
            wrapper: ws_wrapper::Wrapper::new(Weak::clone(me)),
        });
        connection.wrapper.expose_queue(connection.outbox.queue());
        let link: Rc<dyn Link> = connection.clone();
        follow_page(&link);
        connection
    }

    /// The object that scripts get as `detail.socketWrapper` (WSQ-08).
    pub(crate) fn wrapper(&self) -> JsValue {
        self.wrapper.object()
    }

    /// Sends now if the socket is open, else as soon as it is (WSQ-01).
    ///
    /// # Errors
    /// [`SendError`] when the queue is full or the connection is over.
    pub(crate) fn send(&self, message: &JsValue, sender: Option<&Element>) -> Result<bool, SendError> {
        if let ConnectionState::Closed { reason } = self.state() {
            return Err(SendError::Closed(reason));
        }
        match self.open_socket() {
            Some(socket) => self.outbox.transmit(&socket, message, sender, &self.wrapper()),
            None => self.outbox.enqueue(message, sender),
        }
    }

    /// Sends past the queue (WSQ-05).
    ///
    /// # Errors
    /// [`SendError::NotOpen`] when the socket is not open.
    pub(crate) fn send_immediately(
        &self,
        message: &JsValue,
        sender: Option<&Element>,
    ) -> Result<bool, SendError> {
        let socket = self.open_socket().ok_or(SendError::NotOpen)?;
        self.outbox.transmit(&socket, message, sender, &self.wrapper())
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

    fn open_socket(&self) -> Option<WebSocket> {
        let transport = self.transport.borrow();
        let socket = &transport.as_ref()?.socket;
        (socket.ready_state() == WebSocket::OPEN).then(|| socket.clone())
    }

    fn drive(&self, input: Input) {
        if let Some(me) = self.me.upgrade() {
            let link: Rc<dyn Link> = me;
            drive(&link, input);
        }
    }

    fn opened(&self, event: &Event) {
        self.drive(Input::Opened);
        for source in self.sources.all() {
            source.opened(event);
        }
        // WSQ-02: after everybody was told, in order, for as long as the socket stays open.
        while let Some(socket) = self.open_socket() {
            // Taken out only now: a listener may have closed the socket, and then the rest goes on waiting.
            let Some(waiting) = self.outbox.next() else { break };
            let sent = self.outbox.transmit(
                &socket,
                &waiting.message,
                waiting.sender.as_ref(),
                &self.wrapper(),
            );
            if let (Err(error), Some(sender)) = (sent, &waiting.sender) {
                let detail = Detail::new()
                    .with("error", error.to_string())
                    .with("socketWrapper", self.wrapper());
                dispatch_error(sender, "htmx:wsError", &detail);
            }
        }
    }

    fn received(&self, event: &MessageEvent) {
        self.drive(Input::Received);
        let data = event.data();
        match read(&data) {
            Frame::Heartbeat => {
                self.drive(Input::Heartbeat);
                self.let_orphans_go();
            }
            Frame::RetryAfter(delay) => self.drive(Input::RetryAfter(delay)),
            Frame::Gap(gap) => {
                for source in self.sources.all() {
                    source.lost(&gap);
                }
            }
            Frame::Other => {}
            Frame::Close => self.drive(Input::Close(CloseReason::EndedByServer)),
            Frame::Message => self.hand_out(&data),
        }
    }

    /// Every source hears of the frame, but its parts are placed once: they have their places in the
    /// whole page, and a second time would append them twice (WSM-29).
    fn hand_out(&self, data: &JsValue) {
        let sources = self.sources.all();
        let owners: Vec<_> = sources.iter().map(|source| source.element().clone()).collect();
        let willing: Vec<_> = sources
            .into_iter()
            .filter(|source| source.before_message(data))
            .collect();
        let text = data.dyn_ref::<JsString>();
        let html = willing.first().and_then(|source| source.transformed(text?));
        let data = data.clone();
        let settled = WhenSettled::new(move || {
            for source in willing {
                source.after_message(&data);
            }
        });
        if let Some(html) = html {
            place_by_id(&html, &owners, Some(&settled));
        }
    }

    fn closed(&self, event: &CloseEvent) {
        let code = event.code();
        self.drive(Input::ClosedWith(code));
        // WSR-15: told after the timer was set.
        for source in self.sources.all() {
            source.closed(event);
        }
    }

    fn failed(&self, event: &Event) {
        for source in self.sources.all() {
            source.failed(event);
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
        if self.sources.is_empty() {
            self.drive(Input::Close(CloseReason::Released));
        }
    }
}

impl WsConnection {
    /// Ends sources whose element a script has taken away. Without this a quiet socket would stay open for nobody.
    fn let_orphans_go(&self) {
        for source in self.sources.all() {
            source.ends_as_orphan();
        }
    }
}

impl Link for WsConnection {
    fn driver(&self) -> &Driver {
        &self.driver
    }

    fn is_wanted(&self) -> bool {
        !self.sources.is_empty()
    }

    fn connect(&self) {
        // WSR-09: nothing is opened for whoever has left the page meanwhile.
        self.let_orphans_go();
        if self.sources.is_empty() {
            return;
        }
        let location = page::window().map(|window| window.location());
        let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
            location
                .as_ref()
                .and_then(|location| read(location).ok())
                .unwrap_or_default()
        };
        let url = resolve_ws_url(
            &self.address.url,
            &part(web_sys::Location::protocol),
            &part(web_sys::Location::host),
        );
        let made = if self.address.protocols.is_empty() {
            WebSocket::new(&url)
        } else {
            let protocols: Array = self
                .address
                .protocols
                .iter()
                .map(|name| JsValue::from_str(name))
                .collect();
            WebSocket::new_with_str_sequence(&url, &protocols)
        };
        let Ok(socket) = made else {
            diagnostics::report_plain(&format!(
                "expected the address of a socket, found `{}`",
                self.address.url
            ));
            self.close(CloseReason::BadAddress);
            return;
        };
        let me = || Weak::clone(&self.me);
        let (opened, received, closed, failed) = (me(), me(), me(), me());
        let listeners = vec![
            Listener::on(&socket, "open", move |event| {
                if let Some(me) = opened.upgrade() {
                    me.opened(&event);
                }
            }),
            Listener::add(&socket, "message", move |event: MessageEvent| {
                if let Some(me) = received.upgrade() {
                    me.received(&event);
                }
            }),
            Listener::add(&socket, "close", move |event: CloseEvent| {
                if let Some(me) = closed.upgrade() {
                    me.closed(&event);
                }
            }),
            Listener::on(&socket, "error", move |event| {
                if let Some(me) = failed.upgrade() {
                    me.failed(&event);
                }
            }),
        ];
        self.transport.replace(Some(Transport { socket, listeners }));
        for source in self.sources.all() {
            source.connecting();
        }
    }

    fn disconnect(&self) {
        // WSR-20: its listeners go first, so that a late event of the old socket disturbs nothing.
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
        if matches!(state, ConnectionState::Closed { .. }) {
            self.outbox.fail_all(&self.wrapper());
        }
    }
}
