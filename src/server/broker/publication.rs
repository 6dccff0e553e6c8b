//! An event on its way in, and what became of it.

use super::BrokerError;
use crate::server::hub::Payload;
use crate::wire::{ConnectionId, EventName, IdempotencyKey, Position, Topic};

/// An event on its way in, before it has a position.
///
/// ```
/// use leptos_live::server::Publication;
/// use leptos_live::{EventName, Topic};
///
/// // What a broker hands over that has read it from its engine.
/// let publication = Publication::new(Topic::new("news")?, EventName::new("headline")?, "<b>Hello</b>");
/// assert_eq!(publication.payload.len(), 12);
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Publication {
    /// The stream it belongs to.
    pub topic: Topic,
    /// The name it is dispatched under.
    pub event: EventName,
    /// What it says.
    pub payload: Payload,
    /// What makes another attempt to publish it recognisable; see [`Broker::publish`](super::Broker::publish).
    pub key: Option<IdempotencyKey>,
    /// Connections that do not get it. They may be on any node, so this travels with the event.
    pub except: Vec<ConnectionId>,
}

impl Publication {
    /// An event for everybody, without a key.
    pub fn new(topic: Topic, event: EventName, payload: impl Into<Payload>) -> Self {
        Self {
            topic,
            event,
            payload: payload.into(),
            key: None,
            except: Vec::new(),
        }
    }
}

/// What has become of a publication.
///
/// [`Broker::publish_at_once`](super::Broker::publish_at_once) has an example of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The position right after the event.
    pub position: Position,
    /// Whether the event is new; otherwise it is one that was published before under the same key.
    pub is_new: bool,
}

/// What [`Broker::publish_at_once`](super::Broker::publish_at_once) has made of a publication.
///
/// [`Broker::publish_at_once`](super::Broker::publish_at_once) has an example of a broker.
#[derive(Debug)]
#[must_use = "a publication that is given back has yet to be published"]
pub enum AtOnce {
    /// It was taken, and this has become of it.
    Done(Result<Published, BrokerError>),
    /// It was not taken: it is as it came, with its key, and nothing has happened. [`Broker::publish`](super::Broker::publish)
    /// takes it.
    MustWait(Publication),
}
