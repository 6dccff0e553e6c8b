//! The app's handle on one client's socket.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Extensions, HeaderMap};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::Rejection;
use super::ws_outgoing::{Outgoing, close_frame};
use crate::server::{
    Action, Client, Connection, Hub, Payload, PublishError, PublishOptions, Resume, SubscribeError,
};
use crate::wire::{ConnectionId, EventName, FormMessage, Position, Topic, encode_acknowledgement};

/// One client's socket, as a message handler gets it. Clones are handles on the same socket; one
/// that is kept after the socket has closed does no harm.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::server::{Fragment, Hub, WsEndpoint};
///
/// fn greeter(hub: &Hub) -> WsEndpoint {
///     WsEndpoint::new(hub).on_message(|session, message| async move {
///         let name = message.value("name").unwrap_or("stranger").to_owned();
///         let greeting = Fragment::render(|| view! { <p id="greeting">"Hello, " {name}</p> });
///         if session.send(greeting).await.is_err() {
///             // The client has gone, and with it whoever would have read it.
///         }
///     })
/// }
/// # let _ = greeter;
/// ```
#[derive(Clone)]
pub struct WsSession {
    /// Each message's handler gets a clone, which so is one count and not one for each of the parts.
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) id: u64,
    pub(super) connection: Connection,
    pub(super) tag: Option<Arc<str>>,
    pub(super) protocol: Option<Arc<str>>,
    pub(super) hub: Hub,
    pub(super) client: Client,
    pub(super) outgoing: mpsc::Sender<Outgoing>,
}

/// The client has gone, so nothing can be sent to it.
///
/// ```
/// use leptos_live::server::{SessionClosed, WsSession};
///
/// async fn count_down(session: &WsSession) -> Result<(), SessionClosed> {
///     for number in ["3", "2", "1"] {
///         session.send(number).await?;
///     }
///     session.close(1000, "lift-off").await
/// }
/// # let _ = count_down;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("socket: expected an open connection, found it closed")]
pub struct SessionClosed;

impl WsSession {
    /// A number that no other socket of this process has.
    pub fn id(&self) -> u64 {
        self.inner.id
    }

    /// The id by which [`PublishOptions::except`] and [`Hub::connection`] know this socket. Unlike
    /// [`WsSession::id`] it belongs in no log.
    pub fn connection_id(&self) -> ConnectionId {
        self.inner.connection.id()
    }

    /// Adds a topic to this socket, if the policy allows this client to read it; see [`Connection::subscribe`].
    ///
    /// ```
    /// use leptos_live::server::{Hub, Resume, WsEndpoint};
    /// use leptos_live::{EventName, Topic};
    ///
    /// /// `{"room": "7"}` enters a room, `{"leave": "7"}` leaves it, `{"typing": "7"}` tells the others.
    /// fn rooms(hub: &Hub) -> WsEndpoint {
    ///     WsEndpoint::new(hub).on_message(|session, message| async move {
    ///         let room = |name| Topic::join(["room", message.value(name)?]).ok();
    ///         if let Some(room) = room("room") {
    ///             let _ = session.subscribe(room, Resume::Start).await;
    ///         }
    ///         if let Some(room) = room("leave") {
    ///             session.unsubscribe(&room);
    ///         }
    ///         if let Some(room) = room("typing") {
    ///             let _ = session.publish_to_others(&room, &EventName::default(), "…").await;
    ///         }
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SubscribeError::Denied`] when it may not, else as [`Connection::subscribe`].
    pub async fn subscribe(&self, topic: Topic, resume: Resume) -> Result<Position, SubscribeError> {
        let answer = self
            .inner
            .hub
            .authorize(&self.inner.client, Action::Read, &topic)
            .await;
        answer.inspect_err(|denied| self.inner.hub.count(&Rejection::Denied(*denied)))?;
        self.inner.connection.subscribe(topic, resume)
    }

    /// Takes a topic from this socket; false when the socket does not have it. What is [sent](WsSession::send) afterwards
    /// comes after the last of the topic; see [`Connection::unsubscribe`].
    pub fn unsubscribe(&self, topic: &Topic) -> bool {
        self.inner.connection.unsubscribe(topic)
    }

    /// Publishes what this client wants to say to everybody who reads the topic, but not to this socket, if the policy
    /// allows it to write to the topic.
    ///
    /// # Errors
    /// As [`WsSession::publish`].
    pub async fn publish_to_others(
        &self,
        topic: &Topic,
        event: &EventName,
        data: impl Into<Payload>,
    ) -> Result<Position, PublishError> {
        self.inner.hub.may_publish(&self.inner.client, topic).await?;
        let others = PublishOptions::new().except([self.connection_id()]);
        self.inner.hub.publish_with(topic, event, data, others).await
    }

    /// The name given to the endpoint's sockets.
    pub fn tag(&self) -> Option<&str> {
        self.inner.tag.as_deref()
    }

    /// The sub-protocol that both sides speak.
    pub fn protocol(&self) -> Option<&str> {
        self.inner.protocol.as_deref()
    }

    /// Who has opened the socket.
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    /// The headers of the handshake.
    pub fn headers(&self) -> &HeaderMap {
        self.inner.client.headers()
    }

    /// What the app's layers have attached to the handshake, such as the user.
    pub fn extensions(&self) -> &Extensions {
        self.inner.client.extensions()
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
        self.inner
            .hub
            .publish_as(&self.inner.client, topic, event, data)
            .await
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
        // Nearly always there is room, and then nobody has to be remembered who waits for it.
        match self.inner.outgoing.try_send(outgoing) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(SessionClosed),
            Err(TrySendError::Full(outgoing)) => {
                let sent = self.inner.outgoing.send(outgoing).await;
                sent.map_err(|_| SessionClosed)
            }
        }
    }
}

impl fmt::Debug for WsSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The request holds cookies, which do not belong in a log.
        f.debug_struct("WsSession")
            .field("id", &self.inner.id)
            .field("tag", &self.inner.tag)
            .finish_non_exhaustive()
    }
}
