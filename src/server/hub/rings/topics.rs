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

/// So many readers are asked whether they know already, before they are woken.
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
    /// A topic that is named for the first time, or again after it was forgotten.
    fn new(floor: u64, config: &HubConfig) -> Self {
        Self {
            ring: Ring::new(config.retention, config, floor),
            readers: HashMap::new(),
            declared: false,
        }
    }

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
        let topics = self.topics.entry(topic.clone());
        topics.or_insert_with(|| TopicState::new(self.floor, config))
    }

    /// Appends an event to its topic, which is made if there is none, and returns what had to go for it.
    pub(super) fn append(&mut self, position: Position, event: Unplaced, config: &HubConfig) -> Gone {
        let topic = match self.topics.get_index_mut(self.last_topic) {
            Some((name, topic)) if name == event.topic() => topic,
            _ => {
                let topic = self.topics.entry(event.topic().clone());
                self.last_topic = topic.index();
                topic.or_insert_with(|| TopicState::new(self.floor, config))
            }
        };
        self.head = position;
        self.appended = event.at();
        topic.append(position, event)
    }

    /// The readers of the topic of the last event, until a topic is forgotten.
    fn last_readers(&self) -> Option<&HashMap<u64, Arc<Reader>>> {
        let (_, topic) = self.topics.get_index(self.last_topic)?;
        Some(&topic.readers)
    }

    /// Whether a reader of the event that was just appended may not know that there is something. Of many nobody is asked: that
    /// would take longer than letting those in who are awake.
    pub(super) fn may_have_sleepers(&self) -> bool {
        self.last_readers().is_some_and(|readers| {
            readers.len() > FEW_READERS || readers.values().any(|reader| !reader.has_news())
        })
    }

    /// Wakes the readers of the event that was just appended.
    pub(super) fn wake(&self) {
        let readers = self.last_readers().into_iter().flat_map(HashMap::values);
        readers.for_each(|reader| reader.wake());
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
    use crate::server::{Delivery, Hub, Publication, Resume, SubscribeOptions};
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

    /// Few are asked, many are woken unasked, and of neither anybody sleeps on.
    #[tokio::test]
    async fn readers_who_sleep_are_noticed_however_many_there_are() {
        for count in [0, 1, FEW_READERS, FEW_READERS + 1, 3 * FEW_READERS] {
            let rings = Rings::new(Arc::default());
            let topic = Topic::new("t").unwrap();
            let options = SubscribeOptions::default;
            let readers: Vec<_> = (0..count)
                .map(|_| {
                    rings
                        .register(vec![topic.clone()], options(), |_, _| ())
                        .unwrap()
                        .0
                })
                .collect();
            let publish = || {
                let publication = Publication::new(topic.clone(), EventName::default(), "x");
                rings.append_next(publication);
            };
            publish();
            // Nobody has looked since they came.
            assert_eq!(rings.read().may_have_sleepers(), count > FEW_READERS, "{count}");
            for sleeper in &readers {
                assert!(sleeper.take_news());
                assert!(rings.read().may_have_sleepers(), "{count}");
                publish();
                assert!(sleeper.has_news(), "{count}");
            }
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
