//! A reader: a cursor into the rings of its topics, never a queue.
//!
//! It holds at most one batch of shared events. What it has not read stands in the rings, or is
//! gone and will be told.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::counters::{Counters, add};
use super::event::StoredEvent;
use super::merge::{self, Lane};
use super::opening::Opening;
use super::reader::{Ending, Reader};
use super::rings::{Rings, State};
use super::{Resume, SubscribeError};
use crate::wire::{Control, Epoch, Gap, GapReason, Position, Topic};

/// Choices for one subscription.
#[derive(Clone, Debug, Default)]
pub struct SubscribeOptions {
    /// A name by which [`Hub::disconnect`](super::Hub::disconnect) finds the stream.
    pub tag: Option<String>,
}

/// Something that a [`Subscription`] brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// An event.
    Event {
        /// The event in the event-stream format, shared by all readers.
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

/// A stream of the events of some topics, in offset order, from
/// [`Hub::subscribe`](super::Hub::subscribe). Dropping it ends it.
#[derive(Debug)]
pub struct Subscription {
    rings: Arc<Rings>,
    counters: Arc<Counters>,
    reader: Arc<Reader>,
    topics: Vec<Topic>,
    lanes: Vec<Lane>,
    epoch: Epoch,
    /// Everything up to this offset has been read from the rings.
    cursor: u64,
    /// The offset of the opening's heartbeat; events at or before it do not move the reader.
    goes_on_from: u64,
    snapshot_until: Option<u64>,
    /// Losses up to this offset have been told.
    told_up_to: u64,
    /// Events up to here were published before the reader came.
    replay_until: u64,
    pending: VecDeque<Item>,
    /// The position of the last event or control event that was taken.
    taken: Position,
    has_ended: bool,
}

impl Subscription {
    pub(super) fn new(
        rings: Arc<Rings>,
        counters: Arc<Counters>,
        topics: Vec<Topic>,
        resume: Resume,
        options: SubscribeOptions,
    ) -> Result<Self, SubscribeError> {
        let config = rings.config().clone();
        let (reader, (head, opening)) = rings.register(&topics, options.tag, |state| {
            (state.head(), Opening::new(state, &topics, resume, &config))
        })?;
        let mut subscription = Self {
            rings,
            counters,
            reader,
            topics,
            lanes: Vec::new(),
            epoch: head.epoch,
            cursor: 0,
            goes_on_from: 0,
            snapshot_until: None,
            told_up_to: 0,
            replay_until: head.offset,
            pending: VecDeque::new(),
            taken: head,
            has_ended: false,
        };
        subscription.open(head, opening);
        Ok(subscription)
    }

    /// Waits for the next event or control event; `None` when the stream has ended.
    ///
    /// Safe to cancel: what has not been returned is returned the next time.
    pub async fn next(&mut self) -> Option<Delivery> {
        Some(match self.next_item().await? {
            Item::Event { event, has_id } => Delivery::Event {
                bytes: if has_id {
                    event.text()
                } else {
                    event.text_without_id()
                },
                position: event.position,
            },
            Item::Control(control) => Delivery::Control(control),
        })
    }

    /// The position up to which everything has been taken from this subscription.
    pub fn position(&self) -> Position {
        if !self.pending.is_empty() {
            return self.taken;
        }
        Position {
            epoch: self.epoch,
            offset: self.cursor.max(self.goes_on_from),
        }
    }

    /// A number that no other subscription of this hub has.
    pub(crate) fn id(&self) -> u64 {
        self.reader.id()
    }

    pub(crate) async fn next_item(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.try_next() {
                return Some(item);
            }
            if self.has_ended {
                return None;
            }
            self.reader.woken().await;
        }
    }

    /// What is there already; `None` when the reader has everything up to the head, or has ended.
    pub(crate) fn try_next(&mut self) -> Option<Item> {
        if self.pending.is_empty() && !self.has_ended {
            match self.reader.ending() {
                Some(ending) => {
                    self.has_ended = true;
                    if let Ending::Shutdown(milliseconds) = ending {
                        return Some(Item::Control(Control::Retry(milliseconds)));
                    }
                }
                None => self.fill(),
            }
        }
        let item = self.pending.pop_front()?;
        self.take_note(&item);
        Some(item)
    }

    fn take_note(&mut self, item: &Item) {
        match item {
            Item::Event { event, has_id } => {
                if *has_id {
                    self.taken = event.position;
                }
                add(&self.counters.delivered, 1);
                if event.position.offset <= self.replay_until {
                    add(&self.counters.replayed, 1);
                }
            }
            Item::Control(Control::Heartbeat(at) | Control::Live(at)) => self.taken = *at,
            Item::Control(Control::Gap(_)) => add(&self.counters.gaps, 1),
            Item::Control(_) => {}
        }
    }

    fn open(&mut self, head: Position, opening: Opening) {
        self.epoch = head.epoch;
        self.replay_until = head.offset;
        self.lanes = opening.lanes;
        self.cursor = opening.cursor;
        self.goes_on_from = opening.goes_on_from;
        self.snapshot_until = opening.snapshot_until;
        self.told_up_to = opening.told_up_to;
        self.pending
            .extend(opening.controls.into_iter().map(Item::Control));
    }

    /// Reads the next batch from the rings, if there is anything.
    fn fill(&mut self) {
        let rings = self.rings.clone();
        let state = rings.read();
        if state.head().epoch != self.epoch {
            // History was lost while the reader was connected: it begins again, with a gap.
            let resume = Resume::At(self.position());
            let opening = Opening::new(&state, &self.topics, resume, rings.config());
            self.open(state.head(), opening);
            return;
        }
        let until = self.snapshot_until.unwrap_or(state.head().offset);
        // The loss is told before whatever other topics still hold of its range: each of their events moves the reader's
        // cursor, and a reader that comes back from behind a loss is not told of it any more.
        if let Some(lost) = self.find_loss(&state) {
            self.tell_loss(lost);
        }
        let batch = merge::read(&state, &mut self.lanes, self.cursor, until);
        drop(state);

        add(&self.counters.dropped, batch.dropped);
        add(&self.counters.coalesced, batch.coalesced);
        let last = batch.events.last().map(|event| event.position.offset);
        for event in batch.events {
            let has_id = event.position.offset > self.goes_on_from;
            self.pending.push_back(Item::Event { event, has_id });
        }
        if batch.is_cut {
            self.cursor = last.unwrap_or(self.cursor);
            return;
        }
        self.cursor = self.cursor.max(until);
        if self.snapshot_until == Some(self.cursor) {
            self.snapshot_until = None;
            self.pending.push_back(Item::Control(Control::Live(Position {
                epoch: self.epoch,
                offset: self.cursor,
            })));
        }
    }

    /// The offset up to which a log has lost events that this reader should have had.
    fn find_loss(&self, state: &State) -> Option<u64> {
        let lost_in = |lane: &Lane| {
            let lost = state.topics().get(&lane.topic)?.ring.lost_up_to()?;
            let known = self.cursor.max(lane.floor).max(self.told_up_to);
            (lost > known).then_some(lost)
        };
        self.lanes.iter().filter_map(lost_in).max()
    }

    fn tell_loss(&mut self, lost: u64) {
        let at = |offset| Position {
            epoch: self.epoch,
            offset,
        };
        let gap = Gap {
            reason: GapReason::Evicted,
            from: Some(at(self.cursor.max(self.goes_on_from))),
            to: at(lost),
        };
        self.told_up_to = lost;
        self.pending.push_back(Item::Control(Control::Gap(gap)));
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.rings.unregister(&self.reader, self.topics.drain(..));
    }
}
