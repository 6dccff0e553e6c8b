//! What reads a stream for a connection, and what a connection is told by it.
//!
//! Two transports do the same work. The browser's `EventSource` is the usual one: a message goes from it to the page
//! without being copied. Requests of our own by `fetch` can say more (method, headers, body), and hear more (the
//! status, every name, an end that is none of the network's doing); they are linked where somebody enters them.

use std::cell::Cell;
use std::fmt;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Event, MessageEvent};

use super::stream_request::StreamRequest;
use crate::browser::page;
use crate::wire::ControlKind;

/// Who is told what a stream says.
pub(super) trait Hearer {
    fn opened(&self);
    fn control(&self, kind: ControlKind, event: &MessageEvent);
    fn received(&self, name: &Rc<str>, event: &MessageEvent);
    /// Everything up to this id, in the stream's own words, has arrived.
    fn reached(&self, last_event_id: &str);
    /// The stream asks for this delay, in milliseconds, before each reconnection.
    fn asked_to_wait(&self, milliseconds: u32);
    /// Something that the stream has said was left out, and it goes on.
    fn left_out(&self, error: &Event);
    /// Nothing more comes from this transport, or not for now.
    fn broke(&self, transport: &JsValue, how: Break);
}

/// How a transport's stream ends.
#[derive(Debug)]
pub(super) enum Break {
    /// The browser has given up, and keeps the reason to itself.
    GivenUp(Event),
    /// The browser is opening the stream again by itself.
    BrowserReconnects(Event),
    /// The server answered with this status, and with no stream.
    Answered(u16, Option<Event>),
    /// No answer came, the answer was no stream, or the stream broke off.
    Failed(Option<Event>),
    /// The server has ended the stream in good order.
    Ended,
}

impl Break {
    /// The error to tell, where it is one, with the status if that is known.
    pub(super) fn error(&self) -> Option<(&Event, Option<u16>)> {
        match self {
            Self::GivenUp(event) | Self::BrowserReconnects(event) => Some((event, None)),
            // SSR-13: 204 is the server's way to say that there is nothing more.
            Self::Answered(204, _) | Self::Ended => None,
            Self::Answered(status, event) => event.as_ref().map(|event| (event, Some(*status))),
            Self::Failed(event) => event.as_ref().map(|event| (event, None)),
        }
    }
}

/// A stream that is being read; closed, and silent, when it is dropped.
pub(super) trait Transport {
    /// Starts hearing events of this name, if it is not heard already; `false` if it cannot.
    fn listen(&mut self, name: &Rc<str>, hearer: &Weak<dyn Hearer>) -> bool;
    /// Stops hearing events of this name.
    fn unlisten(&mut self, name: &str);
    /// The object, as it stands in the details of events (SSV-01).
    fn object(&self) -> JsValue;
}

/// Not asked of each transport, as it would be linked with it.
impl fmt::Debug for dyn Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

/// What is to be opened.
#[derive(Debug)]
pub(super) struct Opening<'a> {
    pub(super) url: &'a str,
    pub(super) with_credentials: bool,
    pub(super) request: Option<&'a StreamRequest>,
    /// Where to go on, in the stream's own words; empty at its beginning.
    pub(super) last_event_id: String,
}

/// Opens a stream; an error says what the browser will not take.
pub(super) type Open = fn(&Opening<'_>, &Weak<dyn Hearer>) -> Result<Box<dyn Transport>, String>;

thread_local! {
    static BY_FETCH: Cell<Option<Open>> = const { Cell::new(None) };
}

/// Enters the transport of our own requests, for whoever asks for what it alone can do (decision 9).
pub(super) fn enter_fetch(open: Open) {
    if page::is_browser() {
        BY_FETCH.set(Some(open));
    }
}

/// How a stream is opened by a request of our own, if that was entered.
pub(super) fn by_fetch() -> Option<Open> {
    BY_FETCH.get()
}
