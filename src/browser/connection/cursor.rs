//! The cursor of one source: what it has seen, and whether an event is new to it.
//!
//! It belongs to the source and not to the connection, because sources that were rendered at
//! different moments share one connection (decision 5): the connection resumes from the oldest of
//! their cursors, and each source leaves out what it already has.

use std::cell::Cell;

use crate::wire::{Gap, GapReason, Position};

/// How far a source has read.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    at: Cell<Option<Position>>,
    /// A snapshot may repeat what was seen, and must reach this source all the same.
    exempt: Cell<bool>,
    /// It came without a position, heard of the stream here first, and has yet to be given all of the newest values.
    owed_up_to: Cell<Option<Position>>,
    /// The snapshot under way brings them.
    is_being_paid: Cell<bool>,
}

impl Cursor {
    pub(crate) fn new(at: Option<Position>) -> Self {
        Self {
            at: Cell::new(at),
            ..Self::default()
        }
    }

    pub(crate) fn at(&self) -> Option<Position> {
        self.at.get()
    }

    /// Whether it stands before this place of the same history.
    pub(crate) fn is_before(&self, place: Position) -> bool {
        let at = self.at.get();
        at.is_some_and(|at| at.epoch == place.epoch && at.offset < place.offset)
    }

    pub(crate) fn is_owed_latest(&self) -> bool {
        self.owed_up_to.get().is_some()
    }

    /// What was read belongs to another stream.
    pub(crate) fn forget(&self) {
        self.at.set(None);
        self.exempt.set(false);
        self.owed_up_to.set(None);
        self.is_being_paid.set(false);
    }

    /// A new connection begins: whatever snapshot was under way is not any more.
    pub(crate) fn reconnecting(&self) {
        self.exempt.set(false);
        self.is_being_paid.set(false);
    }

    /// Whether an event is new here; if so it counts as seen from now on.
    ///
    /// An event of the retained state (`is_state`) has no position of its own. Any other that is covered has been seen,
    /// and comes for another source of the connection.
    pub(crate) fn take(&self, position: Position, is_state: bool) -> bool {
        match self.at.get() {
            Some(at) if position.is_covered_by(at) => is_state && self.exempt.get(),
            // Another epoch is entered by what follows a gap, and by nothing else.
            Some(at) if at.epoch != position.epoch && !self.exempt.get() => true,
            _ => {
                self.at.set(Some(position));
                true
            }
        }
    }

    /// Everything up to this position has been sent.
    ///
    /// It never crosses into another epoch: only the gap does, or a connection that breaks between
    /// the two would hide the loss.
    pub(crate) fn heartbeat(&self, position: Position) {
        match self.at.get() {
            None => {
                self.at.set(Some(position));
                self.owed_up_to.set(Some(position));
            }
            Some(_) if self.is_before(position) => self.at.set(Some(position)),
            Some(_) => {}
        }
    }

    /// The retained state follows, on a connection that has begun here.
    ///
    /// Whatever is older than the beginning comes without a position of its own, and so is known for state. If the connection
    /// has begun further back, for another source, some values come like any event; those who are owed them wait for a
    /// better one.
    pub(crate) fn snapshot(&self, begun: Option<Position>) {
        let Some(owed) = self.owed_up_to.get() else { return };
        let is_behind = begun.is_some_and(|begun| begun.epoch == owed.epoch && begun.offset < owed.offset);
        if !is_behind {
            self.exempt.set(true);
            self.is_being_paid.set(true);
        }
    }

    /// Takes note of a gap and returns whether this source lost anything by it.
    ///
    /// The cursor stays: should the connection break before what follows the gap has arrived, the gap
    /// is told again, and what follows it comes again. Moving on at once would skip it.
    pub(crate) fn gap(&self, gap: &Gap) -> bool {
        // A cursor that the server calls malformed is ahead of a history that has lost its end.
        let is_ahead = gap.reason == GapReason::Malformed;
        let lost = self
            .at
            .get()
            .is_some_and(|at| is_ahead || !gap.to.is_covered_by(at));
        if is_ahead {
            self.at.set(None);
        }
        if lost || self.at.get().is_none() {
            self.exempt.set(true);
        }
        lost
    }

    /// The snapshot is complete, and everything up to this position has been sent.
    pub(crate) fn live(&self, position: Position) {
        let is_new = self.at.get().is_none_or(|at| !position.is_covered_by(at));
        let is_ours = self.at.get().is_none_or(|at| at.epoch == position.epoch);
        if is_new && (is_ours || self.exempt.get()) {
            self.at.set(Some(position));
        }
        self.exempt.set(false);
        if self.is_being_paid.take() {
            self.owed_up_to.set(None);
        }
    }
}

/// The position from which a connection must resume so that none of its sources misses anything.
///
/// Of two epochs, the one that is not the stream's present one: only asking from there makes the
/// server tell of the loss.
pub(crate) fn oldest(cursors: impl Iterator<Item = Position>, present: Option<Position>) -> Option<Position> {
    cursors.reduce(|a, b| {
        if a.epoch == b.epoch {
            return if b.offset < a.offset { b } else { a };
        }
        if present.is_some_and(|present| present.epoch == a.epoch) {
            b
        } else {
            a
        }
    })
}

