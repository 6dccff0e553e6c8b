//! One event as the hub keeps it: written once, however many readers get it.

use std::sync::OnceLock;

use bytes::Bytes;
use tokio::time::Instant;

use super::{Payload, SocketFrames};
use crate::server::broker::Publication;
use crate::wire::{
    ConnectionId, EventName, LiveEvent, Position, Topic, encode_data_event, encode_enveloped_event,
    encode_event,
};

/// An event in a ring, shared by everybody who reads it.
#[derive(Debug)]
pub(crate) struct StoredEvent {
    pub(crate) position: Position,
    pub(super) topic: Topic,
    pub(crate) name: EventName,
    pub(crate) payload: Payload,
    /// Counts the events of this topic, so that a reader can tell how many it has skipped.
    pub(super) sequence: u64,
    pub(super) at: Instant,
    /// Connections that do not get it.
    except: Vec<ConnectionId>,
    /// Filled by the first event stream that needs it; a topic read only by sockets never does.
    text: OnceLock<Bytes>,
    /// Filled by the first socket that carries it in a form of its own.
    frame: OnceLock<(SocketFrames, Bytes)>,
}

impl StoredEvent {
    /// An event that has yet to get its number in its topic, by whoever puts it there.
    pub(super) fn new(position: Position, publication: Publication, at: Instant) -> Self {
        Self {
            position,
            topic: publication.topic,
            name: publication.event,
            payload: publication.payload,
            sequence: 0,
            at,
            except: publication.except,
            text: OnceLock::new(),
            frame: OnceLock::new(),
        }
    }

    /// Whether the event is not for this connection, which has most likely caused it.
    pub(super) fn leaves_out(&self, connection: ConnectionId) -> bool {
        self.except.contains(&connection)
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
        if form == SocketFrames::Payload {
            return self.payload.as_bytes().clone();
        }
        let encoded = || self.encoded(form, Some(self.position));
        let (kept, bytes) = self.frame.get_or_init(|| (form, encoded()));
        // Two endpoints with different forms of one topic are rare enough to write it anew.
        if *kept == form { bytes.clone() } else { encoded() }
    }

    /// The same for a client that stands after it already, and must take it all the same.
    pub(crate) fn frame_without_position(&self, form: SocketFrames) -> Bytes {
        self.encoded(form, None)
    }

    fn encoded(&self, form: SocketFrames, position: Option<Position>) -> Bytes {
        match form {
            SocketFrames::Payload => self.payload.as_bytes().clone(),
            SocketFrames::Envelope => {
                encode_enveloped_event(&self.name, position, self.payload.as_str()).into()
            }
            // What is done with the position of a value is up to the app, whose type has it.
            SocketFrames::Data => encode_data_event(&self.name, self.position, self.payload.as_str()).into(),
        }
    }

    pub(super) fn to_live_event(&self) -> LiveEvent {
        LiveEvent {
            position: Some(self.position),
            name: self.name.clone(),
            data: self.payload.as_str().to_owned(),
        }
    }
}
