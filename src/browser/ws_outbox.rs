//! What waits to be sent on a socket: one bounded queue, in order.
//!
//! The queue is a JavaScript array, because scripts may look into it and empty it (WSQ-06).

use js_sys::{Array, JsString, Reflect};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Element, WebSocket};

use super::connection::state::CloseReason;
use super::dom_events::{Detail, dispatch, dispatch_error};

/// How many messages may wait (WSQ-04).
const CAPACITY: u32 = 100;

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SendError {
    /// As many messages as may wait are waiting already.
    #[error("expected room for a message, found {0} waiting ones, which is the most")]
    QueueFull(u32),
    /// The connection is over and will not be opened again by itself.
    #[error("expected a connection, found it {0}")]
    Closed(CloseReason),
    /// The socket is not open, and the message was not to wait.
    #[error("expected an open socket, found none")]
    NotOpen,
    /// There is no source around the sender.
    #[error("expected a source around the sender, found none")]
    NoSource,
    /// The browser would not take it.
    #[error("expected text, a Blob or an ArrayBuffer, found something that the socket refused")]
    Refused,
}

/// A message that waits, and who sent it.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) message: JsValue,
    pub(crate) sender: Option<Element>,
}

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: Array,
}

impl Outbox {
    pub(crate) fn queue(&self) -> &Array {
        &self.queue
    }

    pub(crate) fn enqueue(&self, message: &JsValue, sender: Option<&Element>) -> Result<bool, SendError> {
        if self.queue.length() >= CAPACITY {
            return Err(SendError::QueueFull(CAPACITY));
        }
        let sender = sender.map_or(JsValue::NULL, |sender| sender.clone().into());
        self.queue.push(
            &Detail::new()
                .with("message", message.clone())
                .with("sendElt", sender)
                .into_value(),
        );
        Ok(true)
    }

    /// The oldest waiting message, taken out.
    pub(crate) fn next(&self) -> Option<Waiting> {
        if self.queue.length() == 0 {
            return None;
        }
        let entry = self.queue.shift();
        let field = |name: &str| Reflect::get(&entry, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        Some(Waiting {
            message: field("message"),
            sender: field("sendElt").dyn_into().ok(),
        })
    }

    /// Gives a message to the socket, between `htmx:wsBeforeSend` and `htmx:wsAfterSend` (WSS-20);
    /// `false` when a listener has refused it.
    pub(crate) fn transmit(
        &self,
        socket: &WebSocket,
        message: &JsValue,
        sender: Option<&Element>,
        wrapper: &JsValue,
    ) -> Result<bool, SendError> {
        let detail = Detail::new()
            .with("message", message.clone())
            .with("socketWrapper", wrapper.clone());
        if sender.is_some_and(|sender| !dispatch(sender, "htmx:wsBeforeSend", &detail)) {
            return Ok(false);
        }
        // The listener may have closed it, and a closing socket swallows what it is given.
        if socket.ready_state() != WebSocket::OPEN {
            return Err(SendError::NotOpen);
        }
        give(socket, message)?;
        if let Some(sender) = sender {
            dispatch(sender, "htmx:wsAfterSend", &detail);
        }
        Ok(true)
    }

    /// Tells every sender that its message will not be sent, and forgets them.
    pub(crate) fn fail_all(&self, wrapper: &JsValue) {
        while let Some(Waiting { sender, .. }) = self.next() {
            if let Some(sender) = sender {
                let error = "expected a connection, found it closed before the message was sent";
                let detail = Detail::new()
                    .with("error", error)
                    .with("socketWrapper", wrapper.clone());
                dispatch_error(&sender, "htmx:wsError", &detail);
            }
        }
    }
}

fn give(socket: &WebSocket, message: &JsValue) -> Result<(), SendError> {
    let given = if let Some(text) = message.dyn_ref::<JsString>() {
        socket.send_with_str(&String::from(text))
    } else if let Some(blob) = message.dyn_ref::<Blob>() {
        socket.send_with_blob(blob)
    } else if let Some(buffer) = message.dyn_ref::<js_sys::ArrayBuffer>() {
        socket.send_with_array_buffer(buffer)
    } else {
        return Err(SendError::Refused);
    };
    given.map_err(|_| SendError::Refused)
}
