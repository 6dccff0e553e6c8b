//! The sources that share a connection.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

/// Who a connection hands its events to; whoever made the sources keeps them alive.
pub(crate) struct Owners<S>(RefCell<Vec<Weak<S>>>);

impl<S> Default for Owners<S> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<S> fmt::Debug for Owners<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Owners").field(&self.0.borrow().len()).finish()
    }
}

impl<S> Owners<S> {
    pub(crate) fn add(&self, source: &Rc<S>) {
        self.0.borrow_mut().push(Rc::downgrade(source));
    }

    pub(crate) fn remove(&self, source: &S) {
        self.0
            .borrow_mut()
            .retain(|known| known.strong_count() > 0 && !std::ptr::eq(known.as_ptr(), source));
    }

    /// The sources as they are now, so that handlers may add and remove some.
    pub(crate) fn all(&self) -> Vec<Rc<S>> {
        self.0.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().iter().all(|source| source.strong_count() == 0)
    }
}
