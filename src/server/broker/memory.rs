//! The broker of a single process: a counter under a lock.
//!
//! History is the hub's rings themselves, so it is lost with the process; the epoch, new for each
//! broker, tells readers so.

use std::future::ready;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::time::Instant;

use super::super::random::random_u64;
use super::recent_keys::RecentKeys;
use super::{Broker, BrokerError, BrokerFuture, Publication, Published};
use crate::server::hub::Feed;
use crate::wire::{Epoch, Position};

/// Orders events in memory; answers at once.
#[derive(Debug)]
pub struct MemoryBroker {
    /// Held from the increment to the hand-over: two publishers cannot hand over out of order.
    history: Mutex<History>,
    feed: OnceLock<Feed>,
}

#[derive(Debug)]
struct History {
    head: Position,
    keys: RecentKeys,
}

impl Default for MemoryBroker {
    fn default() -> Self {
        let history = History {
            head: first_position(),
            keys: RecentKeys::default(),
        };
        Self {
            history: Mutex::new(history),
            feed: OnceLock::new(),
        }
    }
}

fn first_position() -> Position {
    Position {
        epoch: Epoch(random_u64()),
        offset: 0,
    }
}

impl MemoryBroker {
    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, mut publication: Publication) -> Result<Published, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        let key = publication.key.take();
        let mut history = self.history();
        let mut position = history.head;
        position.offset = position.offset.saturating_add(1);
        if let Some(key) = key {
            let (now, config) = (Instant::now(), feed.config());
            let window = config.idempotency_window;
            if let Some(position) = history.keys.find(&publication.topic, &key, now, window) {
                return Ok(Published {
                    position,
                    is_new: false,
                });
            }
            let (topic, limit) = (publication.topic.clone(), config.max_idempotency_keys);
            history.keys.remember(topic, key, position, now, limit);
        }
        history.head = position;
        feed.deliver(position, publication);
        Ok(Published {
            position,
            is_new: true,
        })
    }

    fn begin_anew(&self) -> Result<Position, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        let mut history = self.history();
        history.head = first_position();
        history.keys.clear();
        feed.begin(history.head);
        Ok(history.head)
    }
}

impl Broker for MemoryBroker {
    fn attach(&self, feed: Feed) {
        let history = self.history();
        feed.begin(history.head);
        // A second hub is not served: two hubs with one counter would each have holes.
        if self.feed.set(feed).is_err() {
            tracing::error!("memory broker: expected one hub, found a second; it will get no events");
        }
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
        Box::pin(ready(self.append(publication)))
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        Box::pin(ready(self.begin_anew()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{EventName, Topic};

    #[tokio::test]
    async fn without_a_hub_publishing_is_an_error() {
        let publication = Publication::new(Topic::new("t").unwrap(), EventName::default(), "x");
        let broker = MemoryBroker::default();
        assert_eq!(broker.publish(publication).await, Err(BrokerError::NotAttached));
        assert_eq!(broker.reset().await, Err(BrokerError::NotAttached));
    }
}
