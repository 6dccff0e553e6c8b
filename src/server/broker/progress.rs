//! How far a node has come in the history of its engine, and which places the engine has given to its publishers.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::wire::{Epoch, Position};

/// So many epochs that are over are remembered.
pub(super) const PAST_EPOCHS: usize = 32;

/// How far the node has come, for whoever does not follow but wants to know.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) at: watch::Sender<Position>,
    /// The newest place that the engine has given to this node's publishers in each of the last epochs. The follower may have
    /// yet to hear of an epoch, and of its end.
    given: Mutex<VecDeque<Position>>,
    pub(super) is_in_touch: AtomicBool,
}

impl Progress {
    pub(super) fn new(at: Position) -> Self {
        Self {
            at: watch::Sender::new(at),
            given: Mutex::default(),
            is_in_touch: AtomicBool::new(true),
        }
    }

    pub(super) fn at(&self) -> Position {
        *self.at.borrow()
    }

    /// Takes note of a place that the engine has given, which comes to be read soon.
    pub(super) fn was_given(&self, place: Position) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        match given.iter_mut().find(|given| given.epoch == place.epoch) {
            Some(given) => given.offset = given.offset.max(place.offset),
            None => {
                given.push_front(place);
                given.truncate(PAST_EPOCHS);
            }
        }
    }

    /// The epochs in which places were given.
    pub(super) fn epochs_given(&self) -> Vec<Epoch> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().map(|given| given.epoch).collect()
    }

    pub(super) fn forget_given(&self, epochs: &[Epoch]) {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.retain(|given| !epochs.contains(&given.epoch));
    }

    /// Whether places were given in an epoch that is none of these.
    pub(super) fn was_given_beyond(&self, epochs: impl Fn(Epoch) -> bool) -> bool {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().any(|given| !epochs(given.epoch))
    }

    /// The newest place of which the node knows, read or given.
    pub(super) fn newest(&self) -> Position {
        let at = self.at();
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let offsets = given.iter().filter(|given| given.epoch == at.epoch);
        let newest = offsets.map(|given| given.offset).fold(at.offset, u64::max);
        Position { offset: newest, ..at }
    }

    pub(super) fn is_in_touch(&self) -> bool {
        self.is_in_touch.load(Ordering::Acquire)
    }

    /// Waits until the feed has got everything up to this position.
    pub(super) async fn reaches(&self, wanted: Position) {
        let mut at = self.at.subscribe();
        let _ = at.wait_for(|at| wanted.is_covered_by(*at)).await;
    }

    /// Waits until there is something new.
    pub(super) async fn changes(&self, limit: Duration) {
        let _ = timeout(limit, self.at.subscribe().changed()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(epoch: u64, offset: u64) -> Position {
        Position {
            epoch: Epoch(epoch),
            offset,
        }
    }

    #[test]
    fn r07_the_newest_place_is_one_that_was_read_or_given_in_this_epoch() {
        let progress = Progress::new(place(1, 4));
        assert_eq!(progress.newest(), place(1, 4));
        progress.was_given(place(1, 6));
        progress.was_given(place(1, 5));
        assert_eq!(progress.newest(), place(1, 6));
        progress.at.send_replace(place(1, 7));
        assert_eq!(progress.newest(), place(1, 7));
        // What was given in another says nothing of this one.
        progress.was_given(place(2, 90));
        assert_eq!(progress.newest(), place(1, 7));
        progress.at.send_replace(place(2, 0));
        assert_eq!(progress.newest(), place(2, 90));
    }

    #[test]
    fn r07_an_epoch_in_which_places_were_given_is_remembered_until_it_is_over() {
        let progress = Progress::new(place(1, 0));
        let is_known = |epoch| epoch == Epoch(1);
        assert!(!progress.was_given_beyond(is_known));
        progress.was_given(place(1, 1));
        assert!(!progress.was_given_beyond(is_known));
        progress.was_given(place(2, 1));
        assert!(progress.was_given_beyond(is_known));
        assert_eq!(progress.epochs_given(), [Epoch(2), Epoch(1)]);
        progress.forget_given(&[Epoch(2)]);
        assert!(!progress.was_given_beyond(is_known));
        for epoch in 2..200 {
            progress.was_given(place(epoch, 1));
        }
        assert_eq!(progress.epochs_given().len(), PAST_EPOCHS);
        assert!(progress.was_given_beyond(is_known));
    }
}
