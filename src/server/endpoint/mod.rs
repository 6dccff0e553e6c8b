//! The hub over HTTP: event streams, sockets, and what a request says about where it left off.
//!
//! Invariant: this folder keeps no events and orders nothing; it writes what a subscription brings
//! in the form of its transport, and checks who asks.

mod admission;
mod guarded;
mod rejection;
mod sender;
mod sse;
mod sse_request;
mod ws;
mod ws_connection;
mod ws_handlers;
mod ws_messages;
mod ws_outgoing;
mod ws_rate;
mod ws_reading;
mod ws_session;
mod ws_turn;
mod ws_writing;

pub use rejection::Rejection;
pub use sender::Sender;
pub use sse::SseResponse;
pub use sse_request::SseRequest;
pub use ws::{WsEndpoint, WsEndpointMarker};
pub use ws_session::{SessionClosed, WsSession};
