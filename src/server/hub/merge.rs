//! Reads several topics as one stream, in offset order.

use std::collections::btree_map;
use std::sync::Arc;

use super::Retention;
use super::event::StoredEvent;
use super::rings::State;
use crate::wire::Topic;

/// Bounds of one batch: the lock is held while it is copied, and a stream that ends does not get
/// the rest of it.
const MAX_BATCH_EVENTS: usize = 256;
const MAX_BATCH_BYTES: usize = 64 << 10;

/// One topic as one reader reads it.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) topic: Topic,
    /// Events up to this offset are not for this reader, wherever its cursor is.
    pub(super) floor: u64,
    /// The sequence number that the next event has if none was skipped.
    pub(super) next_sequence: u64,
}

/// Events of several topics, in offset order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) events: Vec<Arc<StoredEvent>>,
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
    rest: btree_map::Range<'a, u64, Arc<StoredEvent>>,
}

/// Reads the events of all lanes after one offset and up to another.
pub(super) fn read(state: &State, lanes: &mut [Lane], after: u64, up_to: u64) -> Batch {
    if let [lane] = lanes {
        return read_one(state, lane, after, up_to);
    }
    let mut sources: Vec<Source<'_>> = lanes
        .iter_mut()
        .filter_map(|lane| {
            let ring = &state.topics().get(&lane.topic)?.ring;
            let mut rest = ring.after(after.max(lane.floor));
            let (_, next) = rest.next()?;
            Some(Source {
                lane,
                retention: ring.retention(),
                next,
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
        if batch.events.len() >= MAX_BATCH_EVENTS || bytes >= MAX_BATCH_BYTES {
            batch.is_cut = true;
            break;
        }
        bytes = bytes.saturating_add(source.next.size());
        let is_used_up = match sources.get_mut(index) {
            Some(source) => !source.advance(&mut batch),
            None => break,
        };
        if is_used_up {
            sources.swap_remove(index);
        }
    }
    batch
}

/// The same for most streams, which have one topic: nothing has to be compared, and nothing kept aside for it.
fn read_one(state: &State, lane: &mut Lane, after: u64, up_to: u64) -> Batch {
    let (mut batch, mut bytes) = (Batch::default(), 0_usize);
    let Some(topic) = state.topics().get(&lane.topic) else {
        return batch;
    };
    for (offset, event) in topic.ring.after(after.max(lane.floor)) {
        if *offset > up_to {
            break;
        }
        if batch.events.len() >= MAX_BATCH_EVENTS || bytes >= MAX_BATCH_BYTES {
            batch.is_cut = true;
            break;
        }
        bytes = bytes.saturating_add(event.size());
        batch.push(lane, topic.ring.retention(), event);
    }
    batch
}

impl Batch {
    fn push(&mut self, lane: &mut Lane, retention: Retention, event: &Arc<StoredEvent>) {
        let skipped = event.sequence.saturating_sub(lane.next_sequence);
        match retention {
            Retention::Transient => self.dropped = self.dropped.saturating_add(skipped),
            Retention::Latest => self.coalesced = self.coalesced.saturating_add(skipped),
            // A log that has lost events says so with a gap.
            Retention::Log { .. } => {}
        }
        lane.next_sequence = lane.next_sequence.max(event.sequence.saturating_add(1));
        self.events.push(event.clone());
    }
}

impl Source<'_> {
    /// Moves the next event into the batch; false when there is none after it.
    fn advance(&mut self, batch: &mut Batch) -> bool {
        batch.push(self.lane, self.retention, self.next);
        match self.rest.next() {
            Some((_, next)) => {
                self.next = next;
                true
            }
            None => false,
        }
    }
}
