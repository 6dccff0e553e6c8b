//! The object that scripts get as `detail.socketWrapper`: send, sendImmediately, reconnect, queue.

use std::cell::OnceCell;
use std::rc::Weak;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::connection::state::CloseReason;
use super::connection::ws::WsConnection;
use super::send_error::SendError;
use super::ws_outbox::Outgoing;
use super::ws_queue_view::QueueView;
use super::ws_sending::Taken;

type Send = Closure<dyn Fn(JsValue, JsValue) -> Result<(), JsValue>>;

/// The object and the functions in it, which work as long as the connection lives.
#[derive(Debug)]
pub(crate) struct Wrapper {
    object: Object,
    _send: Send,
    _send_immediately: Send,
    _reconnect: Closure<dyn Fn()>,
    queue: OnceCell<QueueView>,
}

impl Wrapper {
    pub(crate) fn new(connection: Weak<WsConnection>) -> Self {
        let send = sender(connection.clone(), WsConnection::send);
        let send_immediately = sender(connection.clone(), WsConnection::send_immediately);
        let reconnect = Closure::<dyn Fn()>::new(move || {
            if let Some(connection) = connection.upgrade() {
                connection.reconnect();
            }
        });
        let object = Object::new();
        for (name, value) in [
            ("send", send.as_ref()),
            ("sendImmediately", send_immediately.as_ref()),
            ("reconnect", reconnect.as_ref()),
        ] {
            let _ = Reflect::set(&object, &JsValue::from_str(name), value);
        }
        Self {
            object,
            _send: send,
            _send_immediately: send_immediately,
            _reconnect: reconnect,
            queue: OnceCell::new(),
        }
    }

    /// Shows the queue to scripts; `changed` runs while one changes it.
    pub(crate) fn expose_queue(&self, queue: &Array, changed: impl Fn() + Clone + 'static) {
        let view = self.queue.get_or_init(|| QueueView::of(queue, changed));
        let _ = Reflect::set(&self.object, &JsValue::from_str("queue"), view.value());
    }

    pub(crate) fn object(&self) -> JsValue {
        self.object.clone().into()
    }
}

/// A function `(message, element?)` that throws where the message cannot be taken (WSQ-05, WSQ-10).
fn sender(
    connection: Weak<WsConnection>,
    send: fn(&WsConnection, Outgoing) -> Result<Taken, SendError>,
) -> Send {
    Closure::new(move |message: JsValue, element: JsValue| {
        let outgoing = Outgoing::new(message, element.dyn_into::<Element>().ok());
        let sent = match connection.upgrade() {
            Some(connection) => send(&connection, outgoing),
            None => Err(SendError::Closed(CloseReason::Released)),
        };
        sent.map(drop)
            .map_err(|error| js_sys::Error::new(&error.to_string()).into())
    })
}
