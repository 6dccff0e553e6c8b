//! The half of a socket that listens: the client's messages, one at a time, in order.

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::ws::{CloseFrame, Message, close_code};
use tokio::time::{Instant, sleep};

use super::ws_handlers::Handlers;
use super::ws_messages::{Heard, Messages};
use super::ws_outgoing::close_frame;
use super::ws_rate::Rate;
use super::ws_session::WsSession;
use crate::server::hub::Counters;
use crate::wire::MalformedMessage;

/// Hears the client and runs the app's handler.
pub(super) struct ReadingHalf<'a> {
    pub(super) messages: Messages,
    pub(super) session: &'a WsSession,
    pub(super) handlers: &'a Handlers,
    pub(super) counters: &'a Counters,
    /// Set when the socket is being closed by this side: messages are not handled any more.
    pub(super) closing: &'a AtomicBool,
    /// How fast the client may send.
    pub(super) rate: Rate,
}

impl ReadingHalf<'_> {
    /// Reads until the peer is gone; returns the close frame to send, if there is still somebody.
    pub(super) async fn run(mut self) -> Option<CloseFrame> {
        loop {
            let now = self.wait_for_turn().await;
            // The time runs only while this waits for the peer, not while a handler works.
            let message = match self.messages.next(now).await {
                Heard::Message(message) => message,
                Heard::Nothing => return None,
                Heard::Silence => return Some(close_frame(close_code::AWAY, "no sign of life")),
                Heard::Unfinished => {
                    self.counters.refuse("unfinished_message");
                    // The network may have been slow, so the page is not told to stay away.
                    return Some(close_frame(close_code::AGAIN, "message not finished in time"));
                }
            };
            match message {
                // Once this side closes the socket nothing is handled any more.
                Ok(_) if self.closing.load(Ordering::Relaxed) => {}
                Ok(Message::Text(text)) => {
                    self.told(self.handlers.text(self.session.clone(), &text).await);
                }
                Ok(Message::Binary(bytes)) => {
                    self.told(self.handlers.binary(self.session.clone(), bytes).await);
                }
                // Reading on lets the answer to the peer's close frame go out.
                Ok(Message::Close(_) | Message::Ping(_) | Message::Pong(_)) => {}
                Err(error) => return self.explain(&error),
            }
        }
    }

    /// A client that sends too fast is read more slowly, which its own sending notices; nothing is lost.
    /// Returns the time.
    async fn wait_for_turn(&mut self) -> Instant {
        let now = Instant::now();
        let wait = self.rate.take(now);
        if wait.is_zero() {
            return now;
        }
        self.counters.refuse("message_rate");
        sleep(wait).await;
        Instant::now()
    }

    /// A message that is none is counted and told; the connection stays.
    fn told(&self, taken: Result<(), MalformedMessage>) {
        if let Err(error) = taken {
            self.counters.refuse("malformed_message");
            self.handlers.malformed(self.session, &error);
        }
    }

    /// The close frame for a peer that broke the protocol; none where the connection is lost.
    fn explain(&self, error: &axum::Error) -> Option<CloseFrame> {
        // The protocol library's error type is no part of axum's interface; what it says is.
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        if said.starts_with("Space limit exceeded") {
            self.counters.refuse("oversize_message");
            Some(close_frame(close_code::SIZE, "message too long"))
        } else if said.starts_with("UTF-8") {
            self.counters.refuse("malformed_message");
            Some(close_frame(close_code::INVALID, "text is not UTF-8"))
        } else if said.starts_with("WebSocket protocol error") && !self.closing.load(Ordering::Relaxed) {
            self.counters.refuse("protocol_error");
            Some(close_frame(close_code::PROTOCOL, "protocol error"))
        } else {
            None
        }
    }
}
