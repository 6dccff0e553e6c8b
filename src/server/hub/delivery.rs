//! What a subscription brings.

use std::sync::Arc;

use bytes::Bytes;

use super::event::StoredEvent;
use crate::wire::{Control, Position};

/// Something that a [`Subscription`](super::Subscription) brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// An event.
    Event {
        /// The event in the event-stream format, shared by all readers. It may be a part of 4 KiB of memory that holds other
        /// events too: whoever keeps a short one for long keeps a copy ([`Bytes::copy_from_slice`]).
        bytes: Bytes,
        /// The place right after it.
        position: Position,
    },
    /// Something about the stream itself.
    Control(Control),
}

/// The same, before it is written in the form of one transport.
#[derive(Debug)]
pub(crate) enum Item {
    Event {
        event: Arc<StoredEvent>,
        /// Whether the reader's cursor moves to this event.
        has_id: bool,
    },
    Control(Control),
}

impl From<Item> for Delivery {
    fn from(item: Item) -> Self {
        match item {
            Item::Event { event, has_id } => Self::Event {
                bytes: if has_id {
                    event.text()
                } else {
                    event.text_without_id()
                },
                position: event.position,
            },
            Item::Control(control) => Self::Control(control),
        }
    }
}
