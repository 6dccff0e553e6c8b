//! One connection per address for the whole page.
//!
//! Browsers allow six HTTP/1.1 connections to a host over all tabs, so sources that want the same
//! stream share one (SSE-11, CON-09). The table holds weak references: the owners keep a connection
//! alive, and it closes when the last of them lets go.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// The connections of one transport, by what makes two of them the same.
#[derive(Debug)]
pub(crate) struct Shared<C>(RefCell<HashMap<String, Weak<C>>>);

impl<C> Default for Shared<C> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<C> Shared<C> {
    /// The connection of this key; made, and remembered unless `private`, when there is none.
    pub(crate) fn get_or_make(&self, key: &str, private: bool, make: impl FnOnce() -> Rc<C>) -> Rc<C> {
        if private {
            return make();
        }
        let known = self.0.borrow().get(key).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let made = make();
            let mut table = self.0.borrow_mut();
            table.retain(|_, connection| connection.strong_count() > 0);
            table.insert(key.to_owned(), Rc::downgrade(&made));
            made
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn con_09_same_key_same_connection_until_the_last_owner_is_gone() {
        let shared = Shared::default();
        let first = shared.get_or_make("a", false, || Rc::new(1));
        assert!(Rc::ptr_eq(&first, &shared.get_or_make("a", false, || Rc::new(2))));
        assert_eq!(*shared.get_or_make("b", false, || Rc::new(3)), 3);
        assert_eq!(*shared.get_or_make("a", true, || Rc::new(4)), 4);
        drop(first);
        assert_eq!(*shared.get_or_make("a", false, || Rc::new(5)), 5);
    }
}
