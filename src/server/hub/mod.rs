//! The hub: where events are published, kept for a while, and read by any number of readers.
//!
//! Invariant: this folder knows no HTTP and no socket. A reader is a cursor into the rings of its
//! topics; a publisher never waits for a reader, and no reader notices another.

mod closing;
mod config;
mod connection;
mod counters;
mod delivery;
mod error;
mod event;
mod feed;
mod merge;
mod meters;
mod opening;
mod page;
mod payload;
mod publish_options;
mod reader;
mod reading;
mod replay_cap;
mod resume;
mod retained;
mod retention;
mod revocation;
mod ring;
mod rings;
mod socket_frames;
mod stats;
mod subscription;
mod tally;
mod topic_changes;
mod transport;
mod untaken;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

pub use config::{HubConfig, SocketConfig};
pub use connection::Connection;
pub(crate) use counters::{Counters, OpenGuard};
pub use delivery::Delivery;
pub(crate) use delivery::Item;
pub use error::{PublishError, SubscribeError};
pub use feed::Feed;
pub use payload::Payload;
pub(crate) use publish_options::MAX_EXCEPT;
pub use publish_options::PublishOptions;
pub use resume::Resume;
pub use retained::Retained;
pub use retention::Retention;
pub use revocation::Revocation;
pub use rings::PastEvent;
use rings::Rings;
pub use socket_frames::SocketFrames;
pub use stats::{HubStats, TopicStats};
pub use subscription::{SubscribeOptions, Subscription};
pub(crate) use transport::Transport;

use super::Rejection;
use super::access::ClientCounts;
use super::broker::{AtOnce, Broker, BrokerError, MemoryBroker, Publication};
use crate::wire::{ConnectionId, EventName, Position, Topic};

/// Publishes events to whoever is connected. Clones are cheap and share one hub.
///
/// ```
/// use leptos_live::server::{Delivery, Hub, Resume};
/// use leptos_live::{EventName, Topic};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::default();
/// let news = Topic::new("news")?;
/// let seen = hub.publish(&news, &EventName::default(), "first").await?;
/// hub.publish(&news, &EventName::default(), "second").await?;
///
/// // A reader that has seen the first event gets the second: heartbeat, then event.
/// let mut reader = hub.subscribe([news], Resume::At(seen))?;
/// assert!(matches!(reader.next().await, Some(Delivery::Control(_))));
/// let Some(Delivery::Event { bytes, position }) = reader.next().await else { panic!() };
/// assert!(bytes.ends_with(b"data: second\n\n"));
/// assert_eq!(position, hub.head());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    config: Arc<HubConfig>,
    broker: Box<dyn Broker>,
    rings: Arc<Rings>,
    counters: Arc<Counters>,
    clients: Arc<ClientCounts>,
}

impl Hub {
    /// A hub in memory: it serves this process, and forgets when the process ends.
    pub fn new(config: HubConfig) -> Self {
        Self::with_broker(config, MemoryBroker::default())
    }

    /// A hub whose events are ordered by this broker.
    pub fn with_broker(config: HubConfig, broker: impl Broker) -> Self {
        let config = Arc::new(config);
        let rings = Arc::new(Rings::new(config.clone()));
        broker.attach(Feed::new(rings.clone()));
        Self {
            inner: Arc::new(Inner {
                config,
                broker: Box::new(broker),
                rings,
                counters: Arc::default(),
                clients: Arc::default(),
            }),
        }
    }

    /// The settings.
    pub fn config(&self) -> &HubConfig {
        &self.inner.config
    }

    /// Says what a topic keeps, until [`Hub::undeclare`]. Topics that are not declared have
    /// [`HubConfig::retention`].
    pub fn declare(&self, topic: Topic, retention: Retention) {
        self.inner.rings.declare(&topic, retention);
    }

    /// Takes a declaration back: the topic has [`HubConfig::retention`] again, and is forgotten when it is idle. Declared
    /// topics are kept until then, so whoever declares one for each user or room says here that it is over.
    pub fn undeclare(&self, topic: &Topic) {
        self.inner.rings.undeclare(topic);
    }

