//! One connection per address for the whole page.
//!
//! Browsers allow six HTTP/1.1 connections to a host over all tabs, so sources that want the same
//! stream share one (SSE-11, CON-09). The table holds weak references: the owners keep a connection
//! alive, and it closes when the last of them lets go.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::browser::table::Table;

/// The connections of one transport, by what makes two of them the same.
#[derive(Debug)]
pub(crate) struct Shared<C>(RefCell<Table<Rc<str>, Weak<C>>>);

impl<C> Shared<C> {
    pub(crate) const fn new() -> Self {
        Self(RefCell::new(Table::new()))
    }

    /// The connection of this key, if it is of use; else one that is made, and remembered in its place.
    pub(crate) fn get_or_make(
        &self,
        key: &str,
        is_of_use: impl FnOnce(&C) -> bool,
        make: impl FnOnce() -> Rc<C>,
    ) -> Rc<C> {
        let known = self.get(key).filter(|known| is_of_use(known));
        known.unwrap_or_else(|| {
            let made = make();
            self.set(key, &made);
            made
        })
    }

    /// The connection of this key, if somebody holds it.
    pub(crate) fn get(&self, key: &str) -> Option<Rc<C>> {
        self.0.borrow().get(key).and_then(Weak::upgrade)
    }

    /// Makes this the connection of the key.
    pub(crate) fn set(&self, key: &str, connection: &Rc<C>) {
        let mut table = self.0.borrow_mut();
        table.retain(|connection| connection.strong_count() > 0);
        table.insert(key.into(), Rc::downgrade(connection));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn con_09_same_key_same_connection_until_the_last_owner_is_gone() {
        let shared = Shared::new();
        let of = |key: &str, made: i32| shared.get_or_make(key, |_| true, || Rc::new(made));
        let first = of("a", 1);
        assert!(Rc::ptr_eq(&first, &of("a", 2)));
        assert_eq!(*of("b", 3), 3);
        drop(first);
        assert_eq!(*of("a", 4), 4);
    }

    #[test]
    fn what_is_of_no_use_is_replaced() {
        let shared = Shared::new();
        let first = shared.get_or_make("a", |_| true, || Rc::new(1));
        let second = shared.get_or_make("a", |known| *known > 1, || Rc::new(2));
        let third = shared.get_or_make("a", |known| *known > 1, || Rc::new(3));
        assert_eq!((*first, *second, *third), (1, 2, 2));
    }
}
