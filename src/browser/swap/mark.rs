//! The class of a target until its content settles (SET-02), shared by the swaps that follow each other there.
//!
//! A stream that changes one element hundreds of times a second would otherwise set a class that is set already with each
//! message, and take one away that is gone already with each that settles. It comes and goes as if each did so by itself.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::Element;

use super::defaults::Defaults;
use crate::browser::dom;

/// One of the swaps that share the class.
#[derive(Debug)]
pub(super) struct Mark {
    shared: Rc<Shared>,
    /// How many swaps had replaced all the content when this one was done.
    replaced_before: u32,
}

#[derive(Debug)]
struct Shared {
    target: Element,
    /// What the class is called. The page may say something else until it is removed.
    names: Rc<Defaults>,
    is_set: Cell<bool>,
    replaced: Cell<u32>,
}

impl Mark {
    /// A mark of its own.
    pub(super) fn new(target: Element, names: &Rc<Defaults>) -> Self {
        let shared = Shared {
            target,
            names: Rc::clone(names),
            is_set: Cell::default(),
            replaced: Cell::default(),
        };
        Self {
            shared: Rc::new(shared),
            replaced_before: 0,
        }
    }

    /// Shares that of the swap before, if it had the same target.
    pub(super) fn follow(&mut self, before: &Self) {
        let (own, before) = (&self.shared, &before.shared);
        if Rc::ptr_eq(&before.names, &own.names) && before.target == own.target {
            self.shared = Rc::clone(before);
            self.replaced_before = before.replaced.get();
        }
    }

    pub(super) fn target(&self) -> &Element {
        &self.shared.target
    }

    /// The swap has replaced everything in the target.
    pub(super) fn replaces_all(&mut self) {
        self.replaced_before = self.shared.replaced.get() + 1;
        self.shared.replaced.set(self.replaced_before);
    }

    /// Whether a later swap has replaced what this one has put there.
    pub(super) fn is_superseded(&self) -> bool {
        self.shared.replaced.get() > self.replaced_before
    }

    /// Whether others have it too, the last of which will take the class away.
    pub(super) fn is_shared(&self) -> bool {
        Rc::strong_count(&self.shared) > 1
    }

    /// Sets it together with the class of new content, for a target that is new itself.
    pub(super) fn set_with_added(&self) {
        self.shared.is_set.set(true);
        dom::add_classes(&self.shared.target, &self.shared.names.in_page().both);
    }

    /// Removes the class of new content from such a target.
    pub(super) fn remove_added(&self) {
        let names = self.shared.names.in_page();
        dom::reduce_classes(&self.shared.target, &names.both, &names.settling);
    }

    pub(super) fn set(&self) {
        if !self.shared.is_set.replace(true) {
            dom::add_classes(&self.shared.target, &self.shared.names.in_page().settling);
        }
    }

    pub(super) fn remove(&self) {
        if self.shared.is_set.replace(false) {
            dom::remove_classes(&self.shared.target, &self.shared.names.in_page().settling);
        }
    }
}
