//! The server's half: a [`Hub`] that events are published to, and the axum endpoints that carry
//! them to browsers.
//!
//! # Quick start
//! One hub per process, cloned into the routes. Whoever knows the news publishes it; whoever is
//! connected gets it, and whoever was away for a moment gets what was missed.
//!
//! ```
//! use axum::{Router, routing::get};
//! use leptos::prelude::*;
//! use leptos_live::server::{Fragment, Hub, Retention, SseRequest, WsEndpoint};
//! use leptos_live::{EventName, Topic};
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let hub = Hub::default();
//! let news = Topic::new("news")?;
//! hub.declare(news.clone(), Retention::default());
//!
//! // Down: GET /news is an event stream that resumes where the browser left off.
//! let stream = {
//!     let (hub, news) = (hub.clone(), news.clone());
//!     move |request: SseRequest| async move { hub.sse([news], request).await }
//! };
//! // Both ways: what a form sends over the socket is published to everyone.
//! let chat = WsEndpoint::new(&hub).topics([Topic::new("chat")?]).on_message({
//!     let hub = hub.clone();
//!     move |session, message| {
//!         let hub = hub.clone();
//!         async move {
//!             let text = message.value("text").unwrap_or_default().to_owned();
//!             let Ok(room) = Topic::new("chat") else { return };
//!             let line = Fragment::render(|| view! { <p id="last">{text}</p> });
//!             if hub.publish(&room, &EventName::default(), line).await.is_err() {
//!                 let _ = session.send(Fragment::text("not delivered")).await;
//!             }
//!         }
//!     }
//! });
//! let app: Router = Router::new().route("/news", get(stream)).route("/chat", get(chat));
//!
//! let headline = EventName::new("headline")?;
//! hub.publish(&news, &headline, Fragment::render(|| view! { <b>"Hello"</b> })).await?;
//! # let _ = app; Ok(())
//! # }
//! ```
//!
//! [`serve()`] takes the place of `axum::serve`: it has the limits that a server with connections which stay open needs, and
//! ends when it is asked to. With `axum::serve`, call [`Hub::shutdown`] from its graceful-shutdown signal: an open stream
//! never ends by itself, so without it the server would wait for its readers for ever. A reader that takes no bytes at
//! all is not noticed by that wait; limit it with a time-out.
//!
//! # Who may do what
//! Handlers choose the topics of a stream; a [`Policy`] says besides who may read them, and is the only way for a client to
//! [publish](Hub::publish_as) by itself. [`AccessConfig`] says what cookies mean: as long as it does not, requests that carry
//! any are refused. [`same_origin`] keeps other sites' pages from posting here. What a client may have too much of is limited
//! by default, see [`HubConfig`].
//!
//! # Behind a proxy or a compressing layer
//! Event streams say `X-Accel-Buffering: no` and `Cache-Control: no-store`. tower-http's
//! `CompressionLayer` leaves `text/event-stream` alone by its default predicate; a predicate of
//! your own must exclude it too, or events wait in the compressor's buffer. More of this, and of limits and deploys, in
//! [`docs::operations`](crate::docs::operations).
//!
//! Invariant of this folder: it knows the wire and renders views, but no browser and no component.
//! Inside it, `access` decides and does nothing, `hub` knows no HTTP, `broker` knows no reader, `endpoint` keeps no history,
//! and `serve` knows neither streams nor sockets, but for where a frame ends.

mod access;
mod alarm;
mod broker;
mod endpoint;
mod form_file;
mod fragment;
mod hub;
mod random;
mod render;
mod serve;
#[cfg(test)]
mod tests;

pub use access::{
    AccessConfig, Action, Authorize, Client, Cookies, Decision, DecisionFuture, Denied, ForwardingHeader,
    InvalidNetwork, InvalidOrigin, Network, Origin, Policy, TrustedProxies, UserId, same_origin,
};
pub use broker::*;
pub use endpoint::{
    Rejection, Sender, SessionClosed, SseRequest, SseResponse, WsEndpoint, WsEndpointMarker, WsSession,
};
pub use form_file::FormFile;
pub use fragment::Fragment;
pub use hub::{
    Connection, Delivery, Feed, Hub, HubConfig, HubStats, PastEvent, Payload, PublishError, PublishOptions,
    Resume, Retained, Retention, Revocation, SocketConfig, SocketFrames, SubscribeError, SubscribeOptions,
    Subscription, TopicStats,
};
pub use render::provide_live;
pub use serve::{Drained, Serve, ServeConfig, serve};
