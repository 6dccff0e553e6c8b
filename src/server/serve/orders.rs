//! What connections are told by their server.
//!
//! A connection looks here whenever it is woken, for every event that it writes. So the order stands in one place for all
//! of them, which is in every processor's cache, as it is changed twice at most. Who is to be woken is remembered until
//! somebody else asks, also when an order was given: whoever has asked once need only look, which is a single read.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// What is to be done; each includes the ones before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// Nothing but to serve.
    #[default]
    Serve,
    /// Answer the open request and close.
    Drain,
    /// Close.
    Cut,
}

/// The order that all connections of a server have.
#[derive(Debug, Default)]
pub(super) struct Standing(AtomicU8);

impl Standing {
    /// Changes the order; those who wait for that are woken by whoever changes it.
    pub(super) fn set(&self, order: Order) {
        self.0.store(order as u8, Ordering::Release);
    }

    pub(super) fn get(&self) -> Order {
        match self.0.load(Ordering::Acquire) {
            0 => Order::Serve,
            1 => Order::Drain,
            _ => Order::Cut,
        }
    }
}

/// Wakes one connection when there is another order.
#[derive(Debug, Default)]
pub(super) struct Bell(Mutex<Option<Waker>>);

impl Bell {
    pub(super) fn ring(&self) {
        // Not under the lock: whoever is woken may ask at once.
        let waker = self.waker().clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Makes the next ring wake this task. Only the last who has asked is woken, and whoever asks looks afterwards: an order
    /// given before that wakes nobody.
    pub(super) fn wakes(&self, waker: &Waker) {
        let mut known = self.waker();
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *known = Some(waker.clone());
        }
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::server::tests::woken::Woken;

    #[test]
    fn who_has_asked_once_is_woken_by_each_order_until_somebody_else_asks() {
        let (first, second) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let woken = || [&first, &second].map(|woken| woken.count());
        let bell = Bell::default();
        bell.ring();
        bell.wakes(&first.clone().into());
        assert_eq!(woken(), [0, 0]);
        bell.ring();
        bell.ring();
        assert_eq!(woken(), [2, 0]);
        bell.wakes(&second.clone().into());
        bell.ring();
        assert_eq!(woken(), [2, 1]);
    }

    #[test]
    fn each_order_includes_the_ones_before_it() {
        let standing = Standing::default();
        for order in [Order::Serve, Order::Drain, Order::Cut] {
            assert!(standing.get() <= order);
            standing.set(order);
            assert_eq!(standing.get(), order);
        }
    }
}
