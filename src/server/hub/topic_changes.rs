//! Topics that an open stream gains and loses, from the moment that somebody says so until the reader
//! comes by.
//!
//! Of each topic only the last intention counts, so however often it changes, what waits here is no more
//! than the topics that a connection may carry.

use std::collections::{BTreeSet, VecDeque};

use super::merge::Lane;
use super::rings::State;
use crate::wire::{Gap, Topic};

/// What a reader has to do before it reads on.
#[derive(Debug, Default)]
pub(super) struct TopicChanges {
    removed: BTreeSet<Topic>,
    /// In the order of the places at which they join the stream.
    added: VecDeque<Joining>,
}

/// A topic that joins a stream.
#[derive(Debug)]
pub(super) struct Joining {
    /// The topic as it is read from then on, and until then of what is older.
    pub(super) lane: Lane,
    /// The offset in the stream at which it joins; the hub's head when it was added.
    pub(super) at: u64,
    /// Events of the topic after this offset and up to `at` are sent when it joins.
    pub(super) after: u64,
    /// The loss that is told then, if the position asked for was of no use.
    pub(super) gap: Option<Gap>,
    /// Whether the reader has been told that older events of it follow.
    pub(super) is_told: bool,
}

impl Joining {
    /// The offset up to which older events have been lost since the topic was added.
    pub(super) fn find_loss(&self, state: &State) -> Option<u64> {
        let lost = state
            .topics()
            .get(&self.lane.topic)?
            .ring
            .lost_up_to()?
            .min(self.at);
        (lost > self.after).then_some(lost)
    }
}

impl TopicChanges {
    pub(super) fn add_all(&mut self, joining: impl Iterator<Item = Joining>) {
        self.added.extend(joining);
    }

    pub(super) fn remove(&mut self, topic: Topic) {
        self.added.retain(|joining| joining.lane.topic != topic);
        // Also where it had not joined yet: an earlier life of it may still be read.
        self.removed.insert(topic);
    }

    /// The topics that are not read any more.
    pub(super) fn take_removed(&mut self) -> BTreeSet<Topic> {
        std::mem::take(&mut self.removed)
    }

    /// Where the next topic joins.
    pub(super) fn next_at(&self) -> Option<u64> {
        self.added.front().map(|joining| joining.at)
    }

    pub(super) fn next(&mut self) -> Option<Joining> {
        self.added.pop_front()
    }

    /// The reader begins anew with the topics as they are.
    pub(super) fn clear(&mut self) {
        self.removed.clear();
        self.added.clear();
    }
}