/// Whether a source with this cursor needs events that the connection is already past.
pub(crate) fn needs_restart(wanted: Position, delivered: Option<Position>) -> bool {
    delivered.is_none_or(|delivered| !delivered.is_covered_by(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Epoch;

    fn at(epoch: u64, offset: u64) -> Position {
        Position {
            epoch: Epoch(epoch),
            offset,
        }
    }

    fn gap(to: Position) -> Gap {
        Gap {
            reason: GapReason::Epoch,
            from: None,
            to,
        }
    }

    #[test]
    fn events_are_taken_once_and_in_order() {
        let cursor = Cursor::new(Some(at(1, 4)));
        let taken: Vec<_> = [4, 5, 5, 6, 3, 8].map(|o| cursor.take(at(1, o), false)).into();
        assert_eq!(taken, [false, true, false, true, false, true]);
        assert_eq!(cursor.at(), Some(at(1, 8)));
    }

    #[test]
    fn r07_another_epoch_is_entered_by_a_gap_alone() {
        let cursor = Cursor::new(Some(at(1, 40)));
        cursor.heartbeat(at(2, 3));
        assert_eq!(cursor.at(), Some(at(1, 40)));
        assert!(cursor.gap(&gap(at(2, 3))));
        // R05: a break here must bring the gap and its snapshot again.
        assert_eq!(cursor.at(), Some(at(1, 40)));
        assert!(cursor.take(at(2, 1), false));
        assert_eq!(cursor.at(), Some(at(2, 1)));
        cursor.live(at(2, 3));
        assert_eq!(cursor.at(), Some(at(2, 3)));
        assert!(
            !cursor.gap(&gap(at(2, 3))),
            "nothing was lost that it has not seen"
        );
    }

    #[test]
    fn a_cursor_that_is_ahead_of_a_history_that_lost_its_end_begins_anew() {
        let cursor = Cursor::new(Some(at(1, 40)));
        cursor.heartbeat(at(1, 0));
        let gap = Gap {
            reason: GapReason::Malformed,
            from: Some(at(1, 40)),
            to: at(1, 0),
        };
        assert!(cursor.gap(&gap));
        assert_eq!(cursor.at(), None);
        assert!(cursor.take(at(1, 2), false));
        cursor.live(at(1, 3));
        assert_eq!(cursor.at(), Some(at(1, 3)));
        assert!(!cursor.take(at(1, 2), false));
    }

    #[test]
    fn another_epoch_may_hold_nothing_yet() {
        let cursor = Cursor::new(Some(at(1, 40)));
        cursor.heartbeat(at(2, 0));
        assert!(cursor.gap(&gap(at(2, 0))));
        cursor.live(at(2, 0));
        assert_eq!(cursor.at(), Some(at(2, 0)));
    }

    #[test]
    fn a_snapshot_reaches_those_who_need_it_and_nobody_else() {
        let (late, exact) = (Cursor::new(None), Cursor::new(Some(at(1, 9))));
        for cursor in [&late, &exact] {
            cursor.heartbeat(at(1, 9));
            cursor.snapshot(Some(at(1, 9)));
        }
        assert_eq!([&late, &exact].map(|c| c.take(at(1, 5), true)), [true, false]);
        // What has an id of its own comes for somebody else.
        assert!(!late.take(at(1, 5), false));
        assert!(late.is_owed_latest() && !exact.is_owed_latest());
        late.live(at(1, 9));
        assert!(!late.take(at(1, 5), true) && !late.is_owed_latest());
    }

    #[test]
    fn a_snapshot_that_begins_behind_a_late_source_is_not_yet_its_own() {
        let late = Cursor::new(None);
        late.heartbeat(at(1, 9));
        late.snapshot(Some(at(1, 4)));
        assert!(!late.take(at(1, 4), true));
        late.live(at(1, 12));
        assert!(late.is_owed_latest());
        late.snapshot(Some(at(1, 12)));
        assert!(late.take(at(1, 12), true));
        late.live(at(1, 12));
        assert!(!late.is_owed_latest());
    }

    #[test]
    fn the_oldest_cursor_decides() {
        let check = |cursors: &[Position], present, expected| {
            assert_eq!(oldest(cursors.iter().copied(), present), expected, "{cursors:?}");
        };
        check(&[], None, None);
        check(&[at(1, 5), at(1, 3), at(1, 9)], None, Some(at(1, 3)));
        check(&[at(1, 5), at(2, 1)], Some(at(2, 4)), Some(at(1, 5)));
        check(&[at(2, 1), at(1, 5)], Some(at(2, 4)), Some(at(1, 5)));
    }

    #[test]
    fn decision_5_a_connection_is_reopened_for_an_older_position_only() {
        for (wanted, delivered, expected) in [
            (at(1, 5), Some(at(1, 5)), false),
            (at(1, 6), Some(at(1, 5)), false),
            (at(1, 4), Some(at(1, 5)), true),
            (at(2, 9), Some(at(1, 5)), true),
            (at(1, 4), None, true),
        ] {
            assert_eq!(
                needs_restart(wanted, delivered),
                expected,
                "{wanted:?} {delivered:?}"
            );
        }
    }
}
