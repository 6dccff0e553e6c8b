#![doc = include_str!("../README.md")]

pub mod attributes;
mod browser;
mod components;
pub mod docs;
pub mod grammar;
#[cfg(feature = "ssr")]
pub mod server;
mod wire;

pub use browser::connection::retry_policy::{Jitter, ResetRule, RetryPolicy, SocketCodes};
pub use browser::connection::state::{CloseReason, ConnectionState};
pub use browser::connection::stream_request::{RequestText, StreamRequest};
pub use browser::request::Verb;
pub use browser::ws_outbox::SendError;
pub use components::{
    ConnectOn, ConnectionStatus, EventNames, SseHandle, SseSource, SseSwap, SseTrigger, WsForm, WsSend,
    WsSource, WsSwap, use_sse,
};
pub use grammar::{SwapSpec, SwapStyle};
pub use wire::{
    Control, ControlKind, Epoch, EventName, FormMessage, Gap, GapReason, InvalidName, InvalidPosition,
    LiveEvent, LiveRenderSource, MalformedMessage, Position, RenderSource, SseDecoder, SseMessage, Topic,
    encode_control, encode_event, encode_retry,
};

#[cfg(test)]
mod hostile_texts;
#[cfg(test)]
mod tidy;
