//! All topics of a hub, their rings and their readers, under one lock.
//!
//! One lock makes "register, then read history" a single step and lets a reader see all of its
//! topics at the same moment, which is what a cursor across topics needs. It is held to append one
//! event or to copy out a bounded batch of shared ones, never across anything that waits.

mod history;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

pub use history::PastEvent;
use tokio::time::Instant;

use super::opening::Opening;
use super::reader::{Ending, Reader};
use super::ring::Ring;
use super::{HubConfig, Resume, Retention, Revocation, SubscribeError, SubscribeOptions};
use crate::server::broker::Publication;
use crate::server::random::unguessable_u128;
use crate::wire::{ConnectionId, Epoch, Position, Topic};

/// How often topics that nobody publishes to are looked through for events that are too old.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

/// The history of a hub and those who read it.
#[derive(Debug)]
pub(crate) struct Rings {
    state: RwLock<State>,
    config: Arc<HubConfig>,
}

#[derive(Debug)]
pub(super) struct State {
    head: Position,
    /// Topics that were forgotten may have lost events up to this offset.
    floor: u64,
    topics: HashMap<Topic, TopicState>,
    readers: HashMap<ConnectionId, Registered>,
    next_reader: u64,
    /// Set once, by a shutdown: no reader is let in afterwards.
    closing: bool,
    /// The broker's engine is out of reach: nothing comes from other nodes, and nothing can be published.
    is_cut_off: bool,
    swept: Instant,
}

/// A reader, and the topics that it is to read; it may have yet to hear of the last changes.
#[derive(Debug)]
struct Registered {
    reader: Arc<Reader>,
    /// In order.
    topics: Vec<Topic>,
}

#[derive(Debug)]
pub(super) struct TopicState {
    pub(super) ring: Ring,
    pub(super) readers: HashMap<u64, Arc<Reader>>,
    declared: bool,
}

impl TopicState {
    /// Whether forgetting the topic would lose nothing but its watermark.
    fn is_idle(&self) -> bool {
        !self.declared && self.readers.is_empty() && self.ring.len() == 0
    }
}

impl State {
    pub(super) fn head(&self) -> Position {
        self.head
    }

    pub(super) fn topics(&self) -> &HashMap<Topic, TopicState> {
        &self.topics
    }

