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

/// What a source tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct WsHooks {
    pub(crate) state: Option<Rc<dyn Fn(&ConnectionState)>>,
    pub(crate) error: Option<Rc<dyn Fn(&Event)>>,
    /// Asked before each frame; `false` leaves it out.
    pub(crate) before: Option<Rc<dyn Fn(&JsValue) -> bool>>,
    pub(crate) message: Option<Rc<dyn Fn(&JsValue)>>,
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
    was_on_page: Cell<bool>,
}

impl WsSource {
    /// Connects an element to a socket.
    pub(crate) fn open(
        element: &Element,
        address: &SocketAddress,
        policy: RetryPolicy,
        hooks: WsHooks,
    ) -> Rc<Self> {
        let source = Rc::new(Self {
            element: element.clone(),
            connection: RefCell::new(WsConnection::to(address, policy)),
            hooks,
            is_closed: Cell::default(),
            was_on_page: Cell::default(),
        });
        let connection = source.connection();
        connection.add_source(&source);
        source.announce(&connection.state());
        source
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
        next.add_source(self);
        self.announce(&next.state());
    }

    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    pub(crate) fn connection(&self) -> Rc<WsConnection> {
        Rc::clone(&self.connection.borrow())
    }

    /// The source was on the page and is not any more (WSM-12, WSS-22).
    pub(crate) fn has_left_page(&self) -> bool {
        if self.element.is_connected() {
            self.was_on_page.set(true);
            return false;
        }
        self.was_on_page.get()
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
        if self.has_left_page() {
            self.close();
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
        if self.has_left_page() {
            self.close();
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
