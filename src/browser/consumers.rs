//! Those inside a source who consume its events, by the name that each has subscribed to.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use web_sys::MessageEvent;

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
    consumer: Rc<dyn Consumer>,
}

impl Entry {
    fn is_meant(&self, name: &str, audience: Audience) -> bool {
        (*self.name == *name || *self.name == *ANY_NAME) && (audience == Audience::All || self.is_new.get())
    }
}

/// The consumers in the order in which they came (SSW-06).
#[derive(Default)]
pub(super) struct Consumers {
    entries: RefCell<Vec<Entry>>,
    next_id: Cell<u64>,
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
        self.entries.borrow_mut().push(Entry {
            id,
            name,
            is_new: Cell::new(false),
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
        Some((name, consumer))
    }

    /// Takes all of them out.
    pub(super) fn clear(&self) {
        let all = self.entries.take();
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

    /// The numbers of those whom an event is for.
    pub(super) fn meant(&self, name: &str, audience: Audience) -> Vec<u64> {
        self.entries
            .borrow()
            .iter()
            .filter(|entry| entry.is_meant(name, audience))
            .map(|entry| entry.id)
            .collect()
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
    use super::*;

    struct Nobody;

    impl Consumer for Nobody {
        fn receive(&self, _name: &str, _event: &MessageEvent) {}
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
