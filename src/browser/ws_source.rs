//! A source: an element that owns a socket, whose frames are placed by id anywhere in the page.

use std::fmt;
use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::JsValue;
use web_sys::{CloseEvent, Element, Event};

use super::connection::retry_policy::RetryPolicy;
use super::connection::state::ConnectionState;
use super::connection::ws::{SocketAddress, WsConnection};
use super::dom_events::{Detail, dispatch, dispatch_error};
use super::live_elements;
use super::presence::EndsWith;
use super::source::{self, Hold, Source};
use super::sse_source::Told;
use super::sse_swap::Transform;
use crate::wire::Gap;

/// Asked about a frame.
pub(crate) type AskedFrame = Rc<dyn Fn(&JsValue) -> bool>;

/// What a source tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct WsHooks {
    pub(crate) state: Option<Told<ConnectionState>>,
    pub(crate) gap: Option<Told<Gap>>,
    pub(crate) error: Option<Told<Event>>,
    /// Asked before each frame; `false` leaves it out.
    pub(crate) before: Option<AskedFrame>,
    /// Rewrites the text of a frame before it is placed (WSM-09).
    pub(crate) transform: Option<Transform>,
    pub(crate) message: Option<Told<JsValue>>,
}

impl fmt::Debug for WsHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WsHooks")
    }
}

/// An element's own view of a socket.
#[derive(Debug)]
pub(crate) struct WsSource {
    hold: Hold<WsConnection>,
    hooks: WsHooks,
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
            hooks,
        });
        source::join(&source);
        source
    }

    /// Leaves the socket for another one; what waited to be sent fails visibly.
    pub(crate) fn move_to(self: &Rc<Self>, address: &SocketAddress, policy: RetryPolicy) {
        if !self.hold.is_closed() {
            source::move_to(self, &address.url, WsConnection::to(address, policy));
        }
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
        Detail::new().with("socketWrapper", self.connection().wrapper())
    }

    pub(crate) fn connecting(&self) {
        // WSC-18: no wrapper yet in this one.
        let event = Detail::new().with("type", "connecting").into_value();
        dispatch(
            self.element(),
            "htmx:wsConnecting",
            &Detail::new().with("event", event),
        );
    }

    pub(crate) fn opened(&self, event: &Event) {
        dispatch(
            self.element(),
            "htmx:wsOpen",
            &self.detail().with("event", event.clone()),
        );
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
    }

    /// Whether this source wants the frame (WSM-10).
    pub(crate) fn before_message(&self, data: &JsValue) -> bool {
        if self.ends_as_orphan() {
            return false;
        }
        let refused = self.hooks.before.as_ref().is_some_and(|before| !before(data));
        !refused
            && dispatch(
                self.element(),
                "htmx:wsBeforeMessage",
                &self.detail().with("message", data.clone()),
            )
    }

    /// The text to place; `None` where the transform wants nothing of it.
    pub(crate) fn transformed(&self, text: &JsString) -> Option<JsString> {
        match &self.hooks.transform {
            None => Some(text.clone()),
            Some(transform) => transform(text.into()).map(JsString::from),
        }
    }

    pub(crate) fn after_message(&self, data: &JsValue) {
        dispatch(
            self.element(),
            "htmx:wsAfterMessage",
            &self.detail().with("message", data.clone()),
        );
        if let Some(told) = &self.hooks.message {
            told(data);
        }
    }

    /// Lets go of the connection, which ends if this was its last source. Once is enough.
    pub(crate) fn close(&self) {
        if self.hold.end() {
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
        self.hold.show(state);
        if let Some(told) = &self.hooks.state {
            told(state);
        }
    }
}
