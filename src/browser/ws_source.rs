//! A source: an element that owns a socket, whose frames are placed by id anywhere in the page.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{CloseEvent, Element, Event};

use super::connection::retry_policy::RetryPolicy;
use super::connection::state::ConnectionState;
use super::connection::ws::{SocketAddress, WsConnection};
use super::dom_events::{Detail, dispatch, dispatch_error};
use super::presence::{EndsWith, Presence};
use super::sse_source::Told;
use super::{live_elements, page};

/// Asked about a frame.
pub(crate) type AskedFrame = Rc<dyn Fn(&JsValue) -> bool>;

/// What a source tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct WsHooks {
    pub(crate) state: Option<Told<ConnectionState>>,
    pub(crate) error: Option<Told<Event>>,
    /// Asked before each frame; `false` leaves it out.
    pub(crate) before: Option<AskedFrame>,
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
    element: Element,
    connection: RefCell<Rc<WsConnection>>,
    hooks: WsHooks,
    is_closed: Cell<bool>,
    presence: Presence,
    /// As it was written, to tell a change of it.
    url: RefCell<String>,
    has_announced: Cell<bool>,
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
        let source = Rc::new(Self {
            element: element.clone(),
            connection: RefCell::new(WsConnection::to(address, policy)),
            hooks,
            is_closed: Cell::default(),
            presence: Presence::new(ends_with, element),
            url: RefCell::new(address.url.clone()),
            has_announced: Cell::default(),
        });
        let connection = source.connection();
        connection.add_source(&source);
        source.announce_joined();
        source
    }

    /// Tells the state of a connection that was there before. Not at once: whoever made the source may
    /// be in the middle of rendering, and what is told runs code of the app.
    fn announce_joined(self: &Rc<Self>) {
        self.has_announced.set(false);
        let me = Rc::downgrade(self);
        page::microtask(move || {
            let me = me
                .upgrade()
                .filter(|me| !me.is_closed.get() && !me.has_announced.get());
            if let Some(me) = me {
                me.announce(&me.connection().state());
            }
        });
    }

    /// The address as it was given.
    pub(crate) fn url(&self) -> String {
        self.url.borrow().clone()
    }

    /// Leaves the socket for another one; what waited to be sent fails visibly.
    pub(crate) fn move_to(self: &Rc<Self>, address: &SocketAddress, policy: RetryPolicy) {
        if self.is_closed.get() {
            return;
        }
        let next = WsConnection::to(address, policy);
        let left = self.connection.replace(Rc::clone(&next));
        left.remove_source(self);
        left.close_if_unused();
        self.url.replace(address.url.clone());
        next.add_source(self);
        self.announce_joined();
    }

    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    pub(crate) fn connection(&self) -> Rc<WsConnection> {
        Rc::clone(&self.connection.borrow())
    }

    /// Ends a source that was on the page and is not any more (WSM-12, WSS-22).
    pub(crate) fn ends_as_orphan(&self) -> bool {
        let is_over = self.presence.is_over(&self.element);
        if is_over {
            self.close();
            live_elements::release_with(&self.element);
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
            &self.element,
            "htmx:wsConnecting",
            &Detail::new().with("event", event),
        );
    }

    pub(crate) fn opened(&self, event: &Event) {
        dispatch(
            &self.element,
            "htmx:wsOpen",
            &self.detail().with("event", event.clone()),
        );
    }

    pub(crate) fn closed(&self, event: &CloseEvent) {
        dispatch(
            &self.element,
            "htmx:wsClose",
            &self.detail().with("event", event.clone()),
        );
    }

    pub(crate) fn failed(&self, event: &Event) {
        if self.ends_as_orphan() {
            return;
        }
        dispatch_error(
            &self.element,
            "htmx:wsError",
            &self.detail().with("error", event.clone()),
        );
        if let Some(told) = &self.hooks.error {
            told(event);
        }
    }

    /// Whether this source wants the frame (WSM-10).
    pub(crate) fn before_message(&self, data: &JsValue) -> bool {
        if self.ends_as_orphan() {
            return false;
        }
        let refused = self.hooks.before.as_ref().is_some_and(|before| !before(data));
        !refused
            && dispatch(
                &self.element,
                "htmx:wsBeforeMessage",
                &self.detail().with("message", data.clone()),
            )
    }

    pub(crate) fn after_message(&self, data: &JsValue) {
        dispatch(
            &self.element,
            "htmx:wsAfterMessage",
            &self.detail().with("message", data.clone()),
        );
        if let Some(told) = &self.hooks.message {
            told(data);
        }
    }

    pub(crate) fn announce(&self, state: &ConnectionState) {
        self.has_announced.set(true);
        let _ = self.element.set_attribute("data-state", state.as_str());
        if let Some(told) = &self.hooks.state {
            told(state);
        }
    }

    /// Lets go of the connection, which ends if this was its last source. Once is enough.
    pub(crate) fn close(&self) {
        if self.is_closed.replace(true) {
            return;
        }
        let connection = self.connection();
        connection.remove_source(self);
        connection.close_if_unused();
    }
}
