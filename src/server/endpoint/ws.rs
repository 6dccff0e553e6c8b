//! The WebSocket endpoint: what is published goes to the client, what its forms send goes to the
//! app's handler.
//!
//! A socket resumes nothing: what is published while a client is away is lost to it. The newest events
//! of topics of the latest values are sent when it connects; where frames carry positions, the client
//! leaves out those that it has seen.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderValue;
use http::request::Parts;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::guarded::GuardedSubscription;
use super::ws_connection::{CLOSING_TIME, WsConnection};
use super::ws_handlers::{BoxFuture, Handlers};
use super::ws_outgoing::close_frame;
use super::ws_rate::Rate;
use super::ws_session::{Inner, WsSession};
use super::ws_writing::denied_frame;
use super::{Rejection, admission};
use crate::server::access::check_handshake;
use crate::server::hub::Transport;
use crate::server::serve::MessageWatch;
use crate::server::{Client, Hub, Resume, SocketFrames};
use crate::wire::{FormMessage, MalformedMessage, Topic};

/// The close code of a socket that asked for what it cannot have: the page does not come back.
const CLOSE_BAD_REQUEST: u16 = 4400;

/// What is read from the kernel at once. The protocol library fills as many bytes with zeros before each read and keeps
/// them for each socket; its own choice of 128 KiB is an eighth of what a short message costs.
const READ_BYTES: usize = 8 << 10;

/// A socket endpoint. It is an axum handler: `get(endpoint)`.
///
/// ```
/// use axum::{Router, routing::get};
/// use leptos_live::{Topic, server::{Fragment, Hub, WsEndpoint}};
///
/// # fn routes(hub: Hub) -> Result<Router, leptos_live::InvalidName> {
/// let echo = WsEndpoint::new(&hub)
///     .topics([Topic::new("room")?])
///     .on_message(|session, message| async move {
///         let said = Fragment::text(message.value("text").unwrap_or_default());
///         let _ = session.send(said).await;
///     });
/// Ok(Router::new().route("/echo", get(echo)))
/// # }
/// ```
///
/// Where the topics depend on the request, build it in a handler of your own and call
/// [`WsEndpoint::upgrade`].
///
/// A handshake must come from a page of this server's own origin, and with no cookies that were not declared (see
/// [`AccessConfig`](crate::server::AccessConfig)), else it is refused with 403 and no handler runs. With 429 or 503 it is
/// refused where there are too many connections, of the client or in all. What the
/// [`Policy`](crate::server::Policy) refuses, at the beginning or later, closes the socket with 4401 or 4403.
#[derive(Clone)]
pub struct WsEndpoint {
    hub: Hub,
    topics: Vec<Topic>,
    tag: Option<Arc<str>>,
    protocols: Vec<Cow<'static, str>>,
    frames: SocketFrames,
    handlers: Handlers,
}

impl WsEndpoint {
    /// An endpoint that carries no topic and ignores messages until told otherwise.
    pub fn new(hub: impl Into<Hub>) -> Self {
        Self {
            hub: hub.into(),
            topics: Vec::new(),
            tag: None,
            protocols: Vec::new(),
            frames: SocketFrames::default(),
            handlers: Handlers::default(),
        }
    }

    /// The topics whose events are sent to the client, as [`WsEndpoint::frames`] says.
    pub fn topics(mut self, topics: impl IntoIterator<Item = Topic>) -> Self {
        self.topics = topics.into_iter().collect();
        self
    }

