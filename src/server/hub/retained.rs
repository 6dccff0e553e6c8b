//! What a topic keeps, read together with the position to go on from.

use tokio::time::Instant;

use super::Retention;
use super::rings::Rings;
use crate::wire::{LiveEvent, Position, Topic};

/// A topic's retained events and the hub's head, read at one moment.
///
/// ```
/// use leptos_live::server::{Hub, Retention};
/// use leptos_live::{EventName, Topic};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (hub, prices) = (Hub::default(), Topic::new("prices")?);
/// hub.declare(prices.clone(), Retention::Latest);
/// for price in ["199", "205"] {
///     hub.publish(&prices, &EventName::new("tea")?, price).await?;
/// }
/// let retained = hub.retained(&prices);
/// assert_eq!(retained.newest("tea").map(|event| &*event.data), Some("205"));
/// assert_eq!(retained.position, hub.head());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retained {
    /// The head of the hub: resume from here to get what came after `events`.
    pub position: Position,
    /// The events, in order; the newest of each name for a topic of the latest values.
    pub events: Vec<LiveEvent>,
}

impl Retained {
    pub(super) fn read(rings: &Rings, topic: &Topic) -> Self {
        let now = Instant::now();
        let state = rings.read();
        let events = state
            .topics()
            .get(topic)
            .filter(|topic| topic.ring.retention() != Retention::Transient)
            .into_iter()
            .flat_map(|topic| topic.ring.fresh(now))
            .map(|(_, event)| event.to_live_event())
            .collect();
        Self {
            position: state.head(),
            events,
        }
    }

    /// The newest event of this name.
    pub fn newest(&self, name: &str) -> Option<&LiveEvent> {
        self.events.iter().rev().find(|event| event.name.as_str() == name)
    }
}
