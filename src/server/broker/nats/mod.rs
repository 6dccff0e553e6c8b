//! A broker on NATS JetStream: its nodes share one stream, which gives order, history and fan-out.

mod engine;
mod place;
mod reader;
mod stream_info;

use std::fmt;
use std::time::Duration;

use engine::NatsEngine;

use super::engine::Engine as _;
use super::shared::Shared;
use super::{Broker, BrokerError, BrokerFuture, Publication, Published};
use crate::server::hub::{Feed, Revocation};
use crate::wire::Position;

/// The settings of a [`NatsBroker`]. Those of the stream hold where a broker makes it; one that is there is used as it is.
///
/// ```
/// use std::time::Duration;
/// use leptos_live::server::NatsConfig;
///
/// let hour = Duration::from_secs(60 * 60);
/// let config = NatsConfig { max_age: hour, replicas: 3, ..NatsConfig::new("nats://one:4222,nats://two:4222") };
/// assert_eq!(config.name, "leptos-live");
/// ```
#[derive(Clone)]
pub struct NatsConfig {
    /// Where the server is: `nats://user:password@host:port`, or several with commas between. `tls:` takes the `async-nats`
    /// crate's feature `ring`.
    pub url: String,
    /// The name of the stream, and the first word of its subject; `leptos-live`. All processes of an app have the same; apps that
    /// share a server have different ones. JetStream allows no blanks, dots, asterisks or slashes in it.
    pub name: String,
    /// How many events the stream keeps, of all topics together; 100,000, and without a limit where it is -1. A process that
    /// starts reads them, and those that were cut off for longer are told of a gap.
    pub max_events: i64,
    /// How many bytes of them; 256 MiB, and without a limit where it is -1.
    pub max_bytes: i64,
    /// For how long; a day, and without a limit where it is zero.
    pub max_age: Duration,
    /// On how many servers of a cluster; 1.
    pub replicas: usize,
    /// For how long the server knows a key of idempotency; 5 minutes. Here it takes the place of
    /// [`HubConfig::idempotency_window`](crate::server::HubConfig::idempotency_window).
    pub duplicate_window: Duration,
    /// How long the server's answer is waited for; 2 seconds. Afterwards publishing is an error, and the process is not ready.
    pub timeout: Duration,
}

impl NatsConfig {
    /// The defaults, with a server.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            name: "leptos-live".to_owned(),
            max_events: 100_000,
            max_bytes: 256 << 20,
            max_age: Duration::from_secs(24 * 60 * 60),
            replicas: 1,
            duplicate_window: Duration::from_secs(5 * 60),
            timeout: Duration::from_secs(2),
        }
    }
}

/// Without the address, which may hold a password.
impl fmt::Debug for NatsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsConfig")
            .field("name", &self.name)
            .field("max_events", &self.max_events)
            .field("max_bytes", &self.max_bytes)
            .field("max_age", &self.max_age)
            .field("replicas", &self.replicas)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Orders the events of several processes by NATS JetStream, 2.9 or newer (feature `nats`).
///
/// Each process has a hub with a broker of the same [name](NatsConfig::name). A reader may leave one process for another,
/// also because the first has died, and goes on exactly where it was. A process that starts has the history at once.
/// Declare the topics right after making the hub: what was kept before is then kept as they are declared.
///
/// An event whose publishing has failed by a time-out may have been taken all the same. Whoever tries again gives both
/// attempts one [key](crate::server::PublishOptions::key).
///
/// ```no_run
/// use leptos_live::server::{Hub, HubConfig, NatsBroker, NatsConfig};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let broker = NatsBroker::connect(NatsConfig::new("nats://127.0.0.1")).await?;
/// let hub = Hub::with_broker(HubConfig::default(), broker);
/// # let _ = hub; Ok(()) }
/// ```
#[derive(Debug)]
pub struct NatsBroker(Shared<NatsEngine>);

impl NatsBroker {
    /// Connects, makes the stream where there is none, and reads what it keeps, so that the hub has it from its first moment.
    ///
    /// # Errors
    /// [`BrokerError::Unavailable`] when the server cannot be reached or refuses. A process that cannot start is one that its
    /// supervisor starts again.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub async fn connect(config: NatsConfig) -> Result<Self, BrokerError> {
        let limit = config.timeout;
        let engine = NatsEngine::connect(config).await;
        let engine = engine.map_err(|fault| BrokerError::Unavailable {
            broker: NatsEngine::NAME,
            reason: fault.0,
        })?;
        Shared::new(engine, limit).await.map(Self)
    }
}

impl Broker for NatsBroker {
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
