//! How a history begins, is restored from an engine that outlives the process, and loses a part.

use std::time::Duration;

use tokio::time::Instant;

use super::{Rings, State, TopicState};
use crate::server::broker::Publication;
use crate::server::hub::event::Unplaced;
use crate::server::hub::ring::Ring;
use crate::server::hub::{HubConfig, Retention};
use crate::wire::{Epoch, Position};

/// An event of a history that is restored.
///
/// ```
/// use std::time::Duration;
/// use leptos_live::Position;
/// use leptos_live::server::{Feed, PastEvent, Publication};
///
/// /// Tells the hub what its engine has kept, all of it.
/// fn restore(feed: &Feed, head: Position, kept: Vec<(u64, Duration, Publication)>) {
///     let past = kept.into_iter().map(|(offset, age, publication)| PastEvent::new(offset, age, publication));
///     feed.restore(0, head, past);
/// }
/// # let _ = restore;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PastEvent {
    /// Where it stands.
    pub offset: u64,
    /// How long ago it was published.
    pub age: Duration,
    /// What it says.
    pub publication: Publication,
}

impl PastEvent {
    /// An event at this offset, published so long ago.
    pub fn new(offset: u64, age: Duration, publication: Publication) -> Self {
        Self {
            offset,
            age,
            publication,
        }
    }
}

impl TopicState {
    /// Lets go of what is too old or too much, also where nobody publishes.
    pub(super) fn settle(&mut self, now: Instant) {
        self.ring.expire(now);
        self.ring.enforce_bounds();
        if self.ring.retention() == Retention::Transient && self.readers.is_empty() {
            self.ring.clear();
        }
    }
}

impl State {
    pub(super) fn begin(&mut self, head: Position, config: &HubConfig) {
        self.head = head;
        self.floor = head.offset;
        self.topics
            .retain(|_, topic| topic.declared || !topic.readers.is_empty());
        for topic in self.topics.values_mut() {
            topic.ring = Ring::new(topic.ring.retention(), config, head.offset);
        }
    }

    fn restore(&mut self, event: PastEvent, now: Instant, config: &HubConfig) {
        let position = Position {
            epoch: self.head.epoch,
            offset: event.offset,
        };
        // A clock that has run for less than the event's age cannot name its moment.
        let at = now.checked_sub(event.age).unwrap_or(now);
        let entry = self.topic(&event.publication.topic, config);
        if entry.declared && entry.ring.retention() == Retention::Transient {
            entry.ring.pass(position.offset);
        } else {
            let unplaced = Unplaced::new(event.publication, at);
            let (event, _) = entry.ring.place(position, unplaced);
            entry.ring.restore(event);
        }
    }
}

impl Rings {
    /// Begins another history: everything kept so far is lost, and what is still known of the new one, which are the events
    /// between `floor` and `head`, is there from its first moment. Readers are woken when all of it is.
    pub(in crate::server::hub) fn restore(
        &self,
        floor: u64,
        head: Position,
        past: impl IntoIterator<Item = PastEvent>,
    ) {
        let now = Instant::now();
        let mut state = self.write();
        // Of topics that are not declared yet what is kept may be meant to be kept in another way. Afterwards they are what they are.
        let may_declare = state.head.epoch == Epoch(0);
        state.begin(
            Position {
                offset: floor,
                ..head
            },
            &self.config,
        );
        for event in past {
            state.restore(event, now, &self.config);
        }
        state.head = head;
        for topic in state.topics.values_mut() {
            if topic.declared || !may_declare {
                topic.settle(now);
            }
        }
        drop(state);
        self.wake_all();
    }

    /// Moves the head past events that are lost; they may have been of any topic.
    pub(in crate::server::hub) fn lose(&self, up_to: u64) {
        let mut state = self.write();
        state.floor = state.floor.max(up_to);
        state.head.offset = state.head.offset.max(up_to);
        for topic in state.topics.values_mut() {
            topic.ring.lose(up_to);
        }
        drop(state);
        self.wake_all();
    }

    /// Moves the head past an offset at which there is no event for anybody.
    pub(in crate::server::hub) fn pass(&self, up_to: u64) {
        let mut state = self.write();
        state.head.offset = state.head.offset.max(up_to);
    }

    /// Says whether the broker's engine is out of reach; readers are told of a change.
    pub(in crate::server::hub) fn set_cut_off(&self, is_cut_off: bool) {
        let was_cut_off = std::mem::replace(&mut self.write().is_cut_off, is_cut_off);
        if was_cut_off != is_cut_off {
            self.wake_all();
        }
    }

    /// Makes the policies be asked again about every reader.
    pub(in crate::server::hub) fn ask_again(&self) {
        for reader in self.readers(|_| true) {
            reader.ask_again();
            reader.wake_without_lock();
        }
    }

    fn wake_all(&self) {
        self.read().wake_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::wire::{EventName, Topic};

    /// A history that an engine had kept was kept whole by every topic that nobody had declared, until the next event.
    #[tokio::test]
    async fn r07_what_is_left_of_a_history_is_bounded_at_once() {
        let rings = Rings::new(Arc::new(HubConfig {
            retention: Retention::Log {
                max_events: 2,
                max_bytes: 1 << 20,
                max_age: Duration::from_secs(60),
            },
            ..HubConfig::default()
        }));
        let topic = Topic::new("t").unwrap();
        let event = |offset| {
            let publication = Publication::new(topic.clone(), EventName::default(), "x");
            PastEvent::new(offset, Duration::ZERO, publication)
        };
        for (epoch, kept) in [(1, 5), (2, 2)] {
            let head = Position {
                epoch: Epoch(epoch),
                offset: 5,
            };
            rings.restore(0, head, (1..=5).map(event));
            assert_eq!(rings.read().topics()[&topic].ring.len(), kept, "epoch {epoch}");
        }
    }
}
