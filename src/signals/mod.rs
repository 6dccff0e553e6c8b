//! Streams and sockets in a program's hands: what arrives and what is sent as Rust values, without HTML.
//!
//! | function or codec | what |
//! | --- | --- |
//! | [`use_sse`] | a handle on the stream around: open, close, its state |
//! | [`use_ws`] | a handle on the socket around: send, open, close, reconnect, its state |
//! | [`Typed`] | a codec that reads frames as values of a type |
//!
//! A handle is there in any case, and inert where there is no source, as on the server: most components know where they are
//! used, and those that do not can ask it.
//!
//! A handle finds its source by the context that the source's component provides, and callbacks are called as components
//! call them, which is all that this folder knows of components.
//!
//! Invariant: nothing here touches the page, and everything may be called on the server, where it does nothing.

mod typed;
mod use_sse;
mod use_ws;

pub use typed::Typed;
pub use use_sse::{SseHandle, use_sse};
pub use use_ws::{WsHandle, use_ws};
