//! Why the hub would not publish, or would not let a reader in.

use thiserror::Error;

use crate::server::access::Denied;
use crate::server::broker::BrokerError;

/// An event that was not published.
///
/// ```
/// use leptos_live::server::{Hub, HubConfig, PublishError};
/// use leptos_live::{EventName, Topic};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::new(HubConfig { max_payload_bytes: 3, ..HubConfig::default() });
/// let published = hub.publish(&Topic::new("news")?, &EventName::default(), "four").await;
/// assert_eq!(published, Err(PublishError::PayloadTooLarge { limit: 3, found: 4 }));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The payload is longer than the hub takes.
    #[error("publish: expected a payload of at most {limit} bytes, found {found}")]
    PayloadTooLarge {
        /// [`HubConfig::max_payload_bytes`](super::HubConfig::max_payload_bytes).
        limit: usize,
        /// The payload's length.
        found: usize,
    },
    /// The client may not publish to this topic; see [`Hub::publish_as`](super::Hub::publish_as).
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The broker failed.
    #[error(transparent)]
    Broker(#[from] BrokerError),
}

/// A reader that was not let in.
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{Hub, HubConfig, Resume, SubscribeError};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::new(HubConfig { max_topics: 1, ..HubConfig::default() });
/// let reader = hub.subscribe([Topic::new("a")?, Topic::new("b")?], Resume::Start);
/// assert_eq!(reader.err(), Some(SubscribeError::TooManyTopics { limit: 1 }));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The hub is shutting down; another process will take the reader.
    #[error("subscribe: expected a running hub, found one that is shutting down")]
    ShuttingDown,
    /// The connection that was to get a topic has ended.
    #[error("subscribe: expected an open connection, found it closed")]
    Closed,
    /// The client may not read this topic.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// One connection may not carry that many topics.
    #[error("subscribe: expected at most {limit} topics, found more")]
    TooManyTopics {
        /// [`HubConfig::max_topics`](super::HubConfig::max_topics).
        limit: usize,
    },
}
