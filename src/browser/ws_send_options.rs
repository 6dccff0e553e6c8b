//! How an element sends over a socket, and whom it tells of what becomes of it.

use std::fmt;
use std::rc::Rc;

use super::send_error::SendError;
use super::ws_acks::Ack;
use super::ws_files::Files;
use super::ws_memo::Memo;

/// How a sender sends, and whom it tells.
#[derive(Clone, Default)]
pub(crate) struct SendOptions {
    /// Empties the form after a message was taken (WSS-30).
    pub(crate) reset: bool,
    pub(crate) files: Files,
    /// Whether the server's acknowledgement is waited for.
    pub(crate) ack: Option<Ack>,
    /// Told of each message that will not be sent, or that the server has not acknowledged.
    pub(crate) failed: Option<Rc<dyn Fn(SendError)>>,
    /// Told of each message that the server has acknowledged.
    pub(crate) acknowledged: Option<Rc<dyn Fn()>>,
    pub(crate) memo: Memo,
}

impl fmt::Debug for SendOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendOptions")
            .field("reset", &self.reset)
            .finish_non_exhaustive()
    }
}
