//! The topics of a hub: how one is found, made when it is first named, and forgotten when nothing of it is left.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use tokio::time::Instant;

use super::State;
use crate::server::hub::event::{StoredEvent, Unplaced};
use crate::server::hub::reader::Reader;
use crate::server::hub::ring::Ring;
use crate::server::hub::{HubConfig, Payload, Retention};
use crate::wire::{Position, Topic};

/// How often topics that nobody publishes to are looked through for events that are too old.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

/// So many readers are asked whether they are awake before they are woken.
const FEW_READERS: usize = 8;

/// What is not needed any more. Whoever has held the lock meanwhile destroys it afterwards.
#[derive(Default)]
pub(super) struct Gone {
    /// The last of those that were too old.
    _expired: Option<Arc<StoredEvent>>,
    /// The last of those that were too much.
    _evicted: Option<Arc<StoredEvent>>,
    /// What the event said before it was written out.
    _payload: Option<Payload>,
    /// The event, where nobody would have read it.
    _unread: Option<Unplaced>,
}

#[derive(Debug)]
pub(in crate::server::hub) struct TopicState {
    pub(in crate::server::hub) ring: Ring,
    pub(in crate::server::hub) readers: HashMap<u64, Arc<Reader>>,
    pub(super) declared: bool,
}

impl TopicState {
    /// Whether forgetting the topic would lose nothing but its watermark.
    pub(super) fn is_idle(&self) -> bool {
        !self.declared && self.readers.is_empty() && self.ring.len() == 0
    }

    /// Appends an event, and returns what had to go for it.
    fn append(&mut self, position: Position, event: Unplaced) -> Gone {
        let expired = self.ring.expire(event.at());
        if self.ring.retention() == Retention::Transient && self.readers.is_empty() {
            self.ring.pass(position.offset);
            return Gone {
                _expired: expired,
                _unread: Some(event),
                ..Gone::default()
            };
        }
        let (event, payload) = self.ring.place(position, event);
        Gone {
            _expired: expired,
            _evicted: self.ring.push(event),
            _payload: payload,
            _unread: None,
        }
    }
}

impl State {
    pub(in crate::server::hub) fn topics(&self) -> &IndexMap<Topic, TopicState> {
        &self.topics
    }

    /// A topic that was at this place when it was last looked for. Where it has been moved since, the place is set anew.
    pub(in crate::server::hub) fn topic_at(&self, place: &mut usize, topic: &Topic) -> Option<&TopicState> {
        match self.topics.get_index(*place) {
            Some((name, found)) if name == topic => Some(found),
            _ => {
                let (index, _, found) = self.topics.get_full(topic)?;
                *place = index;
                Some(found)
            }
        }
    }

    pub(super) fn topic(&mut self, topic: &Topic, config: &HubConfig) -> &mut TopicState {
        let floor = self.floor;
        self.topics.entry(topic.clone()).or_insert_with(|| TopicState {
            ring: Ring::new(config.retention, config, floor),
            readers: HashMap::new(),
            declared: false,
        })
    }

    /// Where a topic stands until one is forgotten. It is made if there is none.
    pub(super) fn place_of(&mut self, topic: &Topic, config: &HubConfig) -> usize {
        let mut place = self.last_topic;
        if self.topic_at(&mut place, topic).is_none() {
            self.topic(topic, config);
            // New ones come last.
            place = self.topics.len().saturating_sub(1);
        }
        self.last_topic = place;
        place
    }

    /// Appends an event to the topic at this place, and returns what had to go for it.
    pub(super) fn append(&mut self, place: usize, position: Position, event: Unplaced) -> Gone {
        self.head = position;
        self.appended = event.at();
        match self.topics.get_index_mut(place) {
            Some((_, topic)) => topic.append(position, event),
            None => Gone::default(),
        }
    }

    fn readers_at(&self, place: usize) -> impl Iterator<Item = &Arc<Reader>> {
        let topic = self.topics.get_index(place).map(|(_, topic)| topic);
        topic.into_iter().flat_map(|topic| topic.readers.values())
    }