    /// Publishes an event to everybody who reads the topic, and returns the position right after it. It is for code that the
    /// app trusts; what a client wants to say goes through [`Hub::publish_as`].
    ///
    /// Never waits for a reader.
    ///
    /// # Errors
    /// [`PublishError`] when the payload is too large, and then nobody gets it, or when the broker fails. A broker of several
    /// processes may have taken an event all the same whose answer got lost: who tries again names a
    /// [key](PublishOptions::key), or readers may get it twice.
    pub async fn publish(
        &self,
        topic: &Topic,
        event: &EventName,
        data: impl Into<Payload>,
    ) -> Result<Position, PublishError> {
        self.publish_with(topic, event, data, PublishOptions::new()).await
    }

    /// Publishes an event once, however often it is tried, or to all but some connections, as the options
    /// say. Returns the position right after it, or after the one that was published before under its key.
    ///
    /// # Errors
    /// As [`Hub::publish`]. An attempt that was not taken leaves its key free, and with a key trying again is safe in any case.
    pub async fn publish_with(
        &self,
        topic: &Topic,
        event: &EventName,
        data: impl Into<Payload>,
        options: PublishOptions,
    ) -> Result<Position, PublishError> {
        let payload = data.into();
        let limit = self.inner.config.max_payload_bytes;
        if payload.len() > limit {
            self.counters().refuse("payload_too_large");
            return Err(PublishError::PayloadTooLarge {
                limit,
                found: payload.len(),
            });
        }
        let mut publication = Publication::new(topic.clone(), event.clone(), payload);
        publication.key = options.key;
        publication.except = options.except;
        let published = match self.inner.broker.publish_at_once(publication) {
            AtOnce::Done(published) => published,
            AtOnce::MustWait(publication) => self.inner.broker.publish(publication).await,
        }?;
        self.counters().publish(published.is_new);
        Ok(published.position)
    }

    /// The position of the newest event.
    pub fn head(&self) -> Position {
        self.inner.rings.read().head()
    }

    /// What a topic keeps at the moment, with the position to go on from: what is rendered from it
    /// and resumed at that position has neither gap nor double.
    pub fn retained(&self, topic: &Topic) -> Retained {
        Retained::read(&self.inner.rings, topic)
    }

    /// Begins to read some topics.
    ///
    /// # Errors
    /// [`SubscribeError`] when the hub is shutting down or the topics are too many.
    pub fn subscribe(
        &self,
        topics: impl IntoIterator<Item = Topic>,
        resume: Resume,
    ) -> Result<Subscription, SubscribeError> {
        self.subscribe_with(topics, resume, SubscribeOptions::default())
    }

    /// Begins to read some topics, with choices.
    ///
    /// # Errors
    /// As [`Hub::subscribe`].
    pub fn subscribe_with(
        &self,
        topics: impl IntoIterator<Item = Topic>,
        resume: Resume,
        options: SubscribeOptions,
    ) -> Result<Subscription, SubscribeError> {
        self.subscribe_over(Transport::Local, topics, resume, options)
    }

    pub(crate) fn subscribe_over(
        &self,
        transport: Transport,
        topics: impl IntoIterator<Item = Topic>,
        resume: Resume,
        options: SubscribeOptions,
    ) -> Result<Subscription, SubscribeError> {
        let limit = self.inner.config.max_topics;
        let mut distinct = BTreeSet::new();
        for topic in topics {
            distinct.insert(topic);
            // A hostile list is not read to its end.
            if distinct.len() > limit {
                return Err(SubscribeError::TooManyTopics { limit });
            }
        }
        Subscription::new(
            self.inner.rings.clone(),
            self.inner.counters.clone(),
            distinct.into_iter().collect(),
            resume,
            options,
            transport,
        )
    }

    /// The open connection with this id, which its page knows (see
    /// [`SseResponse::announced`](crate::server::SseResponse::announced)).
    ///
    /// Whoever knows the id is the page, or somebody whom the page has told it.
    pub fn connection(&self, id: ConnectionId) -> Option<Connection> {
        let reader = self.inner.rings.reader(id)?;
        Some(Connection::new(self.inner.rings.clone(), reader))
    }

