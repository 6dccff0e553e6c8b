//! Where a reader stands in the rings, and what it reads from there.

use std::slice;
use std::sync::Arc;

use super::Resume;
use super::delivery::Item;
use super::event::StoredEvent;
use super::merge::{self, Lane};
use super::opening::Opening;
use super::reader::Reader;
use super::rings::{Rings, State, TopicState};
use super::tally::Tally;
use super::topic_changes::Joining;
use super::untaken::Untaken;
use crate::wire::{Control, Epoch, Gap, GapReason, Position};

/// The cursor of one reader, with the batch that it has read last.
#[derive(Debug)]
pub(super) struct Reading {
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
    /// Events up to here were published before the reader came.
    replay_until: u64,
    /// What was read and has not been taken yet.
    batch: Untaken,
    /// The reader was told that the broker's engine is out of reach.
    is_cut_off: bool,
}

impl Reading {
    /// Begins as the opening says, in a history with this head.
    pub(super) fn new(head: Position, opening: Opening) -> Self {
        Self {
            lanes: opening.lanes,
            joining: None,
            epoch: head.epoch,
            cursor: opening.cursor,
            goes_on_from: opening.goes_on_from,
            snapshot_until: opening.snapshot_until,
            told_up_to: opening.told_up_to,
            replay_until: head.offset,
            batch: opening.controls.into_iter().map(Item::Control).collect(),
            is_cut_off: false,
        }
    }

    /// Whether everything that was read has been taken.
    pub(super) fn is_taken(&self) -> bool {
        self.batch.is_empty()
    }

    /// How many items have yet to be taken.
    pub(super) fn waiting(&self) -> usize {
        self.batch.len()
    }

    pub(super) fn take(&mut self) -> Option<Item> {
        self.batch.take()
    }

    /// Lets go of what was read and not taken.
    pub(super) fn discard(&mut self) {
        self.batch.clear();
    }

    /// Stops reading the topics that were removed, and lets go of what was read of them and not taken; whether there
    /// were any.
    pub(super) fn leave_removed(&mut self, reader: &Reader) -> bool {
        let Some(removed) = reader.take_removed() else {
            return false;
        };
        self.lanes.retain(|lane| !removed.contains(&lane.topic));
        self.batch.retain(|item| match item {
            Item::Event { event, .. } => !removed.contains(&event.topic),
            Item::Control(_) => true,
        });
        if let Some(left) = self
            .joining
            .take_if(|joining| removed.contains(&joining.lane.topic))
            && left.is_told
        {
            self.tell(Control::Live(self.at(left.at)));
        }
        true
    }

    /// Whether an event at this offset was published before the reader came.
    pub(super) fn is_replay(&self, offset: u64) -> bool {
        offset <= self.replay_until
    }

    /// Where the reader stands when it has taken everything.
    pub(super) fn position(&self) -> Position {
        self.at(self.cursor.max(self.goes_on_from))
    }

    /// Reads what is there for the reader, at most a batch of it; false when that was all that there is.
    pub(super) fn read(&mut self, rings: &Rings, reader: &Reader, tally: &mut Tally) -> bool {
        loop {
            let has_more = self.fill(rings, reader, tally);
            // A batch may hold nothing for this reader.
            if !has_more || !self.is_taken() {
                return has_more;
            }
        }
    }

    fn at(&self, offset: u64) -> Position {
        Position {
            epoch: self.epoch,
            offset,
        }
    }

    fn tell(&mut self, control: Control) {
        self.batch.push(Item::Control(control));
    }

