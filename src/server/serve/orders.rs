//! What a connection is told by its server.
//!
//! A connection looks here whenever it is woken, which costs it two atomic reads; a channel would cost each of many
//! thousand connections a lock for every event that it writes.

use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Waker;

use futures_util::task::AtomicWaker;

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
    waker: AtomicWaker,
}

impl Orders {
    pub(super) fn give(&self, order: Order) {
        self.order.store(order as u8, Ordering::Release);
        self.waker.wake();
    }

    /// The order; whoever asks is woken when there is another one. Only the last who has asked is.
    pub(super) fn poll(&self, waker: &Waker) -> Order {
        // Before looking, or an order given in between would not wake anybody.
        self.waker.register(waker);
        match self.order.load(Ordering::Acquire) {
            0 => Order::Serve,
            1 => Order::Drain,
            _ => Order::Cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
}
