#![doc = include_str!("../README.md")]

mod wire;

pub use wire::{
    Control, ControlKind, Epoch, EventName, FormMessage, Gap, GapReason, InvalidName, InvalidPosition,
    LiveEvent, LiveRenderSource, MalformedMessage, Position, RenderSource, SseDecoder, SseMessage, Topic,
    encode_control, encode_event, encode_retry,
};
