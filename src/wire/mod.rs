//! What travels between server and browser, and the names it travels under.
//!
//! An event's life on the wire: the server gives it a [`Position`], writes it as
//! [SSE text](sse_text) (or, on a socket, sends HTML that is placed by id, an [`Envelope`] or a
//! [`DataEvent`]), the browser reads it back and resumes from the last [`Position`] it saw. Forms go the
//! other way as [`FormMessage`]s.
//! [`Control`] events (`ll:…`) carry what the two sides tell each other about the stream itself.
//!
//! Invariant: this folder is pure and is the only one whose types are serialised. It knows no
//! browser, no server, no component. Every name is checked when it is built, so that encoding
//! cannot fail and cannot be made to forge a field.

mod acknowledgement;
mod connection_id;
mod control;
mod data_event;
mod envelope;
mod error;
mod event_name;
mod form_message;
mod frame_format;
mod idempotency_key;
mod live_event;
mod name_rule;
mod position;
mod render_source;
mod resumption;
mod sse_decoder;
pub(crate) mod sse_text;
mod topic;
mod topic_path;

pub use acknowledgement::encode_acknowledgement;
pub(crate) use acknowledgement::parse_acknowledgement;
pub(crate) use connection_id::CONNECTION_HEADER;
pub use connection_id::ConnectionId;
pub(crate) use control::WITH_LATEST;
pub use control::{Control, ControlKind, Gap, GapReason, VersionSkew, WIRE_VERSION};
pub use data_event::{DataEvent, encode_data_event};
pub use envelope::{Envelope, encode_enveloped_event};
pub use error::{InvalidName, InvalidPosition, MalformedMessage};
pub use event_name::EventName;
pub(crate) use event_name::RESERVED_PREFIX;
pub use form_message::FormMessage;
pub use frame_format::FrameFormat;
pub use idempotency_key::IdempotencyKey;
pub use live_event::LiveEvent;
pub use position::{Epoch, Position};
pub use render_source::{LiveRenderSource, RenderSource};
pub use resumption::Resumption;
pub(crate) use sse_decoder::is_event_stream;
pub use sse_decoder::{EventTooLong, SseDecoder, SseMessage};
pub use sse_text::{encode_control, encode_event, encode_retry};
pub use topic::Topic;
