//! The places that a server has for connections.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::orders::{Order, Orders};
use crate::server::hub::Counters;

/// All places, and orders for those who have one.
#[derive(Debug)]
pub(super) struct Seats {
    limit: usize,
    counters: Arc<Counters>,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    taken: HashMap<u64, Arc<Orders>>,
    order: Order,
}

/// One connection's place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Seat {
    id: u64,
    orders: Arc<Orders>,
    seats: Arc<Seats>,
}

impl Seats {
    pub(super) fn new(limit: usize, counters: Arc<Counters>) -> Arc<Self> {
        Arc::new(Self {
            limit,
            counters,
            state: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// A place, if there is one left.
    pub(super) fn take(self: &Arc<Self>) -> Option<Seat> {
        let mut state = self.state();
        if state.taken.len() >= self.limit {
            drop(state);
            self.counters.refuse("server_full");
            return None;
        }
        let id = state.next;
        state.next = state.next.wrapping_add(1);
        let orders = Arc::new(Orders::default());
        orders.give(state.order);
        state.taken.insert(id, orders.clone());
        drop(state);
        Some(Seat {
            id,
            orders,
            seats: self.clone(),
        })
    }

    pub(super) fn taken(&self) -> usize {
        self.state().taken.len()
    }

    /// Gives an order to everybody, and to whoever comes later.
    pub(super) fn order(&self, order: Order) {
        let mut state = self.state();
        state.order = order;
        let everybody: Vec<_> = state.taken.values().cloned().collect();
        // Whoever is woken may give back the place at once.
        drop(state);
        for orders in everybody {
            orders.give(order);
        }
    }

    /// Waits until nobody is connected.
    pub(super) async fn all_free(&self) {
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            // Listens from here on, so a place given back before the wait is noticed.
            freed.as_mut().enable();
            if self.taken() == 0 {
                return;
            }
            freed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    pub(super) fn orders(&self) -> &Arc<Orders> {
        &self.orders
    }

    /// Counts why this connection is closed.
    pub(super) fn count(&self, reason: &'static str) {
        self.seats.counters.refuse(reason);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.seats.state();
        state.taken.remove(&self.id);
        let is_last = state.taken.is_empty();
        drop(state);
        if is_last {
            self.seats.freed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn s22_places_are_limited_and_come_back() {
        let seats = Seats::new(2, Arc::default());
        let (one, two) = (seats.take().unwrap(), seats.take().unwrap());
        assert!(seats.take().is_none());
        drop(one);
        let three = seats.take().unwrap();
        assert_eq!(seats.taken(), 2);
        let wait = Duration::from_secs(1);
        assert!(timeout(wait, seats.all_free()).await.is_err());
        let ending = tokio::spawn(async move {
            tokio::time::sleep(wait / 2).await;
            drop((two, three));
        });
        timeout(wait, seats.all_free()).await.unwrap();
        ending.await.unwrap();
        timeout(wait, seats.all_free()).await.unwrap();
    }

    #[tokio::test]
    async fn who_comes_after_an_order_has_it() {
        let seats = Seats::new(2, Arc::default());
        let before = seats.take().unwrap();
        seats.order(Order::Drain);
        let after = seats.take().unwrap();
        for seat in [&before, &after] {
            assert_eq!(seat.orders().poll(Waker::noop()), Order::Drain);
        }
    }
}
