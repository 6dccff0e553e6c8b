//! What a component has started in the browser, ended with the component.
//!
//! Cleanups may run on the server and must not carry anything that belongs to one thread; so they
//! carry a number, and what is to be ended stays in a table of the browser's one thread.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::*;

use crate::browser::page;
use crate::browser::table::Table;

static NEXT: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static RUNNING: RefCell<Table<u64, Box<dyn FnOnce()>>> = const { RefCell::new(Table::new()) };
}

/// The time between a component's first element and its cleanup.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifetime(u64);

impl Lifetime {
    /// A lifetime that ends with the present owner. On the server nothing begins, so that nothing has to end.
    pub(super) fn new() -> Self {
        if !page::is_browser() {
            return Self(0);
        }
        let lifetime = Self(NEXT.fetch_add(1, Ordering::Relaxed));
        on_cleanup(move || lifetime.end());
        lifetime
    }

    /// Begins something and keeps its end; once, as a directive runs again at each rebuild.
    pub(super) fn start<E: FnOnce() + 'static>(self, begin: impl FnOnce() -> E) {
        if self.is_running() {
            return;
        }
        // It may run while a closure renders, which must not depend on what is read here.
        let end = untrack(begin);
        RUNNING.with_borrow_mut(|running| running.insert(self.0, Box::new(end)));
    }

    /// Whether what was begun has not ended.
    pub(super) fn is_running(self) -> bool {
        RUNNING.with_borrow(|running| running.contains(&self.0))
    }

    fn end(self) {
        let end = RUNNING.with_borrow_mut(|running| running.remove(&self.0));
        if let Some(end) = end {
            end();
        }
    }
}
