//! Connections of the page: opened once for all who want them, kept alive, closed with the last owner.
//!
//! The rules stand in [`machine`], which knows no browser; [`link`] carries them out with timers and
//! page events; [`sse`] and [`ws`] are the connections. A stream has two transports ([`transport`]): the browser's
//! [`event_source`], and [`fetch_transport`] for what that cannot do. Streams that the page has opened before are taken over
//! by [`early`].
//!
//! Invariant: a connection knows who listens to it, but neither the DOM around them nor what they do
//! with an event. Whatever it holds (transport, listeners, timer) is closed when it is dropped.

pub(crate) mod cursor;
pub(crate) mod early;
mod event_source;
pub(crate) mod fetch_transport;
mod hearing;
mod input;
mod joining;
pub(crate) mod link;
pub(crate) mod machine;
pub(crate) mod owners;
pub(crate) mod probe;
pub(crate) mod progress;
pub(crate) mod reauthorization;
pub(crate) mod retry_policy;
pub(crate) mod shared;
pub(crate) mod source_request;
pub(crate) mod sse;
pub(crate) mod state;
pub(crate) mod stream_address;
mod stream_limit;
pub(crate) mod stream_request;
mod transport;
pub(crate) mod ws;
pub(crate) mod ws_address;
mod ws_hearing;
pub(crate) mod ws_transport;