    /// Whether a reader of the topic at this place may not know that there is something. Of many nobody is asked: that would
    /// take longer than letting those in who are awake.
    pub(super) fn may_have_sleepers(&self, place: usize) -> bool {
        let knows = |(at, reader): (usize, &Arc<Reader>)| at < FEW_READERS && reader.has_news();
        !self.readers_at(place).enumerate().all(knows)
    }

    /// Wakes the readers of the topic at this place.
    pub(super) fn wake(&self, place: usize) {
        self.readers_at(place).for_each(|reader| reader.wake());
    }

    /// Takes a reader away from a topic.
    pub(super) fn leave(&mut self, reader: &Reader, name: &Topic) {
        let floor = self.floor;
        let Some(topic) = self.topics.get_mut(name) else {
            return;
        };
        topic.readers.remove(&reader.id());
        // A topic without a past leaves no trace; one with a past must remember its losses.
        if topic.is_idle() && topic.ring.published() == 0 && topic.ring.evicted_up_to() <= floor {
            self.topics.swap_remove(name);
        }
    }

    pub(super) fn is_sweep_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.swept) >= SWEEP_INTERVAL
    }

    /// Looks through all topics.
    pub(super) fn sweep(&mut self, now: Instant, config: &HubConfig) {
        self.swept = now;
        for topic in self.topics.values_mut() {
            topic.settle(now);
        }
        let idle = self.topics.values().filter(|topic| topic.is_idle()).count();
        if idle > config.max_idle_topics {
            let mut floor = self.floor;
            self.topics.retain(|_, topic| {
                if topic.is_idle() {
                    floor = floor.max(topic.ring.evicted_up_to());
                }
                !topic.is_idle()
            });
            self.floor = floor;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::super::Rings;
    use super::*;
    use crate::server::{Delivery, Hub, Resume};
    use crate::wire::EventName;

    /// The topic of an event stands elsewhere once those before it have been forgotten.
    #[tokio::test(start_paused = true)]
    async fn a_reader_is_woken_by_the_event_with_which_other_topics_are_forgotten() {
        let hub = Hub::new(HubConfig {
            max_idle_topics: 0,
            ..HubConfig::default()
        });
        let [first, second] = ["first", "second"].map(|name| Topic::new(name).unwrap());
        hub.publish(&first, &EventName::default(), "x").await.unwrap();
        let mut reader = hub.subscribe([second.clone()], Resume::Start).unwrap();
        assert!(matches!(reader.next().await, Some(Delivery::Control(_))));
        advance(Duration::from_secs(301)).await;
        for _ in 0..2 {
            let reading = tokio::spawn(async move { (reader.next().await, reader) });
            tokio::task::yield_now().await;
            hub.publish(&second, &EventName::default(), "x").await.unwrap();
            let delivery;
            (delivery, reader) = timeout(Duration::from_secs(1), reading).await.unwrap().unwrap();
            assert!(matches!(delivery, Some(Delivery::Event { .. })), "{delivery:?}");
            assert_eq!(hub.stats().topics.len(), 1, "the first is forgotten");
        }
    }

    #[tokio::test]
    async fn a_topic_is_found_wherever_it_has_been_moved() {
        let rings = Rings::new(Arc::default());
        let [first, last, other] = ["first", "last", "other"].map(|name| Topic::new(name).unwrap());
        rings.declare(&first, Retention::Latest);
        rings.declare(&last, Retention::Transient);
        let mut place = 7;
        let found = |place: &mut usize, topic: &Topic| {
            let state = rings.read();
            let found = state.topic_at(place, topic);
            found.map(|topic| topic.ring.retention())
        };
        assert_eq!((found(&mut place, &last), place), (Some(Retention::Transient), 1));
        assert_eq!((found(&mut place, &last), place), (Some(Retention::Transient), 1));
        rings.write().topics.swap_remove(&first);
        assert_eq!((found(&mut place, &last), place), (Some(Retention::Transient), 0));
        // What stands at a place is taken only under its own name.
        assert_eq!((found(&mut place, &other), place), (None, 0));
    }
}
