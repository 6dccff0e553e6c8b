//! All topics of a hub, their rings and their readers, under one lock.
//!
//! One lock makes "register, then read history" a single step and lets a reader see all of its
//! topics at the same moment, which is what a cursor across topics needs. It is held to append one
//! event, which includes writing it if it is short, or to copy out a bounded batch of shared ones, never across anything that
//! waits. As a rule what is made for it is made before, and what it displaces is destroyed after it: a page for the texts of short
//! events is asked for under the lock, and of several events that go at once only the last is left for afterwards.

mod history;
mod topics;

use std::collections::HashMap;
use std::hint::spin_loop;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};
use std::thread::available_parallelism;

pub use history::PastEvent;
use indexmap::IndexMap;
use tokio::time::Instant;
pub(super) use topics::TopicState;

use super::event::Unplaced;
use super::opening::Opening;
use super::reader::{Ending, Reader};
use super::{HubConfig, Resume, Retention, Revocation, SubscribeError, SubscribeOptions};
use crate::server::broker::Publication;
use crate::server::random::unguessable_u128;
use crate::wire::{ConnectionId, Epoch, Position, Topic};

/// How often a publisher looks whether the lock is free before it sleeps: a few microseconds.
const LOOKS_FOR_LOCK: usize = 100;

/// The history of a hub and those who read it.
#[derive(Debug)]
pub(crate) struct Rings {
    state: RwLock<State>,
    config: Arc<HubConfig>,
    looks_for_lock: usize,
}

#[derive(Debug)]
pub(super) struct State {
    head: Position,
    /// Topics that were forgotten may have lost events up to this offset.
    floor: u64,
    topics: IndexMap<Topic, TopicState>,
    readers: HashMap<ConnectionId, Registered>,
    next_reader: u64,
    /// Set once, by a shutdown: no reader is let in afterwards.
    closing: bool,
    /// The broker's engine is out of reach: nothing comes from other nodes, and nothing can be published.
    is_cut_off: bool,
    swept: Instant,
    /// When the last event came.
    appended: Instant,
    /// Where the topic of the last event was found: most events are of the same topic as the one before.
    last_topic: usize,
}

/// A reader, and the topics that it is to read; it may have yet to hear of the last changes.
#[derive(Debug)]
struct Registered {
    reader: Arc<Reader>,
    /// In order.
    topics: Vec<Topic>,
}

impl State {
    pub(super) fn head(&self) -> Position {
        self.head
    }

    /// About the time at which a reader looks that was woken by an event: when it came.
    pub(super) fn appended(&self) -> Instant {
        self.appended
    }

    /// Whether the broker's engine is out of reach.
    pub(super) fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    fn wake_all(&self) {
        for registered in self.readers.values() {
            registered.reader.wake();
        }
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
}

impl Rings {
    pub(super) fn new(config: Arc<HubConfig>) -> Self {
        // Where one thread runs at a time, whoever has the lock gets on only while nobody looks for it.
        let is_alone = available_parallelism().is_ok_and(|threads| threads.get() == 1);
        Self {
            looks_for_lock: if is_alone { 0 } else { LOOKS_FOR_LOCK },
            state: RwLock::new(State {
                head: Position {
                    epoch: Epoch(0),
                    offset: 0,
                },
                floor: 0,
                topics: IndexMap::new(),
                readers: HashMap::new(),
                next_reader: 0,
                closing: false,
                is_cut_off: false,
                swept: Instant::now(),
                appended: Instant::now(),
                last_topic: 0,
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

    /// The same for publishers. A reader that copies a batch is done within microseconds, and to fall asleep and be woken takes
    /// longer, for which all other tasks of this thread would wait too. So it is looked again for about that long. Whoever looks at
    /// the right moment comes before those who sleep over the lock; it keeps no order for those who call for it either.
    fn write_soon(&self) -> RwLockWriteGuard<'_, State> {
        for _ in 0..self.looks_for_lock {
            match self.state.try_write() {
                Ok(state) => return state,
                Err(TryLockError::Poisoned(state)) => return state.into_inner(),
                Err(TryLockError::WouldBlock) => spin_loop(),
            }
        }
        self.write()
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

    /// Appends an event, and wakes the topic's readers. One of another epoch begins that epoch, which is told to everybody.
    ///
    /// # Errors
    /// The head, where the event does not come after it.
    pub(super) fn append(&self, position: Position, publication: Publication) -> Result<(), Position> {
        let event = Unplaced::new(publication, Instant::now());
        let mut state = self.write_soon();
        let begins = position.epoch != state.head.epoch;
        if begins {
            let before = Position {
                epoch: position.epoch,
                offset: position.offset.saturating_sub(1),
            };
            state.begin(before, &self.config);
        } else if position.offset <= state.head.offset {
            return Err(state.head);
        }
        self.append_at(state, position, event);
        if begins {
            self.read().wake_all();
        }
        Ok(())
    }

    /// Appends an event right after the head, wakes the topic's readers, and returns where the event stands.
    pub(super) fn append_next(&self, publication: Publication) -> Position {
        let event = Unplaced::new(publication, Instant::now());
        let state = self.write_soon();
        let mut position = state.head;
        position.offset = position.offset.saturating_add(1);
        self.append_at(state, position, event);
        position
    }

    /// All publishers and readers wait for what is done here under the lock. So the event was made before it was taken, and what
    /// had to go for it is as a rule destroyed afterwards. Nobody is woken under it, as long as it keeps all others out.
    fn append_at(&self, mut state: RwLockWriteGuard<'_, State>, position: Position, event: Unplaced) {
        let at = event.at();
        if state.is_sweep_due(at) {
            // Before the event has its topic, which would otherwise stand elsewhere afterwards.
            state.sweep(at, &self.config);
        }
        let gone = state.append(position, event, &self.config);
        if state.may_have_sleepers() {
            // Waking needs no exclusive access: those who are awake already read meanwhile.
            RwLockWriteGuard::downgrade(state).wake();
        } else {
            drop(state);
        }
        drop(gone);
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
        reader.add_all(opening.into_joining(head.offset));
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
