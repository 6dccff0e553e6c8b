//! All topics of a hub, their rings and their readers, under one lock.
//!
//! One lock makes "register, then read history" a single step and lets a reader see all of its
//! topics at the same moment, which is what a cursor across topics needs. It is held to append one
//! event or to copy out a bounded batch of shared ones, never across anything that waits.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use tokio::time::Instant;

use super::event::StoredEvent;
use super::reader::{Ending, Reader};
use super::ring::Ring;
use super::{HubConfig, Payload, Retention, Revocation, SubscribeError, SubscribeOptions};
use crate::wire::{Epoch, EventName, Position, Topic};

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
    readers: HashMap<u64, Arc<Reader>>,
    next_reader: u64,
    /// Set once, by a shutdown: no reader is let in afterwards.
    closing: bool,
    swept: Instant,
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

    pub(super) fn reader_count(&self) -> usize {
        self.readers.len()
    }

    fn topic(&mut self, topic: &Topic, config: &HubConfig) -> &mut TopicState {
        let floor = self.floor;
        self.topics.entry(topic.clone()).or_insert_with(|| TopicState {
            ring: Ring::new(config.retention, config, floor),
            readers: HashMap::new(),
            declared: false,
        })
    }

    fn sweep(&mut self, now: Instant, config: &HubConfig) {
        if now.saturating_duration_since(self.swept) < SWEEP_INTERVAL {
            return;
        }
        self.swept = now;
        for topic in self.topics.values_mut() {
            topic.ring.expire(now);
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

    /// Begins a new history at `head`; everything kept so far is lost.
    pub(super) fn begin(&self, head: Position) {
        let mut state = self.write();
        state.head = head;
        state.floor = head.offset;
        state
            .topics
            .retain(|_, topic| topic.declared || !topic.readers.is_empty());
        for topic in state.topics.values_mut() {
            topic.ring = Ring::new(topic.ring.retention(), &self.config, head.offset);
        }
        drop(state);
        for reader in self.read().readers.values() {
            reader.wake();
        }
    }

    /// Appends an event whose position follows the head, and wakes the topic's readers.
    pub(super) fn append(&self, position: Position, topic: &Topic, name: EventName, payload: Payload) {
        let now = Instant::now();
        let mut state = self.write();
        state.head = position;
        let entry = state.topic(topic, &self.config);
        entry.ring.expire(now);
        if entry.ring.retention() == Retention::Transient && entry.readers.is_empty() {
            entry.ring.pass(position.offset);
        } else {
            let sequence = entry.ring.published();
            entry
                .ring
                .push(Arc::new(StoredEvent::new(position, name, payload, sequence)));
        }
        state.sweep(now, &self.config);
        drop(state);
        // Waking needs no exclusive access: those who are awake already read meanwhile.
        if let Some(topic) = self.read().topics.get(topic) {
            for reader in topic.readers.values() {
                reader.wake();
            }
        }
    }

    /// Registers a reader and, in the same step, reads what it needs to begin with.
    pub(super) fn register<T>(
        &self,
        topics: &[Topic],
        options: SubscribeOptions,
        begin: impl FnOnce(&State) -> T,
    ) -> Result<(Arc<Reader>, T), SubscribeError> {
        let now = Instant::now();
        let mut state = self.write();
        if state.closing {
            return Err(SubscribeError::ShuttingDown);
        }
        let reader = Arc::new(Reader::new(state.next_reader, options));
        state.next_reader = state.next_reader.wrapping_add(1);
        state.readers.insert(reader.id(), reader.clone());
        for topic in topics {
            let topic = state.topic(topic, &self.config);
            topic.ring.expire(now);
            topic.readers.insert(reader.id(), reader.clone());
        }
        let begun = begin(&state);
        Ok((reader, begun))
    }

    pub(super) fn unregister(&self, reader: &Reader, topics: impl Iterator<Item = Topic>) {
        let mut state = self.write();
        state.readers.remove(&reader.id());
        let floor = state.floor;
        for name in topics {
            let Some(topic) = state.topics.get_mut(&name) else {
                continue;
            };
            topic.readers.remove(&reader.id());
            // A topic without a past leaves no trace; one with a past must remember its losses.
            if topic.is_idle() && topic.ring.published() == 0 && topic.ring.evicted_up_to() <= floor {
                state.topics.remove(&name);
            }
        }
    }

    /// Suspends the readers that are meant, or ends those that nobody stands by for.
    pub(super) fn revoke(&self, revocation: &Revocation) {
        let state = self.read();
        let readers = match &revocation.topic {
            None => Some(&state.readers),
            Some(topic) => state.topics.get(topic).map(|topic| &topic.readers),
        };
        let meant = readers.into_iter().flatten();
        for (_, reader) in meant.filter(|(_, reader)| reader.is_meant_by(revocation)) {
            reader.revoke();
        }
    }

    /// Ends the streams that `chosen` picks.
    pub(super) fn end(&self, chosen: impl Fn(&Reader) -> bool) {
        for reader in self.read().readers.values().filter(|reader| chosen(reader)) {
            reader.end(Ending::Disconnected);
        }
    }

    /// Lets nobody in any more, and returns those who are in; `None` when that was done before.
    pub(super) fn close(&self) -> Option<Vec<Arc<Reader>>> {
        let mut state = self.write();
        let is_first = !std::mem::replace(&mut state.closing, true);
        is_first.then(|| state.readers.values().cloned().collect())
    }
}
