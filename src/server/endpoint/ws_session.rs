//! The app's handle on one client's socket.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Extensions, HeaderMap};
use thiserror::Error;
use tokio::sync::mpsc;

use super::ws_outgoing::{Outgoing, close_frame};
use crate::server::{Client, Hub, Payload, PublishError};
use crate::wire::{EventName, FormMessage, Position, Topic, encode_acknowledgement};

/// One client's socket, as a message handler gets it. Clones are handles on the same socket; one
/// that is kept after the socket has closed does no harm.
#[derive(Clone)]
pub struct WsSession {
    pub(super) id: u64,
    pub(super) tag: Option<Arc<str>>,
    pub(super) protocol: Option<Arc<str>>,
    pub(super) hub: Hub,
    pub(super) client: Client,
    pub(super) outgoing: mpsc::Sender<Outgoing>,
}

/// The client has gone, so nothing can be sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("socket: expected an open connection, found it closed")]
pub struct SessionClosed;

impl WsSession {
    /// A number that no other socket of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The name given to the endpoint's sockets.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The sub-protocol that both sides speak.
    pub fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }

    /// Who has opened the socket.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The headers of the handshake.
    pub fn headers(&self) -> &HeaderMap {
        self.client.headers()
    }

    /// What the app's layers have attached to the handshake, such as the user.
    pub fn extensions(&self) -> &Extensions {
        self.client.extensions()
    }

    /// Publishes what this client wants to say, if the policy allows it to write to this topic: [`Hub::publish_as`].
    ///
    /// # Errors
    /// [`PublishError::Denied`] when it may not, else as [`Hub::publish`].
    pub async fn publish(
        &self,
        topic: &Topic,
        event: &EventName,
        data: impl Into<Payload>,
    ) -> Result<Position, PublishError> {
        self.hub.publish_as(&self.client, topic, event, data).await
    }

    /// Sends to this client only: HTML, whose elements are placed by their ids, an
    /// [`Envelope`](crate::Envelope), or a value by [`Payload::json`], as its source reads frames.
    ///
    /// Waits when more answers are under way than the client takes.
    ///
    /// # Errors
    /// [`SessionClosed`] when the client has gone.
    pub async fn send(&self, data: impl Into<Payload>) -> Result<(), SessionClosed> {
        let text = Outgoing::payload(&data.into());
        self.write(text).await
    }

    /// Sends bytes to this client only, as one binary frame.
    ///
    /// # Errors
    /// [`SessionClosed`] when the client has gone.
    pub async fn send_binary(&self, bytes: impl Into<Bytes>) -> Result<(), SessionClosed> {
        let bytes = Outgoing::Binary(bytes.into());
        self.write(bytes).await
    }

    /// Tells the client that its message was dealt with, which ends the waiting of a form with `ack`. Does nothing for
    /// a message whose sender does not wait.
    ///
    /// An [`Envelope`](crate::Envelope) that is `answering` the message does the same and brings HTML along.
    ///
    /// # Errors
    /// [`SessionClosed`] when the client has gone.
    pub async fn acknowledge(&self, message: &FormMessage) -> Result<(), SessionClosed> {
        let Some(Ok(frame)) = message.request_id().map(encode_acknowledgement) else {
            return Ok(());
        };
        let frame = Outgoing::Text(frame.into());
        self.write(frame).await
    }

    /// Closes the socket after what has been sent. Codes from 4400 to 4499 tell the page not to
    /// come back; the reason is cut to the 123 bytes that a close frame holds.
    ///
    /// # Errors
    /// [`SessionClosed`] when the client has gone.
    pub async fn close(&self, code: u16, reason: &str) -> Result<(), SessionClosed> {
        let close = Outgoing::Close(close_frame(code, reason));
        self.write(close).await
    }

    async fn write(&self, outgoing: Outgoing) -> Result<(), SessionClosed> {
        self.outgoing.send(outgoing).await.map_err(|_| SessionClosed)
    }
}

impl fmt::Debug for WsSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The request holds cookies, which do not belong in a log.
        f.debug_struct("WsSession")
            .field("id", &self.id)
            .field("tag", &self.tag)
            .finish_non_exhaustive()
    }
}
