//! Who gives an event its place: the one source of order and history behind a hub.
//!
//! Assigning the position and appending to history are one atomic step, and the hub is handed the
//! events in the order of their offsets. Everything that a reader is promised rests on that.
//!
//! Invariant: this folder knows no reader, no HTTP and no HTML; a broker sees topics, names and
//! text. Feature conditions for further brokers stand in this file and nowhere else in the server.

#[cfg(any(feature = "redis", feature = "nats"))]
mod announcing;
#[cfg(test)]
#[cfg(all(feature = "redis", feature = "nats"))]
mod chaos_tests;
#[cfg(test)]
mod contract;
#[cfg(any(feature = "redis", feature = "nats"))]
mod engine;
#[cfg(test)]
#[cfg(any(feature = "redis", feature = "nats"))]
mod engine_tests;
mod error;
#[cfg(any(feature = "redis", feature = "nats"))]
mod following;
mod memory;
#[cfg(any(feature = "redis", feature = "nats"))]
mod message;
#[cfg(feature = "nats")]
mod nats;
#[cfg(test)]
#[cfg(feature = "nats")]
mod nats_tests;
#[cfg(any(feature = "redis", feature = "nats"))]
mod progress;
mod publication;
mod recent_keys;
#[cfg(feature = "redis")]
mod redis;
#[cfg(test)]
#[cfg(feature = "redis")]
mod redis_tests;
#[cfg(any(feature = "redis", feature = "nats"))]
mod shared;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

#[cfg(feature = "nats")]
pub use self::nats::{NatsBroker, NatsConfig};
#[cfg(feature = "redis")]
pub use self::redis::{RedisBroker, RedisConfig};
pub use error::BrokerError;
pub use memory::MemoryBroker;
pub use publication::{Publication, Published};

use super::hub::{Feed, Revocation};
use crate::wire::Position;

/// What a broker's methods return: boxed, so that brokers can be chosen at run time.
pub type BrokerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BrokerError>> + Send + 'a>>;

/// What became of a publication for which there was nothing to wait.
pub type PublishedAtOnce = Result<Published, BrokerError>;

/// Orders the events of a hub.
pub trait Broker: fmt::Debug + Send + Sync + 'static {
    /// Connects the broker with the hub; called once, before anything is published.
    ///
    /// The broker says [`Feed::begin`] with the head of its history and from then on hands over
    /// every event by [`Feed::deliver`], in offset order, its own hub's publications included.
    fn attach(&self, feed: Feed);

    /// Gives the event its position and appends it to history, as one step.
    ///
    /// Looking for the publication's key is part of that step: where an event with the same key was
    /// published to the same topic within the hub's window ([`Feed::config`]), nothing is appended and the
    /// answer is that event's position, for attempts that race as for those that follow each other.
    ///
    /// When the future is ready, the event has been handed to the feed or will be without
    /// anybody's doing.
    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published>;

    /// The same where there is nothing to wait for, which so costs no future. A broker that has to wait gives the publication
    /// back, as it was; it is then asked to [`publish`](Broker::publish) it.
    ///
    /// ```
    /// use std::future::ready;
    /// use std::sync::OnceLock;
    ///
    /// use leptos_live::server::{
    ///     Broker, BrokerError, BrokerFuture, Feed, Publication, Published, PublishedAtOnce,
    /// };
    /// use leptos_live::{Epoch, Position};
    ///
    /// /// Keeps no keys, and no history but the hub's.
    /// #[derive(Debug, Default)]
    /// struct Plain(OnceLock<Feed>);
    ///
    /// impl Plain {
    ///     fn append(&self, publication: Publication) -> PublishedAtOnce {
    ///         let feed = self.0.get().ok_or(BrokerError::NotAttached)?;
    ///         let position = feed.append(publication);
    ///         Ok(Published { position, is_new: true })
    ///     }
    /// }
    ///
    /// impl Broker for Plain {
    ///     fn attach(&self, feed: Feed) {
    ///         feed.begin(Position { epoch: Epoch(1), offset: 0 });
    ///         let _ = self.0.set(feed);
    ///     }
    ///
    ///     fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
    ///         Box::pin(ready(self.append(publication)))
    ///     }
    ///
    ///     fn publish_at_once(&self, publication: Publication) -> Result<PublishedAtOnce, Publication> {
    ///         Ok(self.append(publication))
    ///     }
    ///
    ///     fn reset(&self) -> BrokerFuture<'_, Position> {
    ///         let feed = self.0.get().ok_or(BrokerError::NotAttached);
    ///         let head = Position { epoch: Epoch(2), offset: 0 };
    ///         Box::pin(ready(feed.map(|feed| { feed.begin(head); head })))
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// The publication. What becomes of one that is taken is inside the `Ok`, failures included.
    fn publish_at_once(&self, publication: Publication) -> Result<PublishedAtOnce, Publication> {
        Err(publication)
    }

    /// Whether events would be taken at the moment, as far as is known without trying; what
    /// [`Hub::is_ready`](super::Hub::is_ready) says to whoever distributes requests.
    fn is_available(&self) -> bool {
        true
    }

    /// Tells other nodes of a revocation, which the own hub's readers have been told of. It does not wait: what cannot be told
    /// now is told as soon as it can be. A broker of one process has nobody to tell.
    fn revoke(&self, revocation: &Revocation) {
        let _ = revocation;
    }

    /// Waits, within a bound, until the feed has been handed everything that was published before this was called, on whichever
    /// node. Asked where a reader brings a position that the hub does not know. A broker of one process is never behind.
    fn catch_up(&self) -> BrokerFuture<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Loses history: begins a new epoch, as a restart of the broker would.
    fn reset(&self) -> BrokerFuture<'_, Position>;
}
