//! The places that a server has for connections.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use tokio::sync::Notify;

use super::orders::{Bell, Order, Standing};
use crate::server::hub::Counters;

/// All places, and orders for those who have one.
#[derive(Debug)]
pub(super) struct Seats {
    limit: usize,
    counters: Arc<Counters>,
    order: Standing,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    taken: HashMap<u64, Arc<Bell>>,
}

/// One connection's place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Seat {
    id: u64,
    bell: Arc<Bell>,
    seats: Arc<Seats>,
}

impl Seats {
    pub(super) fn new(limit: usize, counters: Arc<Counters>) -> Arc<Self> {
        Arc::new(Self {
            limit,
            counters,
            order: Standing::default(),
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
        let bell = Arc::new(Bell::default());
        state.taken.insert(id, bell.clone());
        drop(state);
        Some(Seat {
            id,
            bell,
            seats: self.clone(),
        })
    }

    pub(super) fn taken(&self) -> usize {
        self.state().taken.len()
    }

    /// Gives an order to everybody, and to whoever comes later.
    pub(super) fn order(&self, order: Order) {
        self.order.set(order);
        let everybody: Vec<_> = self.state().taken.values().cloned().collect();
        // Whoever is woken may give back the place at once.
        for bell in everybody {
            bell.ring();
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
    /// The order of the server.
    pub(super) fn order(&self) -> Order {
        self.seats.order.get()
    }

    /// The same for a task that is to be woken when there is another one. Only the last task that asks is.
    pub(super) fn poll_order(&self, waker: &Waker) -> Order {
        self.bell.wakes(waker);
        self.order()
    }

    /// Asks like the seat itself, for whoever does not hold it.
    pub(super) fn order_watch(&self) -> OrderWatch {
        OrderWatch {
            bell: self.bell.clone(),
            seats: self.seats.clone(),
        }
    }

    /// Counts why this connection is closed.
    pub(super) fn count(&self, reason: &'static str) {
        self.seats.counters.refuse(reason);
    }
}

/// Where the order for a place is read; it does not keep the place.
#[derive(Debug)]
pub(super) struct OrderWatch {
    bell: Arc<Bell>,
    seats: Arc<Seats>,
}

impl OrderWatch {
    /// As [`Seat::poll_order`].
    pub(super) fn poll(&self, waker: &Waker) -> Order {
        self.bell.wakes(waker);
        self.seats.order.get()
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
    async fn an_order_wakes_who_has_asked() {
        let seats = Seats::new(1, Arc::default());
        let seat = seats.take().unwrap();
        let watch = seat.order_watch();
        assert_eq!(watch.poll(Waker::noop()), Order::Serve);
        let waiting = tokio::spawn(std::future::poll_fn(move |cx| match watch.poll(cx.waker()) {
            Order::Serve => std::task::Poll::Pending,
            order => std::task::Poll::Ready(order),
        }));
        tokio::task::yield_now().await;
        seats.order(Order::Drain);
        assert_eq!(waiting.await.unwrap(), Order::Drain);
        seats.order(Order::Cut);
        assert_eq!(seat.poll_order(Waker::noop()), Order::Cut);
    }

    #[tokio::test]
    async fn who_comes_after_an_order_has_it() {
        let seats = Seats::new(2, Arc::default());
        let before = seats.take().unwrap();
        seats.order(Order::Drain);
        let after = seats.take().unwrap();
        for seat in [&before, &after] {
            assert_eq!(seat.order(), Order::Drain);
        }
    }
}
