#![doc = include_str!("../README.md")]

pub mod attributes;
mod browser;
mod components;
pub mod docs;
pub mod grammar;
#[cfg(feature = "ssr")]
pub mod server;
mod signals;
mod wire;

pub use browser::connection::retry_policy::{DelayFn, Jitter, ResetRule, RetryPolicy, SocketCodes};
pub use browser::connection::source_request::SourceRequest;
pub use browser::connection::state::{CloseReason, ConnectionState};
pub use browser::connection::stream_request::{RequestText, StreamRequest};
pub use browser::connection::ws_address::BinaryKind;
pub use browser::page_connections::page_connections;
pub use browser::queue_policy::{QueuePolicy, QueueRule};
pub use browser::request::{RequestError, Verb};
pub use browser::send_error::SendError;
pub use browser::version_skew::reload_when_outdated;
pub use browser::ws_acks::Ack;
pub use browser::ws_codec::{HtmlById, WsCodec};
pub use browser::ws_envelope::JsonEnvelope;
pub use browser::ws_files::Files;
pub use components::{
    Address, AttributeText, ChangingText, Coalesce, ConnectOn, ConnectWhen, ConnectionStatus, EventNames,
    Handler, Reauthorize, SelectOobText, SseSource, SseSwap, SseTrigger, SwapText, Values, ValuesText,
    WsForm, WsSend, WsSource, WsSwap,
};
pub use grammar::{Spelling, SwapSpec, SwapStyle};
pub use signals::{SseHandle, Typed, WsHandle, use_sse, use_ws};
pub use wire::{
    ConnectionId, Control, ControlKind, DataEvent, Envelope, Epoch, EventName, EventTooLong, FormMessage,
    FrameFormat, Gap, GapReason, IdempotencyKey, InvalidName, InvalidPosition, LiveEvent, LiveRenderSource,
    MalformedMessage, Position, RenderSource, Resumption, SseDecoder, SseMessage, Topic, VersionSkew,
    WIRE_VERSION, encode_acknowledgement, encode_control, encode_data_event, encode_enveloped_event,
    encode_event, encode_retry,
};

#[cfg(test)]
mod hostile_texts;
#[cfg(test)]
mod tidy;
