//! How far a stream has come, and for whom an event of it is new.
//!
//! These are the rules by which sources that share a connection miss nothing and get nothing twice, without transport,
//! page or clock. The connection applies them in the browser; `server/tests/schedules` plays them against the real
//! endpoint, under thousands of random faults.

use std::cell::Cell;

use super::cursor::{Cursor, needs_restart, oldest};
use crate::browser::consumers::Audience;
use crate::wire::Position;

/// What a connection knows of its stream.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Everything from where the present connection was asked to go on up to here has been handed to the sources.
    delivered: Cell<Option<Position>>,
    /// The last heartbeat, which tells which history is the present one.
    present: Cell<Option<Position>>,
    /// The stream has said that it keeps positions.
    is_ours: Cell<bool>,
    /// The stream has newest values that can be asked for.
    has_latest: Cell<bool>,
    /// What comes is the retained state, of which most may be known here.
    in_snapshot: Cell<bool>,
    /// What comes is what is older of a topic that was added, which nobody has seen and which moves no cursor.
    in_added: Cell<bool>,
    /// Where the present connection was asked to go on.
    asked: Cell<Option<Position>>,
    /// Where it has begun. Events of its own id stand behind this place; those without one have it as theirs.
    begun: Cell<Option<Position>>,
    /// It was asked for the newest values.
    brings_latest: Cell<bool>,
    /// It begins at the present, and its retained state is not complete: where it stands says nothing about logs.
    begins_now: Cell<bool>,
}

impl Progress {
    pub(crate) fn is_ours(&self) -> bool {
        self.is_ours.get()
    }

    pub(crate) fn has_latest(&self) -> bool {
        self.has_latest.get()
    }

    /// Whether the present connection has begun. Until then no event has passed, so that whatever is listened to is heard.
    pub(crate) fn has_begun_to_come(&self) -> bool {
        self.begun.get().is_some()
    }

    /// What comes next has nothing to do with what came.
    pub(crate) fn forget(&self) {
        self.delivered.take();
        self.present.take();
    }