    /// Reads the next batch from the rings; false when that was all that there is.
    fn fill(&mut self, rings: &Rings, reader: &Reader, tally: &mut Tally) -> bool {
        if self.cursor >= self.replay_until {
            tally.end_replay();
        }
        let state = rings.read();
        tally.tell_if_due(state.appended());
        let head = state.head();
        if head.epoch != self.epoch {
            // History was lost while the reader was connected: it begins again, with a gap.
            let resume = Resume::At(self.position());
            // The topics of the hub are those of the last changes.
            reader.changes().clear();
            let topics = state.topics_of(reader);
            let opening = Opening::new(&state, topics, resume, rings.config());
            // What was being sent of an added topic is over, and the page has to be told so.
            let joining = self.joining.take().filter(|joining| joining.is_told);
            let over = joining.map(|joining| Control::Live(self.at(joining.at)));
            let is_cut_off = self.is_cut_off;
            *self = Self::new(head, opening);
            self.is_cut_off = is_cut_off;
            if let Some(over) = over {
                self.batch.push_front(Item::Control(over));
            }
            return true;
        }
        if state.is_cut_off() != self.is_cut_off {
            self.is_cut_off = state.is_cut_off();
            self.tell(Control::Upstream(!self.is_cut_off));
        }
        self.leave_removed(reader);
        let joins_at = reader.next_joins_at();
        if self.joining.is_some() {
            self.read_joining(&state, reader, tally);
            return true;
        }
        // Every wake ends with a look at what is there, and nearly always that is nothing. A loss lies at or before the head.
        if self.cursor >= head.offset && self.snapshot_until.is_none() && joins_at.is_none() {
            return false;
        }
        // The opening is older than any change.
        let until = self.snapshot_until.or(joins_at).unwrap_or(head.offset);
        // The loss is told before whatever other topics still hold of its range: each of their events moves the reader's
        // cursor, and a reader that comes back from behind a loss is not told of it any more.
        // Most streams have one topic, which is looked for once.
        let only = match self.lanes.as_mut_slice() {
            [lane] => state.topic_at(&mut lane.place, &lane.topic),
            _ => None,
        };
        if let Some(lost) = self.find_loss(&state, only) {
            self.tell_loss(lost);
        }
        // The lock is held until the end: what joins here must not be removed and added anew in between.
        let mut queue = Queue::new(&mut self.batch, self.goes_on_from, reader);
        let batch = match (self.lanes.as_mut_slice(), only) {
            ([lane], Some(topic)) => {
                merge::read_one(topic, lane, self.cursor, until, |event| queue.push(event))
            }
            (lanes, _) => merge::read(&state, lanes, self.cursor, until, |event| queue.push(event)),
        };
        let has_left_out = queue.has_left_out;
        tally.read(batch.events, batch.dropped, batch.coalesced);
        let is_cut = batch.is_cut;
        self.cursor = match batch.last.filter(|_| is_cut) {
            Some(last) => last,
            None => self.cursor.max(until),
        };
        if has_left_out && self.snapshot_until.is_none() {
            // A reader that was left out moves on all the same, or it would get the event when it comes back.
            self.tell(Control::Heartbeat(self.position()));
        }
        if is_cut {
            return true;
        }
        if self.snapshot_until == Some(self.cursor) {
            self.snapshot_until = None;
            self.tell(Control::Live(self.at(self.cursor)));
        } else if joins_at == Some(self.cursor) {
            self.begin_joining(reader);
        }
        self.cursor < head.offset || self.joining.is_some()
    }

    /// The reader has come to the place where a topic joins, unless it was removed meanwhile.
    fn begin_joining(&mut self, reader: &Reader) {
        let mut changes = reader.changes();
        if changes.next_at() == Some(self.cursor) {
            self.joining = changes.next();
        }
    }

    /// Reads what is older of the topic that joins; when that is through, it is one of the others.
    fn read_joining(&mut self, state: &State, reader: &Reader, tally: &mut Tally) {
        let Some(mut joining) = self.joining.take() else {
            return;
        };
        let lost = joining.find_loss(state);
        // What is told of them comes before them.
        let mut older = Untaken::default();
        let mut queue = Queue::new(&mut older, joining.at, reader);
        let batch = merge::read(
            state,
            slice::from_mut(&mut joining.lane),
            joining.after,
            joining.at,
            |event| queue.push(event),
        );
        tally.read(batch.events, batch.dropped, batch.coalesced);
        let has_news = joining.gap.is_some() || lost.is_some() || batch.events > 0;
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
        self.batch.extend(std::iter::from_fn(|| older.take()));
        if let Some(last) = batch.last.filter(|_| batch.is_cut) {
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

    /// The offset up to which a log has lost events that this reader should have had. Where it has one topic, it is `only`.
    fn find_loss(&self, state: &State, only: Option<&TopicState>) -> Option<u64> {
        let lost_in = |lane: &Lane| {
            let topic = only.or_else(|| state.topics().get(&lane.topic))?;
            let lost = topic.ring.lost_up_to()?;
            let known = self.cursor.max(lane.floor).max(self.told_up_to);
            (lost > known).then_some(lost)
        };
        self.lanes.iter().filter_map(lost_in).max()
    }

    fn tell_loss(&mut self, lost: u64) {
        let gap = Gap {
            reason: GapReason::Evicted,
            from: Some(self.position()),
            to: self.at(lost),
        };
        self.told_up_to = lost;
        self.tell(Control::Gap(gap));
    }
}

/// Where a reader's events are queued.
struct Queue<'a> {
    batch: &'a mut Untaken,
    /// Events up to this offset do not move the reader.
    known: u64,
    reader: &'a Reader,
    /// Whether the last event was not for this reader.
    has_left_out: bool,
}

impl<'a> Queue<'a> {
    fn new(batch: &'a mut Untaken, known: u64, reader: &'a Reader) -> Self {
        Self {
            batch,
            known,
            reader,
            has_left_out: false,
        }
    }

    fn push(&mut self, event: &Arc<StoredEvent>) {
        self.has_left_out = event.leaves_out(self.reader);
        if !self.has_left_out {
            let has_id = event.position.offset > self.known;
            let event = event.clone();
            self.batch.push(Item::Event { event, has_id });
        }
    }
}
