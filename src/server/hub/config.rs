//! The hub's settings and limits, all with defaults that are safe to run with.

use std::time::Duration;

use super::Retention;
use crate::server::access::AccessConfig;

/// The settings of a [`Hub`](super::Hub).
///
/// ```
/// use leptos_live::server::{Hub, HubConfig};
///
/// let hub = Hub::new(HubConfig { heartbeat: std::time::Duration::from_secs(5), ..HubConfig::default() });
/// assert_eq!(hub.config().max_topics, 100);
/// ```
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// The retention of topics that were not declared.
    pub retention: Retention,
    /// How long a stream may be silent before a heartbeat goes out on it; 15 seconds, which is
    /// below the idle time-outs of common proxies. Less than 10 ms is taken as 10 ms, and
    /// more than 30 seconds as 30: pages would give the connection up.
    pub heartbeat: Duration,
    /// The reconnection delay that streams ask for when they begin; none unless set, which leaves
    /// it to the reader's own policy.
    pub retry: Option<Duration>,
    /// The most topics that one connection may carry; 100.
    pub max_topics: usize,
    /// The most event streams and sockets that are open at a time; 50,000.
    pub max_connections: usize,
    /// The most of them that one user may have; 64. A user is a [`UserId`](crate::server::UserId).
    pub max_connections_per_user: usize,
    /// The most of them that come from one IPv4 address or one IPv6 network of 64 bits; 512. Behind a proxy,
    /// [`AccessConfig::trusted_proxies`] has to name it, or everybody has the proxy's address. Addresses are known under
    /// [`serve()`](crate::server::serve()), and under `axum::serve` with
    /// `into_make_service_with_connect_info::<SocketAddr>()`; else nobody is counted by address.
    pub max_connections_per_address: usize,
    /// The most log events that one resumption repeats; 10,000. A reader that has missed more is
    /// told of a gap and gets the newest of them.
    pub max_replay_events: usize,
    /// The most bytes of log events that one resumption repeats; 8 MiB.
    pub max_replay_bytes: usize,
    /// The longest payload that may be published; 1 MiB.
    pub max_payload_bytes: usize,
    /// How many event names a [`Retention::Latest`] topic keeps; 1,000. Beyond, the name that has
    /// been silent longest is forgotten.
    pub max_latest_names: usize,
    /// How many events a [`Retention::Transient`] topic buffers for readers that are a little
    /// late; 256.
    pub transient_events: usize,
    /// How many bytes a [`Retention::Transient`] topic buffers; 1 MiB.
    pub transient_bytes: usize,
    /// For how long a second event with the same idempotency key is taken for the first; 5 minutes.
    pub idempotency_window: Duration,
    /// How many such keys are remembered; 100,000. Beyond, the oldest are forgotten before their time.
    pub max_idempotency_keys: usize,
    /// How many topics without readers and events are remembered, so that gaps in them are known
    /// exactly; 10,000. Beyond, a reader of a forgotten topic may be told of a gap that was none.
    pub max_idle_topics: usize,
    /// The settings of sockets.
    pub socket: SocketConfig,
    /// Who may come in and what they may do.
    pub access: AccessConfig,
}

impl Default for HubConfig {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            heartbeat: Duration::from_secs(15),
            retry: None,
            max_topics: 100,
            max_connections: 50_000,
            max_connections_per_user: 64,
            max_connections_per_address: 512,
            max_replay_events: 10_000,
            max_replay_bytes: 8 << 20,
            max_payload_bytes: 1 << 20,
            max_latest_names: 1_000,
            transient_events: 256,
            transient_bytes: 1 << 20,
            idempotency_window: Duration::from_secs(5 * 60),
            max_idempotency_keys: 100_000,
            max_idle_topics: 10_000,
            socket: SocketConfig::default(),
            access: AccessConfig::default(),
        }
    }
}

impl HubConfig {
    /// The heartbeat interval, never so short that it would be a busy loop, nor so long that pages would give the
    /// connection up.
    pub(crate) fn heartbeat_interval(&self) -> Duration {
        self.heartbeat
            .clamp(Duration::from_millis(10), Duration::from_secs(30))
    }

    /// The reconnection delay in the unit of the wire.
    pub(crate) fn retry_milliseconds(&self) -> Option<u32> {
        let retry = self.retry?;
        Some(u32::try_from(retry.as_millis()).unwrap_or(u32::MAX))
    }
}

/// The settings of WebSocket endpoints.
///
/// ```
/// use leptos_live::server::{Hub, HubConfig, SocketConfig};
///
/// // A drawing board: many small messages.
/// let socket = SocketConfig { messages_per_second: 200, message_burst: 1_000, ..SocketConfig::default() };
/// let hub = Hub::new(HubConfig { socket, ..HubConfig::default() });
/// # let _ = hub;
/// ```
#[derive(Clone, Debug)]
pub struct SocketConfig {
    /// The longest message, and the longest frame of one; 64 KiB. A longer one closes the socket.
    pub max_message_bytes: usize,
    /// How long a client may take to finish a message that it has begun, while the server waits for it; 10 seconds. Then the
    /// socket is closed with 1013, after which a page comes back: its network may have been slow. Messages in pieces are seen under [`serve()`](crate::server::serve()) alone: `axum::serve`
    /// does not tell of them, and there an unfinished message holds what has come of it, up to `max_message_bytes`, for as
    /// long as its client answers pings.
    pub message_timeout: Duration,
    /// How long one write may take, of a message or of 128 KiB of them, before the socket is given up; 30 seconds.
    pub write_timeout: Duration,
    /// How many answers to one client may wait to be written before `send` waits too; 64.
    pub outgoing: usize,
    /// How many messages a second one client may send over a longer time; 50. Pings and pongs count. Beyond, nothing is
    /// read from it until its turn has come: nothing is lost, and the client's own sending slows down.
    pub messages_per_second: u32,
    /// How many messages it may send at once; 200.
    pub message_burst: u32,
}

impl Default for SocketConfig {
    fn default() -> Self {
        Self {
            max_message_bytes: 64 << 10,
            message_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            outgoing: 64,
            messages_per_second: 50,
            message_burst: 200,
        }
    }
}