    /// The open connections that carry this tag.
    pub fn connections(&self, tag: &str) -> Vec<Connection> {
        let readers = self.inner.rings.readers(|reader| reader.has_tag(tag));
        let handle = |reader| Connection::new(self.inner.rings.clone(), reader);
        readers.into_iter().map(handle).collect()
    }

    /// Whether readers and publishers should be sent here: not when the hub is shutting down, nor when its
    /// broker takes no events. A process that is not ready is still alive and serves those whom it has.
    pub fn is_ready(&self) -> bool {
        !self.inner.rings.is_closing() && self.inner.broker.is_available()
    }

    /// The hub in numbers.
    pub fn stats(&self) -> HubStats {
        HubStats::collect(self.counters(), &self.inner.rings)
    }

    /// Ends every stream, idle ones within a second, and refuses new ones: for the moment when the process is asked to
    /// stop. Doing it again changes nothing.
    ///
    /// Each stream first asks its reader to come back after a delay of its own, at least `least_ms`. The delays lie evenly
    /// over a window of that length or of two milliseconds for each reader, whichever is longer, so that the next
    /// process is met by 500 readers a second and not by all of them together.
    ///
    /// Many readers are ended in batches, which takes up to half a second on the runtime that this is called on.
    pub fn shutdown(&self, least_ms: u32) {
        if let Some(readers) = self.inner.rings.close() {
            closing::end_all(readers, least_ms);
        }
    }

    /// Ends every open stream; readers may come back at once.
    pub fn disconnect_all(&self) {
        self.inner.rings.end(|_| true);
    }

    /// Ends the open streams that carry this tag.
    pub fn disconnect(&self, tag: &str) {
        self.inner.rings.end(|reader| reader.has_tag(tag));
    }

    /// Takes rights back while readers are connected, within a second: after a sign-out, a ban, a change of roles.
    ///
    /// Streams and sockets that are meant get nothing more until the [`Policy`](crate::server::Policy) has been asked
    /// again about all of their topics. Those that it refuses end: sockets with 4401 or 4403, streams so that the next
    /// request meets the refusal. Readers that have no policy to ask end and may come back, through the app's handler.
    ///
    /// It holds for the readers of every process that shares the broker. Those of this one are meant at once; the others within
    /// a second, or as soon as the broker can be reached.
    pub fn revoke(&self, revocation: &Revocation) {
        self.inner.rings.revoke(revocation);
        self.inner.broker.revoke(revocation);
    }

    /// Loses history, as a restart does: a new epoch begins and the open streams end. Returns the
    /// head of the new history.
    ///
    /// # Errors
    /// [`PublishError::Broker`] when the broker fails.
    pub async fn reset(&self) -> Result<Position, PublishError> {
        // Before the new history begins: a stream that had told of the loss and then ended would tell of it twice.
        self.disconnect_all();
        Ok(self.inner.broker.reset().await?)
    }

    /// Waits until this process knows everything that was published before, where the reader's cursor may be ahead of it: it
    /// was given out by another process that shares the broker.
    pub(crate) async fn catch_up_with(&self, resume: Resume) -> Result<(), BrokerError> {
        let (Resume::At(at) | Resume::AtWithLatest(at)) = resume else {
            return Ok(());
        };
        if at.is_covered_by(self.head()) {
            return Ok(());
        }
        self.inner.broker.catch_up().await
    }

    pub(crate) fn counters(&self) -> &Arc<Counters> {
        &self.inner.counters
    }

    /// Counts a refusal, and says in the log what was refused.
    pub(crate) fn count(&self, refused: &Rejection) {
        self.counters().refuse(refused.reason());
        refused.log();
    }

    pub(crate) fn client_counts(&self) -> &Arc<ClientCounts> {
        &self.inner.clients
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new(HubConfig::default())
    }
}

impl From<&Hub> for Hub {
    fn from(hub: &Hub) -> Self {
        hub.clone()
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("head", &self.head())
            .field("broker", &self.inner.broker)
            .finish_non_exhaustive()
    }
}
