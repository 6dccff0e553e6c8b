//! What a subscription brings.

use std::sync::Arc;

use bytes::Bytes;

use super::event::StoredEvent;
use crate::wire::{Control, Position};

/// Something that a [`Subscription`](super::Subscription) brings.
///
/// ```
/// use leptos_live::server::Delivery;
/// use leptos_live::{Control, SseDecoder};
///
/// fn describe(delivery: &Delivery) -> String {
///     match delivery {
///         Delivery::Event { bytes, position } => {
///             let messages = SseDecoder::default().push(bytes);
///             let data = messages.first().map_or("", |message| &*message.data);
///             format!("{data} at {position}")
///         }
///         Delivery::Control(Control::Gap(gap)) => format!("something is lost before {}", gap.to),
///         Delivery::Control(_) => String::new(),
///     }
/// }
/// # let _ = describe;
/// ```
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
