//! Those inside a source who consume its events, by the name that each has subscribed to.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use web_sys::MessageEvent;

use super::connection::cursor::Cursor;
use crate::wire::Position;

/// The name under which a consumer takes every event, whatever its own name is (SSW-03).
///
/// DIFFERENCE: htmx has no such name.
pub(crate) const ANY_NAME: &str = "*";

/// Who consumes events of a source.
pub(crate) trait Consumer {
    /// Takes an event of a name that it subscribed to.
    fn receive(&self, name: &str, event: &MessageEvent);

    /// Does now what it has put off: nothing more comes.
    fn flush(&self) {}
}

/// Who an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    All,
    /// Those who came when the source had seen it already.
    New,
}

struct Entry {
    id: u64,
    name: Rc<str>,
    /// It has not had the newest values yet.
    is_new: Cell<bool>,
    /// What it has seen, until it has caught up with its source.
    late: Option<Rc<Cursor>>,
    consumer: Rc<dyn Consumer>,
}

/// The numbers of consumers by what is made of their names, in order: hundreds may consume events of one stream, and an
/// event is for a few of them.
#[derive(Default)]
struct Index(Vec<(u32, u64)>);

impl Index {
    fn place(&self, entry: (u32, u64)) -> usize {
        self.0.partition_point(|known| *known < entry)
    }

    fn enter(&mut self, name: &str, id: u64) {
        let entry = (fingerprint(name), id);
        self.0.insert(self.place(entry), entry);
    }

    fn leave(&mut self, name: &str, id: u64) {
        let entry = (fingerprint(name), id);
        let place = self.place(entry);
        if self.0.get(place) == Some(&entry) {
            self.0.remove(place);
        }
    }

    /// Those whose names may be this one, in the order in which they came.
    fn named(&self, fingerprint: u32) -> impl Iterator<Item = u64> {
        let found = self.0.iter().skip(self.place((fingerprint, 0)));
        found
            .take_while(move |known| known.0 == fingerprint)
            .map(|known| known.1)
    }

    /// The same with those that take every name.
    fn asked(&self, name: &str) -> Vec<u64> {
        let fingerprint = fingerprint(name);
        let mut found: Vec<u64> = self.named(fingerprint).collect();
        if fingerprint != ANY_FINGERPRINT {
            // Few if any; sorting would be kilobytes of program.
            for id in self.named(ANY_FINGERPRINT) {
                found.insert(found.partition_point(|known| *known < id), id);
            }
        }
        found
    }
}

const ANY_FINGERPRINT: u32 = fingerprint(ANY_NAME);

/// So many are looked at one by one sooner than they are found.
const FEW: usize = 8;

