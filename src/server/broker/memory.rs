//! The broker of a single process: the hub's own order is the order.
//!
//! History is the hub's rings themselves, so it is lost with the process; the epoch, new for each
//! broker, tells readers so. An event gets the next offset in the step that puts it there ([`Feed::append`]). So there is no
//! counter here that would have to agree with the hub's, and publishers meet at one lock instead of two; those of an event
//! with a key meet at that of the keys before, as looking for a key and taking it are one step.

use std::future::ready;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::time::Instant;

use super::super::random::random_u64;
use super::recent_keys::RecentKeys;
use super::{AtOnce, Broker, BrokerError, BrokerFuture, Publication, Published};
use crate::server::hub::Feed;
use crate::wire::{Epoch, Position};

/// Orders events in memory; answers at once.
///
/// ```
/// use leptos_live::server::{Hub, HubConfig, MemoryBroker};
///
/// // What `Hub::new` does.
/// let hub = Hub::with_broker(HubConfig::default(), MemoryBroker::default());
/// # let _ = hub;
/// ```
#[derive(Debug, Default)]
pub struct MemoryBroker {
    /// Held from the search for a key until its event has a place: two attempts cannot both find nothing.
    keys: Mutex<RecentKeys>,
    feed: OnceLock<Feed>,
}

fn first_position() -> Position {
    Position {
        epoch: Epoch(random_u64()),
        offset: 0,
    }
}

impl MemoryBroker {
    fn keys(&self) -> MutexGuard<'_, RecentKeys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, mut publication: Publication) -> Result<Published, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        let Some(key) = publication.key.take() else {
            return Ok(Published {
                position: feed.append(publication),
                is_new: true,
            });
        };
        let (topic, config) = (publication.topic.clone(), feed.config());
        let mut keys = self.keys();
        let now = Instant::now();
        if let Some(position) = keys.find(&topic, &key, now, config.idempotency_window) {
            return Ok(Published {
                position,
                is_new: false,
            });
        }
        let position = feed.append(publication);
        keys.remember(topic, key, position, now, config.max_idempotency_keys);
        Ok(Published {
            position,
            is_new: true,
        })
    }

    fn begin_anew(&self) -> Result<Position, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        // No key of the old history finds its way into the new one.
        let mut keys = self.keys();
        keys.clear();
        let head = first_position();
        feed.begin(head);
        Ok(head)
    }
}

impl Broker for MemoryBroker {
    fn attach(&self, feed: Feed) {
        feed.begin(first_position());
        // A second hub is not served: each would have what the other's publishers say and not what its own do.
        if self.feed.set(feed).is_err() {
            tracing::error!("memory broker: expected one hub, found a second; it will get no events");
        }
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
        Box::pin(ready(self.append(publication)))
    }

    fn publish_at_once(&self, publication: Publication) -> AtOnce {
        AtOnce::Done(self.append(publication))
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        Box::pin(ready(self.begin_anew()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use futures_util::FutureExt;

    use super::super::contract::log;
    use super::*;
    use crate::server::Hub;
    use crate::wire::{EventName, Topic};

    #[tokio::test]
    async fn without_a_hub_publishing_is_an_error() {
        let publication = Publication::new(Topic::new("t").unwrap(), EventName::default(), "x");
        let broker = MemoryBroker::default();
        let at_once = broker.publish_at_once(publication.clone());
        assert!(matches!(at_once, AtOnce::Done(Err(BrokerError::NotAttached))));
        assert_eq!(broker.publish(publication).await, Err(BrokerError::NotAttached));
        assert_eq!(broker.reset().await, Err(BrokerError::NotAttached));
    }

    /// Whatever happens at the same time, each history has each offset once, and keeps what it has.
    #[test]
    fn r08_each_offset_is_given_once_while_histories_begin() {
        const PUBLISHERS: usize = 8;
        const HISTORIES: usize = 50;
        const KEPT: usize = 1_000;
        let hub = Hub::default();
        let (topic, event) = (Topic::new("t").unwrap(), EventName::default());
        hub.declare(topic.clone(), log(KEPT));
        let (published, begun) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let publish = || {
            let mut given = Vec::new();
            while begun.load(Ordering::Acquire) < HISTORIES {
                let publishing = hub.publish(&topic, &event, "x");
                given.push(publishing.now_or_never().expect("nothing to wait for").unwrap());
                published.fetch_add(1, Ordering::AcqRel);
            }
            given
        };
        let given: Vec<Vec<Position>> = thread::scope(|scope| {
            let publishers: Vec<_> = (0..PUBLISHERS).map(|_| scope.spawn(publish)).collect();
            for _ in 0..HISTORIES {
                // More than what may have been on its way: some of it is in this history.
                let enough = published.load(Ordering::Acquire) + 2 * PUBLISHERS;
                while published.load(Ordering::Acquire) < enough {
                    thread::yield_now();
                }
                hub.reset().now_or_never().expect("nothing to wait for").unwrap();
                begun.fetch_add(1, Ordering::AcqRel);
            }
            let ended = publishers.into_iter().map(|publisher| publisher.join());
            ended.map(Result::unwrap).collect()
        });
        let mut histories = HashMap::<_, Vec<u64>>::new();
        for at in given.iter().flatten() {
            histories.entry(at.epoch).or_default().push(at.offset);
        }
        assert!(histories.len() >= HISTORIES, "{} histories", histories.len());
        let kept = hub.retained(&topic).events.len();
        let last = histories.get(&hub.head().epoch).map_or(0, Vec::len);
        assert_eq!(kept, last.min(KEPT));
        for (epoch, mut offsets) in histories {
            offsets.sort_unstable();
            assert!(offsets.iter().copied().eq(1..=offsets.len() as u64), "{epoch:?}");
        }
    }
}
