//! A source: an element that owns a socket, and how it reads and sends.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, CloseEventInit, Element, Event};

use super::connection::reauthorization::{self, Answers, GetCredentials};
use super::connection::retry_policy::RetryPolicy;
use super::connection::state::{CloseReason, ConnectionState};
use super::connection::ws::{SocketAddress, WsConnection};
use super::demand::Demand;
use super::dom_events::{Detail, dispatch, dispatch_error};
use super::event_names::{WS_AFTER_MESSAGE, WS_BEFORE_MESSAGE};
use super::listener::Listener;
use super::live_elements;
use super::presence::EndsWith;
use super::queue_policy::QueuePolicy;
use super::send_error::SendError;
use super::source::{self, Connection, Hold, Source};
use super::sse_source::Told;
use super::sse_swap::Transform;
use super::version_skew;
use super::ws_codec::{TextFrame, WsCodec};
use super::ws_outbox::Outgoing;
use super::ws_sending::Taken;
use crate::wire::{FrameFormat, Gap, Position, Resumption, VersionSkew};

/// Asked about a frame.
pub(crate) type AskedFrame = Rc<dyn Fn(&JsValue) -> bool>;

/// What a source does, as whoever made it wants it. Functions are called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct WsHooks {
    /// How text frames are read.
    pub(crate) codec: WsCodec,
    /// How messages of forms are laid out.
    pub(crate) format: FrameFormat,
    /// How many messages may wait, and what becomes of more.
    pub(crate) queue: QueuePolicy,
    /// Asked before each attempt to connect; `false` refuses it (WSC-17).
    pub(crate) connecting: Option<Rc<dyn Fn() -> bool>>,
    pub(crate) state: Option<Told<ConnectionState>>,
    pub(crate) gap: Option<Told<Gap>>,
    pub(crate) error: Option<Told<Event>>,
    /// Told of the bytes of a binary frame (WSM-13).
    pub(crate) binary: Option<Rc<dyn Fn(Vec<u8>)>>,
    /// Asked before each frame; `false` leaves it out.
    pub(crate) before: Option<AskedFrame>,
    /// Rewrites the text of a frame before it is placed (WSM-09).
    pub(crate) transform: Option<Transform>,
    pub(crate) message: Option<Told<JsValue>>,
    /// Told what was missed, each time the socket is open again.
    pub(crate) resumed: Option<Told<Resumption>>,
    /// Gets other credentials than those that were refused.
    pub(crate) unauthorized: Option<GetCredentials>,
    pub(crate) version: Option<Told<VersionSkew>>,
}

impl fmt::Debug for WsHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WsHooks")
    }
}

/// An element's own view of a socket.
#[derive(Debug)]
pub(crate) struct WsSource {
    pub(super) hold: Hold<WsConnection>,
    pub(super) hooks: WsHooks,
    pub(super) demand: Demand,
    /// It was closed by hand or by the app's switch, and takes nothing until it is opened.
    pub(super) is_away: Cell<bool>,
    /// The connection ends because of this source.
    pub(super) is_leaving: Cell<bool>,
    /// The page or the app has refused the last attempt to connect.
    pub(super) has_refused: Cell<bool>,
    pub(super) listeners: RefCell<Vec<Listener>>,
    /// The socket is open for this source.
    is_open: Cell<bool>,
    /// It was before, and is not any more or is so anew.
    has_been_open: Cell<bool>,
    /// The newest position that a frame has carried.
    seen: Cell<Option<Position>>,
}

impl WsSource {
    /// Connects an element to a socket.
    pub(crate) fn open(
        element: &Element,
        address: &SocketAddress,
        policy: RetryPolicy,
        hooks: WsHooks,
        ends_with: EndsWith,
    ) -> Rc<Self> {
        let connection = WsConnection::to(address, policy);
        let source = Rc::new(Self {
            hold: Hold::new(element, &address.url, connection, ends_with),
            demand: Demand::default(),
            is_away: Cell::default(),
            is_leaving: Cell::default(),
            has_refused: Cell::default(),
            listeners: RefCell::default(),
            is_open: Cell::default(),
            has_been_open: Cell::default(),
            seen: Cell::default(),
            hooks,
        });
        source::join(&source);
        source
    }

    /// Leaves the socket for another one; what waited to be sent fails visibly.
    pub(crate) fn move_to(self: &Rc<Self>, address: &SocketAddress, policy: RetryPolicy) {
        if !self.hold.is_closed() {
            self.seen.set(None);
            self.is_open.set(false);
            self.has_been_open.set(false);
            // What was refused is another address.
            self.has_refused.set(false);
            source::move_to(self, &address.url, WsConnection::to(address, policy));
        }
    }

    /// Sends by the source's own queue.
    ///
    /// # Errors
    /// [`SendError`] when there is no room or the connection is over.
    pub(crate) fn send(&self, outgoing: Outgoing) -> Result<Taken, SendError> {
        if self.hold.is_closed() || self.is_away.get() {
            return Err(SendError::Closed(CloseReason::Released));
        }
        let connection = self.connection();
        connection
            .sending()
            .send(&connection, outgoing, self.queue_policy())
    }

    pub(crate) fn queue_policy(&self) -> QueuePolicy {
        self.hooks.queue
    }

    pub(crate) fn format(&self) -> FrameFormat {
        self.hooks.format
    }

    pub(crate) fn element(&self) -> &Element {
        self.hold.element()
    }

    pub(crate) fn connection(&self) -> Rc<WsConnection> {
        self.hold.connection()
    }

    /// Ends a source that was on the page and is not any more (WSM-12, WSS-22).
    pub(crate) fn ends_as_orphan(&self) -> bool {
        let is_over = self.hold.is_orphaned();
        if is_over {
            self.close();
            live_elements::release_with(self.element());
        }
        is_over
    }

