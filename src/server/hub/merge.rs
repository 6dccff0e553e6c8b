//! Reads several topics as one stream, in offset order.

use std::collections::vec_deque;
use std::sync::Arc;

use super::Retention;
use super::event::StoredEvent;
use super::ring::Placed;
use super::rings::{State, TopicState};
use crate::wire::Topic;

/// Bounds of one batch: the lock is held while it is copied, and a stream that ends does not get the rest of it. Bytes are those of
/// payloads and, for each topic, a part of the page on which its first event stands (see [`super::page`]): a reader that does not
/// take its batch keeps pages, 256 KiB of them. Where the next ones go on to another page this is one more for each topic, so at
/// most twice as much.
const MAX_BATCH_EVENTS: usize = 256;
const MAX_BATCH_BYTES: usize = 64 << 10;

/// Pages are as a rule kept by their topics too. Counted as a whole, they made batches of many topics so small that reading these took
/// three times as long; so it is a third more.
const PART_OF_PAGE: usize = 4;

/// One topic as one reader reads it.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) topic: Topic,
    /// Where the topic was found last.
    pub(super) place: usize,
    /// Events up to this offset are not for this reader, wherever its cursor is.
    pub(super) floor: u64,
    /// The sequence number that the next event has if none was skipped.
    pub(super) next_sequence: u64,
}

/// What a batch of events was, which are handed over one by one: nearly always it is a single one, for which a list of its own
/// would cost more than the rest.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) events: usize,
    /// The offset of the last one.
    pub(super) last: Option<u64>,
    /// Whether there is more in the range.
    pub(super) is_cut: bool,
    /// Transient events that this reader has missed.
    pub(super) dropped: u64,
    /// Values that were replaced before this reader got them.
    pub(super) coalesced: u64,
}

struct Source<'a> {
    lane: &'a mut Lane,
    retention: Retention,
    next: &'a Arc<StoredEvent>,
    /// Nothing has been handed over of it.
    is_whole: bool,
    rest: vec_deque::Iter<'a, Placed>,
}

/// Hands over the events of all lanes after one offset and up to another, in offset order.
pub(super) fn read(
    state: &State,
    lanes: &mut [Lane],
    after: u64,
    up_to: u64,
    mut take: impl FnMut(&Arc<StoredEvent>),
) -> Batch {
    if let [lane] = lanes {
        return match state.topic_at(&mut lane.place, &lane.topic) {
            Some(topic) => read_one(topic, lane, after, up_to, take),
            None => Batch::default(),
        };
    }
    let mut sources: Vec<Source<'_>> = lanes
        .iter_mut()
        .filter_map(|lane| {
            let ring = &state.topic_at(&mut lane.place, &lane.topic)?.ring;
            let mut rest = ring.after(after.max(lane.floor));
            let (_, next) = rest.next()?;
            Some(Source {
                lane,
                retention: ring.retention(),
                next,
                is_whole: true,
                rest,
            })
        })
        .collect();

    let mut batch = Batch::default();
    let mut bytes = 0_usize;
    loop {
        // A connection carries few topics, so looking at each is cheaper than keeping a heap.
        let first = sources
            .iter()
            .enumerate()
            .min_by_key(|(_, source)| source.next.position.offset);
        let Some((index, source)) = first else { break };
        if source.next.position.offset > up_to {
            break;
        }
        if batch.events >= MAX_BATCH_EVENTS || bytes >= MAX_BATCH_BYTES {
            batch.is_cut = true;
            break;
        }
        bytes = bytes.saturating_add(source.weight());
        let is_used_up = match sources.get_mut(index) {
            Some(source) => !source.advance(&mut batch, &mut take),
            None => break,
        };
        if is_used_up {
            sources.swap_remove(index);
        }
    }
    batch
}

/// The same for most streams, which have one topic: nothing has to be compared, and nothing kept aside for it.
pub(super) fn read_one(
    topic: &TopicState,
    lane: &mut Lane,
    after: u64,
    up_to: u64,
    mut take: impl FnMut(&Arc<StoredEvent>),
) -> Batch {
    let (mut batch, mut bytes) = (Batch::default(), 0_usize);
    for (offset, event) in topic.ring.after(after.max(lane.floor)) {
        if *offset > up_to {
            break;
        }
        if batch.events >= MAX_BATCH_EVENTS || bytes >= MAX_BATCH_BYTES {
            batch.is_cut = true;
            break;
        }
        bytes = bytes.saturating_add(event.size());
        batch.count(lane, topic.ring.retention(), event);
        take(event);
    }
    batch
}

impl Batch {
    fn count(&mut self, lane: &mut Lane, retention: Retention, event: &Arc<StoredEvent>) {
        let skipped = event.sequence.saturating_sub(lane.next_sequence);
        match retention {
            Retention::Transient => self.dropped = self.dropped.saturating_add(skipped),
            Retention::Latest => self.coalesced = self.coalesced.saturating_add(skipped),
            // A log that has lost events says so with a gap.
            Retention::Log { .. } => {}
        }
        lane.next_sequence = lane.next_sequence.max(event.sequence.saturating_add(1));
        self.events = self.events.saturating_add(1);
        self.last = Some(event.position.offset);
    }
}

impl Source<'_> {
    /// What the next event counts for in the bounds of a batch.
    fn weight(&self) -> usize {
        let page = if self.is_whole {
            self.next.page() / PART_OF_PAGE
        } else {
            0
        };
        self.next.size().saturating_add(page)
    }

    /// Hands over the next event; false when there is none after it.
    fn advance(&mut self, batch: &mut Batch, take: &mut impl FnMut(&Arc<StoredEvent>)) -> bool {
        batch.count(self.lane, self.retention, self.next);
        take(self.next);
        self.is_whole = false;
        match self.rest.next() {
            Some((_, next)) => {
                self.next = next;
                true
            }
            None => false,
        }
    }
}
