//! The topics of a hub: how one is found, made when it is first named, and forgotten when nothing of it is left.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use tokio::time::Instant;

use super::State;
use crate::server::hub::event::StoredEvent;
use crate::server::hub::reader::Reader;
use crate::server::hub::ring::Ring;
use crate::server::hub::{HubConfig, Retention};
use crate::wire::Topic;

/// How often topics that nobody publishes to are looked through for events that are too old.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

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

    pub(super) fn append(&mut self, mut event: Arc<StoredEvent>, now: Instant) {
        self.ring.expire(now);
        if self.ring.retention() == Retention::Transient && self.readers.is_empty() {
            self.ring.pass(event.position.offset);
            return;
        }
        // Nobody else has it yet.
        if let Some(event) = Arc::get_mut(&mut event) {
            event.sequence = self.ring.published();
        }
        self.ring.push(event);
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

    pub(super) fn append(&mut self, event: Arc<StoredEvent>, now: Instant, config: &HubConfig) {
        self.head = event.position;
        self.appended = now;
        match self.topics.get_mut(&event.topic) {
            Some(topic) => topic.append(event, now),
            None => self.topic(&event.topic.clone(), config).append(event, now),
        }
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

    pub(super) fn sweep(&mut self, now: Instant, config: &HubConfig) {
        if now.saturating_duration_since(self.swept) < SWEEP_INTERVAL {
            return;
        }
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
    use super::super::Rings;
    use super::*;

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
