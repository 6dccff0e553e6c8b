//! What an event of a topic is on a socket.

use bytes::Bytes;

use super::event::StoredEvent;
use crate::wire::{encode_data_event, encode_enveloped_event};

/// The frame in which a socket endpoint writes the events of its topics (CON-03). What handlers send is written as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SocketFrames {
    /// The payload itself, as HTML that is placed by id (WSM-01), or whatever was published. It carries no position.
    #[default]
    Payload,
    /// `{"event", "position", "content"}` with the payload as HTML, for sources with the codec `JsonEnvelope`, which
    /// leave out what they have seen.
    Envelope,
    /// `{"event", "position", "data"}` with the payload as JSON, for sources with the codec `Typed<DataEvent<T>>`. A
    /// payload that is no JSON becomes a JSON text.
    Data,
}

impl SocketFrames {
    pub(super) fn encode(self, event: &StoredEvent) -> Bytes {
        let (name, position) = (&event.name, event.position);
        match self {
            Self::Payload => event.payload.as_bytes().clone(),
            Self::Envelope => encode_enveloped_event(name, position, event.payload.as_str()).into(),
            Self::Data => encode_data_event(name, position, event.payload.as_str()).into(),
        }
    }
}