    /// Whether the broker's engine is out of reach.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    pub(super) fn reader_count(&self) -> usize {
        self.readers.len()
    }

    /// The topics of a reader.
    pub(super) fn topics_of(&self, reader: &Reader) -> &[Topic] {
        self.readers
            .get(&reader.connection())
            .map_or(&[], |registered| &registered.topics)
    }

    fn topic(&mut self, topic: &Topic, config: &HubConfig) -> &mut TopicState {
        let floor = self.floor;
        self.topics.entry(topic.clone()).or_insert_with(|| TopicState {
            ring: Ring::new(config.retention, config, floor),
            readers: HashMap::new(),
            declared: false,
        })
    }

    /// Takes a reader away from a topic.
    fn leave(&mut self, reader: &Reader, name: &Topic) {
        let floor = self.floor;
        let Some(topic) = self.topics.get_mut(name) else {
            return;
        };
        topic.readers.remove(&reader.id());
        // A topic without a past leaves no trace; one with a past must remember its losses.
        if topic.is_idle() && topic.ring.published() == 0 && topic.ring.evicted_up_to() <= floor {
            self.topics.remove(name);
        }
    }

    fn sweep(&mut self, now: Instant, config: &HubConfig) {
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

impl Rings {
    pub(super) fn new(config: Arc<HubConfig>) -> Self {
        Self {
            state: RwLock::new(State {
                head: Position {
                    epoch: Epoch(0),
                    offset: 0,
                },
                floor: 0,
                topics: HashMap::new(),
                readers: HashMap::new(),
                next_reader: 0,
                closing: false,
                is_cut_off: false,
                swept: Instant::now(),
            }),
            config,
        }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        // No code that can panic runs under the lock, so a poisoned state is a whole one.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn config(&self) -> &Arc<HubConfig> {
        &self.config
    }

    pub(super) fn declare(&self, topic: &Topic, retention: Retention) {
        let mut state = self.write();
        let topic = state.topic(topic, &self.config);
        topic.declared = true;
        topic.ring.set_retention(retention, &self.config);
    }

    pub(super) fn undeclare(&self, topic: &Topic) {
        let mut state = self.write();
        if let Some(topic) = state.topics.get_mut(topic) {
            topic.declared = false;
            topic.ring.set_retention(self.config.retention, &self.config);
            if self.config.retention == Retention::Transient && topic.readers.is_empty() {
                topic.ring.clear();
            }
        }
    }

    /// Appends an event whose position follows the head, and wakes the topic's readers.
    pub(super) fn append(&self, position: Position, publication: Publication) {
        let now = Instant::now();
        let topic = publication.topic.clone();
        let mut state = self.write();
        state.append(position, publication, now, &self.config);
        state.sweep(now, &self.config);
        // Waking needs no exclusive access: those who are awake already read meanwhile.
        let state = RwLockWriteGuard::downgrade(state);
        if let Some(topic) = state.topics.get(&topic) {
            for reader in topic.readers.values() {
                reader.wake();
            }
        }
    }

    /// Registers a reader and, in the same step, reads what it needs to begin with. The topics are in order,
    /// each of them once.
    pub(super) fn register<T>(
        &self,
        topics: Vec<Topic>,
        options: SubscribeOptions,
        begin: impl FnOnce(&State, &[Topic]) -> T,
    ) -> Result<(Arc<Reader>, T), SubscribeError> {
        let now = Instant::now();
        let mut state = self.write();
        if state.closing {
            return Err(SubscribeError::ShuttingDown);
        }
        let connection = ConnectionId::from_bits(unguessable_u128());
        let reader = Arc::new(Reader::new(state.next_reader, connection, options));
        state.next_reader = state.next_reader.wrapping_add(1);
        for topic in &topics {
            let topic = state.topic(topic, &self.config);
            topic.ring.expire(now);
            topic.readers.insert(reader.id(), reader.clone());
        }
        let begun = begin(&state, &topics);
        let registered = Registered {
            reader: reader.clone(),
            topics,
        };
        state.readers.insert(connection, registered);
        Ok((reader, begun))
    }

    /// Forgets a reader, whatever topics it has by now.
    pub(super) fn unregister(&self, reader: &Reader) {
        let mut state = self.write();
        let registered = state.readers.remove(&reader.connection());
        for topic in registered.into_iter().flat_map(|registered| registered.topics) {
            state.leave(reader, &topic);
        }
    }

    /// Suspends the readers that are meant, or ends those that nobody stands by for.
    pub(super) fn revoke(&self, revocation: &Revocation) {
        let meant = match &revocation.topic {
            None => self.readers(|reader| reader.is_meant_by(revocation)),
            Some(topic) => {
                let state = self.read();
                let readers = state.topics.get(topic).map(|topic| topic.readers.values());
                let meant = readers.into_iter().flatten();
                meant
                    .filter(|reader| reader.is_meant_by(revocation))
                    .cloned()
                    .collect()
            }
        };
        for reader in meant {
            reader.revoke();
        }
    }

    /// Gives an open stream one more topic, and returns the position at which it joins. One that the
    /// stream has already is left as it is.
    pub(super) fn add_topic(
        &self,
        reader: &Arc<Reader>,
        topic: Topic,
        resume: Resume,
    ) -> Result<Position, SubscribeError> {
        let now = Instant::now();
        let mut state = self.write();
        if state.closing {
            return Err(SubscribeError::ShuttingDown);
        }
        let (head, limit) = (state.head, self.config.max_topics);
        let Some(registered) = state.readers.get_mut(&reader.connection()) else {
            return Err(SubscribeError::Closed);
        };
        let Err(place) = registered.topics.binary_search(&topic) else {
            return Ok(head);
        };
        if registered.topics.len() >= limit {
            return Err(SubscribeError::TooManyTopics { limit });
        }
        registered.topics.insert(place, topic.clone());
        let entry = state.topic(&topic, &self.config);
        entry.ring.expire(now);
        entry.readers.insert(reader.id(), reader.clone());
        let opening = Opening::new(&state, &[topic], resume, &self.config);
        // Before it can be read: the policy is asked about the topic as about those with which the stream began.
        reader.ask_again();
        reader.changes().add_all(opening.into_joining(head.offset));
        drop(state);
        reader.wake();
        Ok(head)
    }

    /// Takes a topic from an open stream; false when the stream does not have it.
    pub(super) fn remove_topic(&self, reader: &Reader, topic: &Topic) -> bool {
        let mut state = self.write();
        let Some(registered) = state.readers.get_mut(&reader.connection()) else {
            return false;
        };
        let Ok(place) = registered.topics.binary_search(topic) else {
            return false;
        };
        let topic = registered.topics.remove(place);
        state.leave(reader, &topic);
        reader.remove(topic);
        true
    }

    /// The reader of this connection.
    pub(super) fn reader(&self, connection: ConnectionId) -> Option<Arc<Reader>> {
        let state = self.read();
        state
            .readers
            .get(&connection)
            .map(|registered| registered.reader.clone())
    }

    /// The readers that `chosen` picks.
    pub(super) fn readers(&self, chosen: impl Fn(&Reader) -> bool) -> Vec<Arc<Reader>> {
        let state = self.read();
        let readers = state.readers.values().map(|registered| &registered.reader);
        readers.filter(|reader| chosen(reader)).cloned().collect()
    }

    /// Ends the streams that `chosen` picks.
    pub(super) fn end(&self, chosen: impl Fn(&Reader) -> bool) {
        for reader in self.readers(chosen) {
            reader.end(Ending::Disconnected);
        }
    }

    pub(super) fn is_closing(&self) -> bool {
        self.read().closing
    }

    /// Lets nobody in any more, and returns those who are in; `None` when that was done before.
    pub(super) fn close(&self) -> Option<Vec<Arc<Reader>>> {
        let is_first = !std::mem::replace(&mut self.write().closing, true);
        is_first.then(|| self.readers(|_| true))
    }
}
