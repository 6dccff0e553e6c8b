//! A reader: a cursor into the rings of its topics, never a queue.
//!
//! It holds at most one batch of shared events. What it has not read stands in the rings, or is
//! gone and will be told.

use std::collections::VecDeque;
use std::slice;
use std::sync::Arc;

use tracing::Span;

use super::counters::Counters;
use super::delivery::{Delivery, Item};
use super::merge::{self, Batch, Lane};
use super::opening::Opening;
use super::reader::{Ending, Reader};
use super::rings::{Rings, State};
use super::tally::Tally;
use super::topic_changes::Joining;
use super::transport::Transport;
use super::{Connection, Resume, SubscribeError};
use crate::wire::{Control, Epoch, Gap, GapReason, Position, Topic};

/// Choices for one subscription.
#[derive(Clone, Debug, Default)]
pub struct SubscribeOptions {
    /// A name by which [`Hub::disconnect`](super::Hub::disconnect) finds the stream. It stands in logs.
    pub tag: Option<String>,
}

/// A stream of the events of some topics, in offset order, from
/// [`Hub::subscribe`](super::Hub::subscribe). Dropping it ends it.
#[derive(Debug)]
pub struct Subscription {
    rings: Arc<Rings>,
    reader: Arc<Reader>,
    tally: Tally,
    lanes: Vec<Lane>,
    /// A topic of which older events are being sent, before it is read with the others.
    joining: Option<Joining>,
    epoch: Epoch,
    /// Everything up to this offset has been read from the rings.
    cursor: u64,
    /// The offset of the opening's heartbeat; events at or before it do not move the reader.
    goes_on_from: u64,
    snapshot_until: Option<u64>,
    /// Losses up to this offset have been told.
    told_up_to: u64,
    /// Where the reader stood when a loss was found that is not yet told.
    loss_from: Option<u64>,
    /// Events up to here were published before the reader came.
    replay_until: u64,
    pending: VecDeque<Item>,
    /// The position of the last event or control event that was taken.
    taken: Position,
    has_ended: bool,
}

