//! One event as the hub keeps it: written once, however many readers get it.

use std::sync::OnceLock;

use bytes::Bytes;
use tokio::time::Instant;

use super::{Payload, SocketFrames};
use crate::wire::{EventName, LiveEvent, Position, encode_data_event, encode_enveloped_event, encode_event};

/// An event in a ring, shared by everybody who reads it.
#[derive(Debug)]
pub(crate) struct StoredEvent {
    pub(crate) position: Position,
    pub(crate) name: EventName,
    pub(crate) payload: Payload,
    /// Counts the events of this topic, so that a reader can tell how many it has skipped.
    pub(super) sequence: u64,
    pub(super) at: Instant,
    /// Filled by the first event stream that needs it; a topic read only by sockets never does.
    text: OnceLock<Bytes>,
    /// Filled by the first socket that carries it in a form of its own.
    frame: OnceLock<(SocketFrames, Bytes)>,
}

impl StoredEvent {
    pub(super) fn new(position: Position, name: EventName, payload: Payload, sequence: u64) -> Self {
        Self {
            position,
            name,
            payload,
            sequence,
            at: Instant::now(),
            text: OnceLock::new(),
            frame: OnceLock::new(),
        }
    }

    /// What the event counts for in the bounds of a ring.
    pub(super) fn size(&self) -> usize {
        self.name.as_str().len().saturating_add(self.payload.len())
    }

    /// The event in the event-stream format.
    pub(crate) fn text(&self) -> Bytes {
        self.text
            .get_or_init(|| encode_event(&self.name, Some(self.position), self.payload.as_str()).into())
            .clone()
    }

    /// The same without its id, for events that must not move the reader's cursor back.
    pub(crate) fn text_without_id(&self) -> Bytes {
        encode_event(&self.name, None, self.payload.as_str()).into()
    }

    /// The event as a socket carries it.
    pub(crate) fn frame(&self, form: SocketFrames) -> Bytes {
        let encode = match form {
            SocketFrames::Payload => return self.payload.as_bytes().clone(),
            SocketFrames::Envelope => encode_enveloped_event,
            SocketFrames::Data => encode_data_event,
        };
        let encoded = || Bytes::from(encode(&self.name, self.position, self.payload.as_str()));
        let (kept, bytes) = self.frame.get_or_init(|| (form, encoded()));
        // Two endpoints with different forms of one topic are rare enough to write it anew.
        if *kept == form { bytes.clone() } else { encoded() }
    }

    pub(super) fn to_live_event(&self) -> LiveEvent {
        LiveEvent {
            position: Some(self.position),
            name: self.name.clone(),
            data: self.payload.as_str().to_owned(),
        }
    }
}