    /// Names the sockets, so that [`Hub::disconnect`] can end them.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into().into());
        self
    }

    /// The form of the topics' events; by default the payload itself.
    pub fn frames(mut self, frames: SocketFrames) -> Self {
        self.frames = frames;
        self
    }

    /// The sub-protocols that this endpoint speaks, the best first (WSC-10). The first that the client has offered is
    /// chosen; a browser whose offers are all unknown here fails the connection.
    pub fn protocols(mut self, protocols: impl IntoIterator<Item = impl Into<Cow<'static, str>>>) -> Self {
        self.protocols = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// What happens with a message from a form, in any of the three forms of htmx (SRV-07). Messages of one client are handled one after the
    /// other; those of different clients at the same time.
    ///
    /// A handler that is still at work 0.8 seconds after its socket was closed is cancelled; spawn
    /// a task for what must be finished.
    pub fn on_message<F, Fut>(mut self, handler: F) -> Self
    where
        F: Fn(WsSession, FormMessage) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.on_message(handler);
        self
    }

    /// What happens with text frames that are JSON of a type, as `WsHandle::send_json` sends them. It takes the place of
    /// [`WsEndpoint::on_message`], and may read messages of forms as well: their headers are one more field, which
    /// serde ignores unless the type has it.
    pub fn on_json<T, F, Fut>(mut self, handler: F) -> Self
    where
        T: DeserializeOwned + 'static,
        F: Fn(WsSession, T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.on_json(handler);
        self
    }

    /// What happens with binary frames; without this one they are messages that are none.
    pub fn on_binary<F, Fut>(mut self, handler: F) -> Self
    where
        F: Fn(WsSession, Bytes) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.on_binary(handler);
        self
    }

    /// What happens with a message that is none; it is counted and logged in any case, and the
    /// connection stays.
    pub fn on_malformed<F>(mut self, handler: F) -> Self
    where
        F: Fn(&WsSession, &MalformedMessage) + Send + Sync + 'static,
    {
        self.handlers.on_malformed(handler);
        self
    }

    /// Accepts the socket of this request, or refuses it, once the policy has been asked about its topics.
    pub async fn upgrade(self, upgrade: WebSocketUpgrade, request: &Parts) -> Response {
        let hub = self.hub.clone();
        self.accept(upgrade, request).await.unwrap_or_else(|refused| {
            hub.count(&refused);
            refused.into_response()
        })
    }

    /// Refuses a client so that its page can tell why: the socket is accepted and closed at once.
    /// A page cannot see the status of a refused handshake and would try again for ever.
    ///
    /// Codes from 4400 to 4499 tell the page not to come back, such as 4401 for a visitor who has
    /// to sign in. Where pages offer sub-protocols, call `protocols` on the upgrade first: a browser that
    /// is not told which one was chosen sees no code.
    pub fn refuse(upgrade: WebSocketUpgrade, code: u16, reason: impl Into<String>) -> Response {
        Self::close_at_once(upgrade, close_frame(code, &reason.into()))
    }

    fn close_at_once(upgrade: WebSocketUpgrade, frame: CloseFrame) -> Response {
        upgrade.on_upgrade(move |mut socket| async move {
            let good_bye = async {
                let _ = socket.send(Message::Close(Some(frame))).await;
                // Until the peer has answered; a socket that is dropped before may lose the code.
                while let Some(Ok(_)) = socket.recv().await {}
            };
            let _ = tokio::time::timeout(CLOSING_TIME, good_bye).await;
        })
    }

    async fn accept(self, upgrade: WebSocketUpgrade, request: &Parts) -> Result<Response, Rejection> {
        let config = self.hub.config();
        check_handshake(request, &config.access)?;
        let upgrade = upgrade.protocols(self.protocols);
        let protocol = upgrade.selected_protocol().map(HeaderValue::to_str);
        let protocol = protocol.and_then(Result::ok).map(Arc::from);
        let client = Client::new(request, &config.access);
        let is_open = admission::admit(&self.hub, &client, |counters| &counters.ws_connections)?;
        let tag = self.tag.as_deref().map(str::to_owned);
        let opened =
            GuardedSubscription::open(&self.hub, Transport::Ws, &client, self.topics, Resume::Start, tag)
                .await;
        let subscription = match opened {
            Ok(subscription) => subscription,
            // A page that shall not come back has to be told so by a close code.
            Err(refused @ (Rejection::TooManyTopics { .. } | Rejection::Denied(_))) => {
                self.hub.count(&refused);
                let frame = match refused {
                    Rejection::Denied(denied) => denied_frame(denied),
                    _ => close_frame(CLOSE_BAD_REQUEST, "too many topics"),
                };
                return Ok(Self::close_at_once(upgrade, frame));
            }
            Err(refused) => return Err(refused),
        };
        let (sender, answers) = mpsc::channel(config.socket.outgoing.max(1));
        let connection = WsConnection {
            session: WsSession {
                inner: Arc::new(Inner {
                    id: subscription.id(),
                    connection: subscription.connection(),
                    tag: self.tag,
                    protocol,
                    hub: self.hub.clone(),
                    client,
                    outgoing: sender,
                }),
            },
            subscription,
            frames: self.frames,
            answers,
            handlers: self.handlers,
            counters: self.hub.counters().clone(),
            heartbeat: config.heartbeat_interval(),
            write_timeout: config.socket.write_timeout,
            watch: request.extensions.get::<MessageWatch>().cloned(),
            message_timeout: config.socket.message_timeout,
            rate: Rate::new(config.socket.messages_per_second, config.socket.message_burst),
            is_open,
        };
        Ok(upgrade
            .read_buffer_size(READ_BYTES)
            .max_message_size(config.socket.max_message_bytes)
            .max_frame_size(config.socket.max_message_bytes)
            .on_upgrade(move |socket| connection.run(socket)))
    }
}

/// Tells the compiler which way of being a handler is meant; of no other use.
#[derive(Clone, Copy, Debug)]
pub enum WsEndpointMarker {}

impl<S> Handler<WsEndpointMarker, S> for WsEndpoint
where
    S: Send + Sync + 'static,
{
    type Future = BoxFuture<Response>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let (mut parts, _body) = request.into_parts();
            match WebSocketUpgrade::from_request_parts(&mut parts, &state).await {
                Ok(upgrade) => self.upgrade(upgrade, &parts).await,
                Err(rejection) => rejection.into_response(),
            }
        })
    }
}

impl fmt::Debug for WsEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WsEndpoint")
            .field("hub", &self.hub)
            .field("topics", &self.topics)
            .field("tag", &self.tag)
            .finish_non_exhaustive()
    }
}
