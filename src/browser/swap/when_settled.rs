//! Something to do once everything that a message has put on the page is settled (CON-33).

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// Runs when the last of its holders lets go: each swap that the message has led to holds one until it has settled.
#[derive(Clone)]
pub(crate) struct WhenSettled(#[expect(dead_code, reason = "it acts when it is dropped")] Rc<Last>);

struct Last(Cell<Option<Box<dyn FnOnce()>>>);

impl WhenSettled {
    pub(crate) fn new(run: impl FnOnce() + 'static) -> Self {
        Self(Rc::new(Last(Cell::new(Some(Box::new(run))))))
    }
}

impl fmt::Debug for WhenSettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WhenSettled")
    }
}

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn con_33_the_last_one_tells() {
        let told = Rc::new(Cell::new(0));
        let teller = Rc::clone(&told);
        let first = WhenSettled::new(move || teller.set(teller.get() + 1));
        let second = first.clone();
        drop(first);
        assert_eq!(told.get(), 0);
        drop(second);
        assert_eq!(told.get(), 1);
    }
}