/// A number made of a name (FNV-1a).
const fn fingerprint(name: &str) -> u32 {
    let (mut rest, mut fingerprint) = (name.as_bytes(), 0x811c_9dc5_u32);
    while let Some((byte, after)) = rest.split_first() {
        fingerprint = (fingerprint ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = after;
    }
    fingerprint
}

impl Entry {
    /// Whether an event is for this one; `takers` are those of the late ones that have not seen it.
    fn is_meant(&self, name: &str, audience: Option<Audience>, takers: &[u64]) -> bool {
        (*self.name == *name || *self.name == *ANY_NAME)
            && match (audience, &self.late) {
                (_, Some(_)) => takers.contains(&self.id),
                (Some(Audience::All), None) => true,
                (Some(Audience::New), None) => self.is_new.get(),
                (None, None) => false,
            }
    }
}

/// The consumers in the order in which they came (SSW-06).
#[derive(Default)]
pub(super) struct Consumers {
    entries: RefCell<Vec<Entry>>,
    index: RefCell<Index>,
    next_id: Cell<u64>,
    /// How many are behind their source; mostly none.
    late: Cell<usize>,
}

impl fmt::Debug for Consumers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Consumers {
    /// Adds a consumer and returns its number.
    pub(super) fn add(&self, name: Rc<str>, consumer: Rc<dyn Consumer>) -> u64 {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.index.borrow_mut().enter(&name, id);
        self.entries.borrow_mut().push(Entry {
            id,
            name,
            is_new: Cell::new(false),
            late: None,
            consumer,
        });
        id
    }

    /// Takes a consumer out, and returns the name that it had with what must be dropped when nothing is borrowed: it
    /// may own what drops in turn.
    pub(super) fn remove(&self, id: u64) -> Option<(Rc<str>, Rc<dyn Consumer>)> {
        let mut entries = self.entries.borrow_mut();
        let at = place_of(&entries, id)?;
        let Entry { name, consumer, .. } = entries.remove(at);
        self.index.borrow_mut().leave(&name, id);
        self.count_late(&entries);
        Some((name, consumer))
    }

    /// Takes all of them out.
    pub(super) fn clear(&self) {
        let all = self.entries.take();
        self.index.take();
        self.late.set(0);
        drop(all);
    }

    /// The names that somebody consumes.
    pub(super) fn names(&self) -> Vec<Rc<str>> {
        self.entries
            .borrow()
            .iter()
            .map(|entry| Rc::clone(&entry.name))
            .collect()
    }

    /// Whether somebody has subscribed to this name.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.entries.borrow().iter().any(|entry| &*entry.name == name)
    }

    /// Whether somebody has to be given the newest values.
    pub(super) fn has_new(&self) -> bool {
        self.entries.borrow().iter().any(|entry| entry.is_new.get())
    }

    /// The newest values are yet to be given to this one.
    pub(super) fn mark_new(&self, id: u64) {
        for entry in self.entries.borrow().iter().filter(|entry| entry.id == id) {
            entry.is_new.set(true);
        }
    }

    /// The newest values have been given to all.
    pub(super) fn forget_new(&self) {
        for entry in &*self.entries.borrow() {
            entry.is_new.set(false);
        }
    }

    /// This one has seen everything up to a place behind that of its source, and what came since is to come again for it.
    pub(super) fn mark_late(&self, id: u64, seen: Position) {
        let mut entries = self.entries.borrow_mut();
        for entry in entries.iter_mut().filter(|entry| entry.id == id) {
            entry.late = Some(Rc::new(Cursor::new(Some(seen))));
        }
        self.count_late(&entries);
    }

    /// What each of the late ones has seen.
    pub(super) fn late(&self) -> Vec<Rc<Cursor>> {
        if self.late.get() == 0 {
            return Vec::new();
        }
        let entries = self.entries.borrow();
        entries.iter().filter_map(|entry| entry.late.clone()).collect()
    }

    /// The late ones whose cursors take an event, whether they have asked for its name or not.
    pub(super) fn takers(&self, takes: impl Fn(&Cursor) -> bool) -> Vec<u64> {
        if self.late.get() == 0 {
            return Vec::new();
        }
        let entries = self.entries.borrow();
        let late = entries
            .iter()
            .filter_map(|entry| Some((entry.id, entry.late.as_ref()?)));
        late.filter(|(_, cursor)| takes(cursor))
            .map(|(id, _)| id)
            .collect()
    }

    /// Whoever has come to this place of the source goes on with it.
    pub(super) fn catch_up(&self, source: Option<Position>) {
        self.forget_late_where(|cursor| {
            cursor
                .at()
                .is_some_and(|seen| source.is_some_and(|source| source.is_covered_by(seen)))
        });
    }

    /// What comes next has nothing to do with what came, for nobody.
    pub(super) fn forget_late(&self) {
        self.forget_late_where(|_| true);
    }

    fn forget_late_where(&self, is_over: impl Fn(&Cursor) -> bool) {
        if self.late.get() == 0 {
            return;
        }
        let mut entries = self.entries.borrow_mut();
        for entry in entries.iter_mut() {
            entry.late.take_if(|cursor| is_over(cursor));
        }
        self.count_late(&entries);
    }

    fn count_late(&self, entries: &[Entry]) {
        self.late
            .set(entries.iter().filter(|entry| entry.late.is_some()).count());
    }

    /// The numbers of those whom an event is for; `takers` are those of the late ones that have not seen it.
    pub(super) fn meant(&self, name: &str, audience: Option<Audience>, takers: &[u64]) -> Vec<u64> {
        let entries = self.entries.borrow();
        if entries.len() <= FEW {
            let meant = entries
                .iter()
                .filter(|entry| entry.is_meant(name, audience, takers));
            return meant.map(|entry| entry.id).collect();
        }
        let mut asked = self.index.borrow().asked(name);
        asked.retain(|id| {
            let entry = place_of(&entries, *id).and_then(|place| entries.get(place));
            entry.is_some_and(|entry| entry.is_meant(name, audience, takers))
        });
        asked
    }

    /// Everybody, as they are now.
    pub(super) fn all(&self) -> Vec<Rc<dyn Consumer>> {
        let entries = self.entries.borrow();
        entries.iter().map(|entry| Rc::clone(&entry.consumer)).collect()
    }

    pub(super) fn get(&self, id: u64) -> Option<Rc<dyn Consumer>> {
        let entries = self.entries.borrow();
        let entry = entries.get(place_of(&entries, id)?)?;
        Some(Rc::clone(&entry.consumer))
    }
}

