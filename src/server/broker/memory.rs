//! The broker of a single process: a counter under a lock.
//!
//! History is the hub's rings themselves, so it is lost with the process; the epoch, new for each
//! broker, tells readers so.

use std::future::ready;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::super::random::random_u64;
use super::{Broker, BrokerError, BrokerFuture, Publication};
use crate::server::hub::Feed;
use crate::wire::{Epoch, Position};

/// Orders events in memory; answers at once.
#[derive(Debug)]
pub struct MemoryBroker {
    /// Held from the increment to the hand-over: two publishers cannot hand over out of order.
    head: Mutex<Position>,
    feed: OnceLock<Feed>,
}

impl Default for MemoryBroker {
    fn default() -> Self {
        Self {
            head: Mutex::new(new_history()),
            feed: OnceLock::new(),
        }
    }
}

fn new_history() -> Position {
    Position {
        epoch: Epoch(random_u64()),
        offset: 0,
    }
}

impl MemoryBroker {
    fn append(&self, publication: Publication) -> Result<Position, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        head.offset = head.offset.saturating_add(1);
        feed.deliver(*head, publication);
        Ok(*head)
    }

    fn begin_anew(&self) -> Result<Position, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        *head = new_history();
        feed.begin(*head);
        Ok(*head)
    }
}

impl Broker for MemoryBroker {
    fn attach(&self, feed: Feed) {
        let head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        feed.begin(*head);
        // A second hub is not served: two hubs with one counter would each have holes.
        if self.feed.set(feed).is_err() {
            tracing::error!("memory broker: expected one hub, found a second; it will get no events");
        }
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Position> {
        Box::pin(ready(self.append(publication)))
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        Box::pin(ready(self.begin_anew()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Payload;
    use crate::wire::{EventName, Topic};

    #[tokio::test]
    async fn without_a_hub_publishing_is_an_error() {
        let publication = Publication {
            topic: Topic::new("t").unwrap(),
            event: EventName::default(),
            payload: Payload::from("x"),
        };
        let broker = MemoryBroker::default();
        assert_eq!(broker.publish(publication).await, Err(BrokerError::NotAttached));
        assert_eq!(broker.reset().await, Err(BrokerError::NotAttached));
    }
}