impl Subscription {
    /// Begins to read these topics, which are in order and each there once.
    pub(super) fn new(
        rings: Arc<Rings>,
        counters: Arc<Counters>,
        topics: Vec<Topic>,
        resume: Resume,
        options: SubscribeOptions,
        transport: Transport,
    ) -> Result<Self, SubscribeError> {
        let config = rings.config().clone();
        let count = topics.len();
        let (reader, (head, opening)) = rings.register(topics, options.tag, |state, topics| {
            (state.head(), Opening::new(state, topics, resume, &config))
        })?;
        let resumes = resume != Resume::Start;
        let tally = Tally::new(counters, transport, reader.tag(), count, resumes);
        let mut subscription = Self {
            rings,
            tally,
            reader,
            lanes: Vec::new(),
            joining: None,
            epoch: head.epoch,
            cursor: 0,
            goes_on_from: 0,
            snapshot_until: None,
            told_up_to: 0,
            loss_from: None,
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
        self.next_item().await.map(Delivery::from)
    }

    /// The position up to which everything has been taken from this subscription.
    pub fn position(&self) -> Position {
        if !self.pending.is_empty() {
            return self.taken;
        }
        self.at(self.cursor.max(self.goes_on_from))
    }

    /// A handle by which others change its topics or end it.
    pub fn connection(&self) -> Connection {
        Connection::new(self.rings.clone(), self.reader.clone())
    }

    /// Adds a topic while the stream goes on; see [`Connection::subscribe`].
    ///
    /// # Errors
    /// As [`Connection::subscribe`].
    pub fn add(&mut self, topic: Topic, resume: Resume) -> Result<Position, SubscribeError> {
        self.rings.add_topic(&self.reader, topic, resume)
    }

    /// Takes a topic away; false when the stream does not have it.
    pub fn remove(&mut self, topic: &Topic) -> bool {
        self.rings.remove_topic(&self.reader, topic)
    }

    /// A number that no other subscription of this hub has.
    pub(crate) fn id(&self) -> u64 {
        self.reader.id()
    }

    /// The span of its life.
    pub(crate) fn span(&self) -> &Span {
        self.tally.span()
    }

    /// Takes note of bytes that were written for the reader.
    pub(crate) fn wrote(&mut self, bytes: usize) {
        self.tally.wrote(bytes);
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
                // A batch may hold nothing for this reader.
                None => while self.fill() && self.pending.is_empty() {},
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
                let is_repeated = !has_id || event.position.offset <= self.replay_until;
                self.tally.took(event, is_repeated);
            }
            Item::Control(Control::Heartbeat(at) | Control::Live(at)) => self.taken = *at,
            Item::Control(Control::Gap(gap)) => self.tally.told(gap),
            Item::Control(_) => {}
        }
        if self.pending.is_empty() {
            self.tally.end_batch();
        }
    }

    fn at(&self, offset: u64) -> Position {
        Position {
            epoch: self.epoch,
            offset,
        }
    }

    fn tell(&mut self, control: Control) {
        self.pending.push_back(Item::Control(control));
    }

    fn open(&mut self, head: Position, opening: Opening) {
        self.epoch = head.epoch;
        self.replay_until = head.offset;
        self.lanes = opening.lanes;
        self.joining = None;
        self.cursor = opening.cursor;
        self.goes_on_from = opening.goes_on_from;
        self.snapshot_until = opening.snapshot_until;
        self.told_up_to = opening.told_up_to;
        self.loss_from = None;
        self.pending
            .extend(opening.controls.into_iter().map(Item::Control));
    }

    /// Reads the next batch from the rings; false when that was all that there is.
    fn fill(&mut self) -> bool {
        self.tally.tell_if_due();
        if self.cursor >= self.replay_until {
            self.tally.end_replay();
        }
        let rings = self.rings.clone();
        let state = rings.read();
        let head = state.head();
        if head.epoch != self.epoch {
            // History was lost while the reader was connected: it begins again, with a gap.
            let resume = Resume::At(self.position());
            // The topics of the hub are those of the last changes.
            self.reader.changes().clear();
            let topics = state.topics_of(&self.reader);
            let opening = Opening::new(&state, topics, resume, rings.config());
            self.open(head, opening);
            return true;
        }
        let joins_at = self.heed_changes();
        if self.joining.is_some() {
            self.read_joining(&state);
            return true;
        }
        // The opening is older than any change.
        let until = self.snapshot_until.or(joins_at).unwrap_or(head.offset);
        let loss = self.find_loss(&state);
        if loss.is_some() {
            self.loss_from.get_or_insert(self.cursor.max(self.goes_on_from));
        }
        // A loss that reaches past a snapshot is told when the snapshot is complete.
        let loss = loss.filter(|lost| *lost <= until);
        // Other topics may still hold events before the place where the loss ends; they come first,
        // because after the gap the reader takes them for events that it has seen.
        let bound = loss.unwrap_or(until);
        let batch = merge::read(&state, &mut self.lanes, self.cursor, bound);
        drop(state);

        let is_cut = batch.is_cut;
        let last = batch.events.last().map(|event| event.position.offset);
        let has_left_out = self.queue(batch, None);
        self.cursor = match last.filter(|_| is_cut) {
            Some(last) => last,
            None => self.cursor.max(bound),
        };
        if has_left_out && self.snapshot_until.is_none() {
            // A reader that was left out moves on all the same, or it would get the event when it comes back.
            self.tell(Control::Heartbeat(self.at(self.cursor.max(self.goes_on_from))));
        }
        if is_cut {
            return true;
        }
        if let Some(lost) = loss {
            self.tell_loss(lost);
        }
        if self.snapshot_until == Some(self.cursor) {
            self.snapshot_until = None;
            self.tell(Control::Live(self.at(self.cursor)));
        } else if joins_at == Some(self.cursor) {
            self.begin_joining();
        }
        self.cursor < head.offset || self.joining.is_some()
    }

    /// Queues what was read, and says whether the last of it was not for this reader.
    fn queue(&mut self, batch: Batch, joining_at: Option<u64>) -> bool {
        self.tally
            .read(batch.events.len(), batch.dropped, batch.coalesced);
        let known = joining_at.unwrap_or(self.goes_on_from);
        let mut has_left_out = false;
        for event in batch.events {
            has_left_out = event.leaves_out(self.reader.connection());
            if !has_left_out {
                let has_id = event.position.offset > known;
                self.pending.push_back(Item::Event { event, has_id });
            }
        }
        has_left_out
    }

    /// Stops reading the topics that were removed, and says where the next one joins.
    fn heed_changes(&mut self) -> Option<u64> {
        let mut changes = self.reader.changes();
        let removed = changes.take_removed();
        let joins_at = changes.next_at();
        drop(changes);
        if !removed.is_empty() {
            self.lanes.retain(|lane| !removed.contains(&lane.topic));
            if let Some(left) = self
                .joining
                .take_if(|joining| removed.contains(&joining.lane.topic))
                && left.is_told
            {
                self.tell(Control::Live(self.at(left.at)));
            }
        }
        joins_at
    }

    /// The reader has come to the place where a topic joins, unless it was removed meanwhile.
    fn begin_joining(&mut self) {
        let mut changes = self.reader.changes();
        if changes.next_at() == Some(self.cursor) {
            self.joining = changes.next();
        }
    }

    /// Reads what is older of the topic that joins; when that is through, it is one of the others.
    fn read_joining(&mut self, state: &State) {
        let Some(mut joining) = self.joining.take() else {
            return;
        };
        let lost = joining.find_loss(state);
        let batch = merge::read(
            state,
            slice::from_mut(&mut joining.lane),
            joining.after,
            joining.at,
        );
        let has_news = joining.gap.is_some() || lost.is_some() || !batch.events.is_empty();
        if has_news && !joining.is_told {
            joining.is_told = true;
            self.tell(Control::Added(self.at(joining.at)));
        }
        if let Some(gap) = joining.gap.take() {
            self.tell(Control::Gap(gap));
        }
        if let Some(lost) = lost {
            self.tell(Control::Gap(Gap {
                reason: GapReason::Evicted,
                from: Some(self.at(joining.after)),
                to: self.at(lost),
            }));
            joining.after = lost;
        }
        let last = batch.events.last().map(|event| event.position.offset);
        let cut_at = last.filter(|_| batch.is_cut);
        self.queue(batch, Some(joining.at));
        if let Some(last) = cut_at {
            joining.after = last;
            self.joining = Some(joining);
            return;
        }
        if joining.is_told {
            self.tell(Control::Live(self.at(joining.at)));
        }
        joining.lane.floor = joining.lane.floor.max(joining.at);
        self.lanes.push(joining.lane);
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
        let gap = Gap {
            reason: GapReason::Evicted,
            from: self.loss_from.take().map(|from| self.at(from)),
            to: self.at(lost),
        };
        self.told_up_to = lost;
        self.tell(Control::Gap(gap));
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.rings.unregister(&self.reader);
    }
}