/// Numbers ascend, as whoever comes gets the next one and is put last.
fn place_of(entries: &[Entry], id: u64) -> Option<usize> {
    entries.binary_search_by_key(&id, |entry| entry.id).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Nobody;

    impl Consumer for Nobody {
        fn receive(&self, _name: &str, _event: &MessageEvent) {}
    }

    #[test]
    fn ssw_02_ssw_03_those_are_meant_who_have_asked_for_the_name_or_for_every_one() {
        let consumers = Consumers::default();
        for name in ["e1", "*", "e2", "e1", ""] {
            consumers.add(name.into(), Rc::new(Nobody));
        }
        for (name, expected) in [
            ("e1", vec![0, 1, 3]),
            ("e2", vec![1, 2]),
            ("e3", vec![1]),
            ("*", vec![1]),
            ("", vec![1, 4]),
        ] {
            assert_eq!(
                consumers.meant(name, Some(Audience::All), &[]),
                expected,
                "{name}"
            );
        }
    }

    proptest! {
        #[test]
        fn ssw_02_those_are_found_whom_a_look_at_each_finds(
            steps in prop::collection::vec((any::<bool>(), "[ab*]{0,2}", 0..20_u64), 0..60),
            asked in "[ab*]{0,2}",
        ) {
            let (consumers, mut known) = (Consumers::default(), Vec::new());
            for (comes, name, id) in steps {
                if comes {
                    known.push((consumers.add(name.as_str().into(), Rc::new(Nobody)), name));
                } else {
                    let is_known = known.iter().any(|(known, _)| *known == id);
                    prop_assert_eq!(consumers.remove(id).is_some(), is_known);
                    known.retain(|(known, _)| *known != id);
                }
            }
            let is_meant = |name: &str| name == asked || name == ANY_NAME;
            let expected: Vec<u64> = known.iter().filter(|(_, name)| is_meant(name)).map(|(id, _)| *id).collect();
            prop_assert_eq!(consumers.meant(&asked, Some(Audience::All), &[]), expected);
            consumers.clear();
            prop_assert_eq!(consumers.meant(&asked, Some(Audience::All), &[]), Vec::<u64>::new());
        }
    }

    /// Two names of which the same number is made.
    #[test]
    fn names_are_told_apart_that_look_alike() {
        let (one, other) = ("costarring", "liquid");
        assert_eq!(fingerprint(one), fingerprint(other));
        let consumers = Consumers::default();
        for name in [one, other, one].into_iter().chain(["x"; FEW]) {
            consumers.add(name.into(), Rc::new(Nobody));
        }
        assert_eq!(consumers.meant(one, Some(Audience::All), &[]), [0, 2]);
        assert_eq!(consumers.meant(other, Some(Audience::All), &[]), [1]);
    }

    #[test]
    fn whoever_is_left_is_found_by_its_number() {
        let consumers = Consumers::default();
        let ids: Vec<u64> = (0..9)
            .map(|_| consumers.add("x".into(), Rc::new(Nobody)))
            .collect();
        for gone in [ids[4], ids[0], ids[8]] {
            assert!(consumers.remove(gone).is_some());
            assert!(consumers.remove(gone).is_none());
        }
        let last = consumers.add("x".into(), Rc::new(Nobody));
        let found: Vec<u64> = (0..12).filter(|id| consumers.get(*id).is_some()).collect();
        assert_eq!(found, [1, 2, 3, 5, 6, 7, last]);
    }
}