    fn detail(&self) -> Detail {
        Detail::of_fields(|fields| fields.set_socket_wrapper(&self.connection().wrapper()))
    }

    fn detail_of_message(&self, data: &JsValue) -> Detail {
        Detail::of_fields(|fields| {
            fields.set_socket_wrapper(&self.connection().wrapper());
            fields.set_message(data);
        })
    }

    pub(crate) fn opened(&self, event: &Event, attempt: u32) {
        dispatch(
            self.element(),
            "htmx:wsOpen",
            &self
                .detail()
                .with("event", event.clone())
                .with("attempt", attempt),
        );
        self.tell_of_absence();
    }

    /// A socket keeps no history, so that nobody knows what was sent while it was closed for this source.
    pub(super) fn tell_of_absence(&self) {
        if self.wants() && self.has_been_open.get() {
            self.tell_resumption(Resumption::Reset);
        }
    }

    pub(crate) fn closed(&self, event: &CloseEvent) {
        dispatch(
            self.element(),
            "htmx:wsClose",
            &self.detail().with("event", event.clone()),
        );
    }

    pub(crate) fn failed(&self, event: &Event) {
        if self.ends_as_orphan() {
            return;
        }
        dispatch_error(
            self.element(),
            "htmx:wsError",
            &self.detail().with("error", event.clone()),
        );
        if let Some(told) = &self.hooks.error {
            told(event);
        }
    }

    /// Frames were lost, and this source is told which.
    pub(crate) fn lost(&self, gap: &Gap) {
        source::tell_gap(&self.hold, self.hooks.gap.as_ref(), gap);
        self.tell_resumption((*gap).into());
    }

    fn tell_resumption(&self, resumption: Resumption) {
        source::tell_resumption(&self.hold, self.hooks.resumed.as_ref(), resumption);
    }

    pub(crate) fn upstream(&self, is_up: bool) {
        source::tell_upstream(&self.hold, is_up);
    }

    pub(crate) fn outdated(&self, server: u32) {
        if self.wants() {
            version_skew::tell(self.element(), self.hooks.version.as_ref(), server);
        }
    }

    pub(crate) fn ask_for_credentials(&self, refused_with: u16) -> Option<Answers> {
        let own = self.hooks.unauthorized.as_ref();
        reauthorization::ask(self.element(), own, refused_with)
    }

    /// Whether this source wants the frame (WSM-10).
    pub(crate) fn before_message(&self, data: &JsValue) -> bool {
        if self.ends_as_orphan() || !self.wants() {
            return false;
        }
        let refused = self.hooks.before.as_ref().is_some_and(|before| !before(data));
        !refused && dispatch(self.element(), &WS_BEFORE_MESSAGE, &self.detail_of_message(data))
    }

    /// Takes note of a state that is told to this source. One that has joined a socket which others had open was not there
    /// when that opened, and misses something all the same when it is lost.
    pub(super) fn note(&self, state: &ConnectionState) {
        if self.is_open.replace(state.is_open()) && !state.is_open() {
            self.has_been_open.set(true);
        }
    }

    /// Reads a text frame in its own way.
    pub(crate) fn read(&self, frame: &TextFrame<'_>) {
        // A listener or another source's callback may have ended it.
        if !self.hold.is_closed() {
            self.hooks.codec.read(self, frame);
        }
    }

    /// Hands on the bytes of a binary frame. A `Blob` is for scripts, which read it in their own time.
    pub(crate) fn take_binary(&self, data: &JsValue) {
        if let (Some(told), Some(buffer)) = (&self.hooks.binary, data.dyn_ref::<ArrayBuffer>()) {
            told(Uint8Array::new(buffer).to_vec());
        }
    }

    /// Whether an event at this position is one that the source has not seen; from now on it has.
    pub(crate) fn is_new(&self, position: Position) -> bool {
        if self.seen.get().is_some_and(|seen| position.is_covered_by(seen)) {
            return false;
        }
        self.seen.set(Some(position));
        true
    }

    /// The text to place; `None` where the transform wants nothing of it.
    pub(crate) fn transformed(&self, text: &JsString) -> Option<JsString> {
        match &self.hooks.transform {
            None => Some(text.clone()),
            Some(transform) => transform(text.into()).map(JsString::from),
        }
    }

    pub(crate) fn after_message(&self, data: &JsValue) {
        dispatch(self.element(), &WS_AFTER_MESSAGE, &self.detail_of_message(data));
        if let Some(told) = &self.hooks.message {
            told(data);
        }
    }

    /// Tells that the socket is closed for this source, by this side and not by an event of its own (WSR-14, WSR-15).
    pub(super) fn announce_close(&self, reason: CloseReason) {
        let init = CloseEventInit::new();
        init.set_code(1000);
        init.set_was_clean(true);
        init.set_reason(&reason.to_string());
        if let Ok(event) = CloseEvent::new_with_event_init_dict("close", &init) {
            self.closed(&event);
        }
    }

    /// Lets go of the connection, which ends if this was its last source. Once is enough.
    pub(crate) fn close(&self) {
        if self.hold.end() {
            let state = self.connection().state();
            let was_there = !matches!(state, ConnectionState::Idle | ConnectionState::Closed { .. });
            if was_there && self.demand.is_met() {
                self.announce_close(CloseReason::Released);
            }
            self.listeners.take();
            source::leave(self);
        }
    }
}

impl Source for WsSource {
    type Connection = WsConnection;

    fn hold(&self) -> &Hold<WsConnection> {
        &self.hold
    }

    fn announce(&self, state: &ConnectionState) {
        // What others have is no business of a source that does not want it.
        if self.wants() || self.is_leaving.get() {
            self.show_and_tell(state);
        }
    }
}
