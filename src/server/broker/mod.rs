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
pub use publication::{AtOnce, Publication, Published};

use super::hub::{Feed, Revocation};
use crate::wire::Position;

/// What a broker's methods return: boxed, so that brokers can be chosen at run time.
pub type BrokerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BrokerError>> + Send + 'a>>;

/// Orders the events of a hub.
pub trait Broker: fmt::Debug + Send + Sync + 'static {
    /// Connects the broker with the hub; called once, before anything is published.
    ///
    /// The broker says [`Feed::begin`] with the head of its history and from then on hands over
    /// every event by [`Feed::deliver`], in offset order, its own hub's publications included, or
    /// by [`Feed::append`] where the hub's history is the only one.
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

    /// Does the same as [`publish`](Broker::publish) where there is nothing to wait for, which so costs no future. It must not
    /// block the thread. A broker that would have to wait gives the publication back, with its key and without any effect, and is
    /// then asked to `publish` it. That is what happens unless a broker has a method of its own.
    ///
    /// The hub asks here first, so both methods must do the same. A broker that wraps another and adds something in `publish`
    /// alone must not delegate this method, or the hub would go past what it adds; it leaves it at what stands here.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    ///
    /// use leptos_live::server::{
    ///     AtOnce, Broker, BrokerFuture, Feed, Hub, HubConfig, MemoryBroker, Publication, Published,
    /// };
    /// use leptos_live::{EventName, Position, Topic};
    ///
    /// /// Counts what it is asked to publish, whichever way that goes.
    /// #[derive(Debug, Default)]
    /// struct Counting {
    ///     inner: MemoryBroker,
    ///     asked: Arc<AtomicU64>,
    /// }
    ///
    /// impl Broker for Counting {
    ///     fn attach(&self, feed: Feed) {
    ///         self.inner.attach(feed);
    ///     }
    ///
    ///     fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
    ///         self.asked.fetch_add(1, Relaxed);
    ///         self.inner.publish(publication)
    ///     }
    ///
    ///     fn publish_at_once(&self, publication: Publication) -> AtOnce {
    ///         let at_once = self.inner.publish_at_once(publication);
    ///         // What is given back comes again, and is counted then.
    ///         if matches!(at_once, AtOnce::Done(_)) {
    ///             self.asked.fetch_add(1, Relaxed);
    ///         }
    ///         at_once
    ///     }
    ///
    ///     fn reset(&self) -> BrokerFuture<'_, Position> {
    ///         self.inner.reset()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let asked = Arc::default();
    /// let hub = Hub::with_broker(HubConfig::default(), Counting { asked: Arc::clone(&asked), ..Counting::default() });
    /// hub.publish(&Topic::new("news")?, &EventName::default(), "first").await?;
    /// assert_eq!(asked.load(Relaxed), 1);
    /// # Ok(()) }
    /// ```
    fn publish_at_once(&self, publication: Publication) -> AtOnce {
        AtOnce::MustWait(publication)
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
