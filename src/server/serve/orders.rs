//! What a connection is told by its server.
//!
//! A connection looks here whenever it is woken, for every event that it writes. Who is to be woken is remembered until
//! somebody else asks, also when an order was given. So whoever has asked once need only look, which is a single read.

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

/// The order for one connection, and who is to be woken by it.
#[derive(Debug, Default)]
pub(super) struct Orders {
    order: AtomicU8,
    waker: Mutex<Option<Waker>>,
}

impl Orders {
    pub(super) fn give(&self, order: Order) {
        self.order.store(order as u8, Ordering::Release);
        // Not under the lock: whoever is woken may ask at once.
        let waker = self.waker().clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The order, for whoever has asked before.
    pub(super) fn current(&self) -> Order {
        match self.order.load(Ordering::Acquire) {
            0 => Order::Serve,
            1 => Order::Drain,
            _ => Order::Cut,
        }
    }

    /// The order; whoever asks is woken when there is another one. Only the last who has asked is.
    pub(super) fn poll(&self, waker: &Waker) -> Order {
        // Before looking, or an order given in between would not wake anybody.
        let mut known = self.waker();
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *known = Some(waker.clone());
        }
        drop(known);
        self.current()
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use super::*;

    #[tokio::test]
    async fn an_order_wakes_who_has_asked() {
        let orders = Arc::new(Orders::default());
        assert_eq!(orders.poll(Waker::noop()), Order::Serve);
        let waiting = tokio::spawn({
            let orders = orders.clone();
            std::future::poll_fn(move |cx| match orders.poll(cx.waker()) {
                Order::Serve => std::task::Poll::Pending,
                order => std::task::Poll::Ready(order),
            })
        });
        tokio::task::yield_now().await;
        orders.give(Order::Drain);
        assert_eq!(waiting.await.unwrap(), Order::Drain);
        orders.give(Order::Cut);
        assert_eq!(orders.poll(Waker::noop()), Order::Cut);
        assert!(Order::Serve < Order::Drain && Order::Drain < Order::Cut);
    }

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn who_has_asked_once_is_woken_by_each_order_until_somebody_else_asks() {
        let (first, second) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let woken = || [&first, &second].map(|woken| woken.0.load(Ordering::Relaxed));
        let orders = Orders::default();
        assert_eq!(orders.poll(&first.clone().into()), Order::Serve);
        orders.give(Order::Drain);
        assert_eq!((orders.current(), woken()), (Order::Drain, [1, 0]));
        orders.give(Order::Drain);
        assert_eq!(woken(), [2, 0]);
        assert_eq!(orders.poll(&second.clone().into()), Order::Drain);
        orders.give(Order::Cut);
        assert_eq!((orders.current(), woken()), (Order::Cut, [2, 1]));
    }
}