    /// A new connection begins. Returns the position from which it has to go on, so that none of its sources misses
    /// anything, and whether it is to bring the newest values, too.
    pub(crate) fn connect<'a>(
        &self,
        cursors: impl Iterator<Item = &'a Cursor> + Clone,
        has_new: bool,
    ) -> (Option<Position>, bool) {
        self.in_snapshot.set(false);
        self.in_added.set(false);
        self.begun.take();
        cursors.clone().for_each(Cursor::reconnecting);
        let with_latest = self.needs_latest(cursors.clone(), has_new);
        let from = self.resume_from(cursors);
        self.asked.set(from);
        self.delivered.set(from);
        self.begins_now.set(from.is_none());
        // Whoever names no position gets them in any case.
        self.brings_latest.set(with_latest || from.is_none());
        (from, with_latest)
    }

    /// The position of the oldest cursor.
    pub(crate) fn resume_from<'a>(&self, cursors: impl Iterator<Item = &'a Cursor>) -> Option<Position> {
        oldest(cursors.filter_map(Cursor::at), self.present.get())
    }

    /// Whether somebody has to be given the newest values; `has_new` says that of consumers.
    fn needs_latest<'a>(&self, mut cursors: impl Iterator<Item = &'a Cursor>, has_new: bool) -> bool {
        let has_latest = self.has_latest.get();
        has_latest && has_new
            || cursors.any(|cursor| cursor.at().is_none() || has_latest && cursor.is_owed_latest())
    }

    /// Whether a source that joins a running connection needs another one. What the stream has sent under names that
    /// nobody listened to was not heard; `has_new_names` says that the source listens to such.
    pub(crate) fn must_restart_for(&self, cursor: &Cursor, has_new_names: bool) -> bool {
        match cursor.at() {
            None => self.has_latest.get(),
            Some(wanted) => {
                has_new_names || self.begins_now.get() || needs_restart(wanted, self.delivered.get())
            }
        }
    }

    /// The stream keeps positions, and has sent everything up to this one. Returns whether it must be asked anew: it goes
    /// on where one source wants it to, in a history that another does not know of and that one would not be told of.
    pub(crate) fn heartbeat<'a>(&self, at: Position, mut cursors: impl Iterator<Item = &'a Cursor>) -> bool {
        self.is_ours.set(true);
        self.delivered.set(Some(at));
        self.present.set(Some(at));
        if self.begun.get().is_some() {
            self.has_begun();
            return false;
        }
        self.begun.set(Some(at));
        let is_exact = self.asked.get().is_some_and(|asked| asked.epoch == at.epoch);
        is_exact && cursors.any(|cursor| cursor.at().is_some_and(|known| known.epoch != at.epoch))
    }

    /// Whether the stream begins behind the place where it was asked to go on, with nothing told or sent before: so it has
    /// not heard where that is. To be asked before [`heartbeat`](Self::heartbeat).
    pub(crate) fn was_not_heard(&self, at: Position) -> bool {
        let is_first = self.begun.get().is_none() && self.delivered.get() == self.asked.get();
        let is_before = |asked: Position| asked.epoch == at.epoch && asked.offset < at.offset;
        is_first && self.asked.get().is_some_and(is_before)
    }

    /// The stream has newest values. Returns whether it must be asked for them, as somebody needs them who came after
    /// the request.
    pub(crate) fn latest<'a>(&self, cursors: impl Iterator<Item = &'a Cursor>, has_new: bool) -> bool {
        self.has_latest.set(true);
        !self.brings_latest.get() && self.needs_latest(cursors, has_new)
    }

    /// Events up to this place were lost, and that was told: whoever comes from before it must be told, too.
    pub(crate) fn gap(&self, to: Position) {
        self.advance(to);
    }

    /// The retained state follows.
    pub(crate) fn snapshot<'a>(&self, cursors: impl Iterator<Item = &'a Cursor>) {
        self.in_snapshot.set(true);
        cursors.for_each(|cursor| cursor.snapshot(self.begun.get()));
    }

    /// What is older of a topic that was added follows.
    pub(crate) fn added(&self) {
        self.in_added.set(true);
    }

    /// Whether what comes is what is older of a topic that was added.
    pub(crate) fn is_added(&self) -> bool {
        self.in_added.get()
    }

    /// The retained state is complete, or that of an added topic, and everything up to here has been sent.
    pub(crate) fn live(&self, at: Position) {
        self.in_snapshot.set(false);
        self.in_added.set(false);
        self.has_begun();
        self.advance(at);
    }

    /// Whether a source, when all is complete, is still owed the newest values.
    pub(crate) fn owes_latest<'a>(&self, mut cursors: impl Iterator<Item = &'a Cursor>) -> bool {
        self.has_latest.get() && cursors.any(Cursor::is_owed_latest)
    }

    /// Takes note of an event, and returns its position where it has one. Ids of other people's streams mean nothing.
    pub(crate) fn event(&self, last_event_id: impl FnOnce() -> String) -> Option<Position> {
        if self.in_added.get() {
            return None;
        }
        let position = self.is_ours.get().then(|| last_event_id().parse().ok())??;
        self.has_begun();
        self.advance(position);
        Some(position)
    }

    /// For whom at a source an event is, which then counts as seen.
    pub(crate) fn audience(&self, cursor: &Cursor, position: Option<Position>) -> Option<Audience> {
        let Some(position) = position else {
            return Some(Audience::All);
        };
        let is_state = self
            .begun
            .get()
            .is_some_and(|begun| position.is_covered_by(begun));
        if cursor.take(position, is_state) {
            return Some(Audience::All);
        }
        if self.in_snapshot.get() {
            return Some(Audience::New);
        }
        // Somebody else's server may write events without an id into a stream of this kind. Where nothing was resumed, they
        // cannot be repetitions.
        (is_state && self.asked.get().is_none()).then_some(Audience::All)
    }

    fn has_begun(&self) {
        if !self.in_snapshot.get() {
            self.begins_now.set(false);
        }
    }

    fn advance(&self, position: Position) {
        let delivered = self.delivered.get();
        if !delivered.is_some_and(|delivered| position.is_covered_by(delivered)) {
            self.delivered.set(Some(position));
        }
    }
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

    /// A page was open over a restart, and a part of it that was rendered afterwards joined first: the stream went on
    /// where that part was, and nobody told the others that their history was lost.
    #[test]
    fn r07_a_source_of_a_lost_history_is_told_although_another_one_knows_the_new() {
        let progress = Progress::default();
        let old = Cursor::new(Some(at(1, 40)));
        assert_eq!(
            progress.connect([&old].into_iter(), false),
            (Some(at(1, 40)), false)
        );
        assert!(!progress.heartbeat(at(1, 40), [&old].into_iter()));
        let new = Cursor::new(Some(at(2, 3)));
        assert!(progress.must_restart_for(&new, false));
        let both = [&old, &new];
        assert_eq!(progress.connect(both.into_iter(), false).0, Some(at(2, 3)));
        assert!(progress.heartbeat(at(2, 3), both.into_iter()));
        assert_eq!(progress.connect(both.into_iter(), false).0, Some(at(1, 40)));
        assert!(!progress.heartbeat(at(2, 0), both.into_iter()));
    }

    #[test]
    fn r04_a_stream_that_begins_behind_the_place_was_not_told_of_it() {
        for (begins_at, is_so) in [
            (at(1, 5), false),
            (at(1, 8), true),
            (at(1, 0), false),
            (at(2, 8), false),
        ] {
            let (progress, source) = (Progress::default(), Cursor::new(Some(at(1, 5))));
            progress.connect([&source].into_iter(), false);
            assert_eq!(progress.was_not_heard(begins_at), is_so, "{begins_at}");
            progress.heartbeat(begins_at, [&source].into_iter());
            // A later one says how far it has come.
            assert!(!progress.was_not_heard(at(1, 9)));
        }
        // Nothing was asked.
        let (progress, source) = (Progress::default(), Cursor::new(None));
        progress.connect([&source].into_iter(), false);
        assert!(!progress.was_not_heard(at(1, 5)));
    }

    /// A connection was opened for a source without a position, and one that was rendered a while ago joined: what an
    /// earlier connection had brought was taken for what this one would.
    #[test]
    fn r15_what_an_earlier_connection_brought_is_not_what_this_one_brings() {
        let progress = Progress::default();
        let first = Cursor::new(Some(at(1, 7)));
        progress.connect([&first].into_iter(), false);
        progress.heartbeat(at(1, 7), [&first].into_iter());
        assert!(!progress.must_restart_for(&Cursor::new(Some(at(1, 7))), false));
        let late = Cursor::new(None);
        assert_eq!(progress.connect([&late].into_iter(), false).0, None);
        assert!(progress.must_restart_for(&Cursor::new(Some(at(1, 7))), false));
    }

    /// A source joined right after a loss had been told to the others, and was never told.
    #[test]
    fn r15_who_joins_after_a_gap_is_told_of_it() {
        let progress = Progress::default();
        let first = Cursor::new(Some(at(1, 1)));
        progress.connect([&first].into_iter(), false);
        progress.heartbeat(at(1, 1), [&first].into_iter());
        progress.gap(at(1, 3));
        let joins = |offset| !progress.must_restart_for(&Cursor::new(Some(at(1, offset))), false);
        assert_eq!([1, 2, 3].map(joins), [false, false, true]);
    }

    /// A stream that begins at the present names the place of its oldest value first. A source that was rendered between
    /// that place and the present joined it, and missed the log up to there.
    #[test]
    fn r06_a_stream_that_begins_at_the_present_is_not_joined_before_it_has_come_there() {
        let progress = Progress::default();
        let late = Cursor::new(None);
        let all = || [&late].into_iter();
        progress.connect(all(), false);
        progress.heartbeat(at(1, 1), all());
        progress.latest(all(), false);
        progress.snapshot(all());
        let joins = |offset| !progress.must_restart_for(&Cursor::new(Some(at(1, offset))), false);
        assert!(!joins(2));
        progress.event(|| at(1, 2).to_string());
        assert!(!joins(2));
        progress.live(at(1, 4));
        assert_eq!([2, 4].map(joins), [false, true]);
    }

    /// A source that came while the connection was being opened was never given the newest values.
    #[test]
    fn decision_5_newest_values_are_asked_for_when_the_stream_turns_out_to_have_some() {
        let progress = Progress::default();
        let (early, late) = (Cursor::new(Some(at(1, 4))), Cursor::new(None));
        assert_eq!(
            progress.connect([&early].into_iter(), false),
            (Some(at(1, 4)), false)
        );
        let both = [&early, &late];
        progress.heartbeat(at(1, 4), both.into_iter());
        late.heartbeat(at(1, 4));
        assert!(progress.latest(both.into_iter(), false));
        assert_eq!(progress.connect(both.into_iter(), false), (Some(at(1, 4)), true));
        progress.heartbeat(at(1, 4), both.into_iter());
        assert!(!progress.latest(both.into_iter(), false));
        progress.snapshot(both.into_iter());
        let state = Some(at(1, 4));
        let heard = both.map(|cursor| progress.audience(cursor, state));
        assert_eq!(heard, [Some(Audience::New), Some(Audience::All)]);
        // The connection breaks here: what has not come yet comes again.
        assert!(progress.connect(both.into_iter(), false).1);
    }

    /// Where a loss was told to sources that share a connection, the one that was ahead got twice what it had.
    #[test]
    fn r05_after_a_gap_nobody_gets_what_a_source_behind_it_lacks() {
        let progress = Progress::default();
        let (behind, ahead) = (Cursor::new(Some(at(1, 5))), Cursor::new(Some(at(1, 9))));
        let both = [&behind, &ahead];
        progress.connect(both.into_iter(), false);
        progress.heartbeat(at(1, 5), both.into_iter());
        let gap = crate::wire::Gap {
            reason: crate::wire::GapReason::Evicted,
            from: Some(at(1, 5)),
            to: at(1, 12),
        };
        assert_eq!(both.map(|cursor| cursor.gap(&gap)), [true, true]);
        progress.snapshot(both.into_iter());
        let heard = |offset| both.map(|cursor| progress.audience(cursor, Some(at(1, offset))).is_some());
        let all =
            |offset| both.map(|cursor| progress.audience(cursor, Some(at(1, offset))) == Some(Audience::All));
        assert_eq!(heard(5), [true, true], "values without an id of their own");
        assert_eq!(all(7), [true, false]);
        assert_eq!(all(13), [true, true]);
    }
}
