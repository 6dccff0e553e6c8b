//! A broker on Redis Streams: its nodes share one stream, which gives order, history and fan-out.

mod engine;
mod entries;
mod scripts;

use std::fmt;
use std::time::Duration;

use engine::RedisEngine;

use super::engine::Engine as _;
use super::shared::Shared;
use super::{Broker, BrokerError, BrokerFuture, Publication, Published};
use crate::server::hub::{Feed, Revocation};
use crate::wire::Position;

/// The settings of a [`RedisBroker`].
///
/// ```
/// use leptos_live::server::RedisConfig;
///
/// let config = RedisConfig { max_events: 20_000, ..RedisConfig::new("redis://127.0.0.1/1") };
/// assert_eq!(config.name, "leptos-live");
/// ```
#[derive(Clone)]
pub struct RedisConfig {
    /// Where the server is: `redis://user:password@host:port/database`. `rediss:` takes the `redis` crate's feature
    /// `tokio-rustls-comp`.
    pub url: String,
    /// The name of the history; `leptos-live`. All processes of an app have the same; apps that share a server have different ones.
    pub name: String,
    /// About how many events the server keeps, of all topics together; 100,000. A process that starts reads them, and those
    /// that were cut off for longer are told of a gap.
    pub max_events: usize,
    /// How long the server's answer is waited for; 2 seconds. Afterwards publishing is an error, and the process is not ready.
    pub timeout: Duration,
}

impl RedisConfig {
    /// The defaults, with a server.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            name: "leptos-live".to_owned(),
            max_events: 100_000,
            timeout: Duration::from_secs(2),
        }
    }
}

/// Without the address, which may hold a password.
impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConfig")
            .field("name", &self.name)
            .field("max_events", &self.max_events)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Orders the events of several processes by Redis, 6.2 or newer (feature `redis`).
///
/// Each process has a hub with a broker of the same [name](RedisConfig::name). A reader may leave one process for another,
/// also because the first has died, and goes on exactly where it was. A process that starts has the history at once.
/// Declare the topics right after making the hub: what was kept before is then kept as they are declared.
///
/// An event whose publishing has failed by a time-out may have been taken all the same. Whoever tries again gives both
/// attempts one [key](crate::server::PublishOptions::key).
///
/// How the server has to be set up is in [`docs::operations`](crate::docs::operations): by default Redis loses the last
/// second when it is killed, which is noticed and told as a gap, but is a loss.
///
/// ```no_run
/// use leptos_live::server::{Hub, HubConfig, RedisBroker, RedisConfig};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let broker = RedisBroker::connect(RedisConfig::new("redis://127.0.0.1")).await?;
/// let hub = Hub::with_broker(HubConfig::default(), broker);
/// # let _ = hub; Ok(()) }
/// ```
#[derive(Debug)]
pub struct RedisBroker(Shared<RedisEngine>);

impl RedisBroker {
    /// Connects, and reads what the server keeps, so that the hub has it from its first moment.
    ///
    /// # Errors
    /// [`BrokerError::Unavailable`] when the server cannot be reached or refuses. A process that cannot start is one that its
    /// supervisor starts again.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(config: RedisConfig) -> Result<Self, BrokerError> {
        let limit = config.timeout;
        let engine = RedisEngine::new(config).map_err(|fault| BrokerError::Unavailable {
            broker: RedisEngine::NAME,
            reason: fault.0,
        })?;
        Shared::new(engine, limit).await.map(Self)
    }
}

impl Broker for RedisBroker {
    fn attach(&self, feed: Feed) {
        self.0.attach(feed);
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
        Box::pin(self.0.publish(publication))
    }

    fn is_available(&self) -> bool {
        self.0.is_available()
    }

    fn revoke(&self, revocation: &Revocation) {
        self.0.revoke(revocation);
    }

    fn catch_up(&self) -> BrokerFuture<'_, ()> {
        Box::pin(self.0.catch_up())
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        Box::pin(self.0.reset())
    }
}
