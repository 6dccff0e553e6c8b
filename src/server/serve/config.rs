//! The settings of a server, all with defaults that are safe to run with.

use std::time::Duration;

use super::file_limit;

/// Of the files that a process may open, so many of a hundred are for connections; the others are for what the app
/// reads and for telling those who find no place.
const SHARE_OF_FILES: usize = 80;

/// The limits of [`serve()`](super::serve()). Each is documented with what happens beyond it in
/// [`docs::operations`](crate::docs::operations).
///
/// ```
/// use std::time::Duration;
/// use leptos_live::server::ServeConfig;
///
/// // A kubelet kills after 30 seconds.
/// let config = ServeConfig { drain: Duration::from_secs(25), ..ServeConfig::default() };
/// assert_eq!(config.header_timeout, Duration::from_secs(10));
/// ```
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// The most connections that are open at a time, sockets included; unless set, 80 % of the process's limit of open
    /// files. Whoever comes then is answered 503 at once.
    pub max_connections: Option<usize>,
    /// How long a request's headers may take to arrive, from the connection or the last answer on; 10 seconds. So it
    /// is also how long a connection is kept that asks for nothing.
    pub header_timeout: Duration,
    /// The most bytes of a request's line and headers; 64 KiB. Longer ones are answered 431.
    pub max_header_bytes: usize,
    /// How long a request's body may stand still; 30 seconds. Then reading it is an error.
    pub body_timeout: Duration,
    /// How long a client may take no bytes at all before its connection is closed; 20 seconds, and up to an eighth more. Slow is
    /// not idle: any byte that the client's system confirms starts it anew. Where the server's does not tell what is confirmed
    /// (another one than Linux, or a sandbox without netlink sockets), room in its own buffer counts as taken, and it may be
    /// several times as long. The kernel closes by itself after `tcp_user_timeout`, so a longer time than that is never reached.
    pub write_idle: Duration,
    /// The bytes that the kernel keeps for a client that is slower than its stream; 256 KiB, of which the kernel makes
    /// what its own limits allow. Left to itself it keeps up to 4 MB for each. `None` leaves it to itself.
    pub send_buffer: Option<usize>,
    /// How long the kernel waits for a client to confirm what was sent, or to make room for more; 25 seconds. With a heartbeat every 15 seconds a
    /// client that has vanished is so noticed within 40. Linux only.
    pub tcp_user_timeout: Duration,
    /// After how much silence the kernel asks whether the client is still there; 15 seconds. It asks twice, two thirds of
    /// that apart, so that those who vanished before anything was sent to them are noticed within 35 seconds.
    pub tcp_keep_alive: Duration,
    /// How long open requests may take to end once the server was asked to stop; 30 seconds.
    pub drain: Duration,
    /// The shortest delay after which readers of a server that stops come back; half a second. See
    /// [`Hub::shutdown`](crate::server::Hub::shutdown) for how they are spread.
    pub come_back: Duration,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            max_connections: None,
            header_timeout: Duration::from_secs(10),
            max_header_bytes: 64 << 10,
            body_timeout: Duration::from_secs(30),
            write_idle: Duration::from_secs(20),
            send_buffer: Some(256 << 10),
            tcp_user_timeout: Duration::from_secs(25),
            tcp_keep_alive: Duration::from_secs(15),
            drain: Duration::from_secs(30),
            come_back: Duration::from_millis(500),
        }
    }
}

impl ServeConfig {
    pub(super) fn connection_limit(&self) -> usize {
        let share = || file_limit::open_files().saturating_mul(SHARE_OF_FILES) / 100;
        self.max_connections.unwrap_or_else(share).max(1)
    }

    pub(super) fn come_back_milliseconds(&self) -> u32 {
        u32::try_from(self.come_back.as_millis()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::socket_options::{PROBES, probe_interval};
    use super::*;
    use crate::server::HubConfig;

    #[test]
    fn r13_a_peer_that_vanishes_is_noticed_within_45_seconds() {
        let limit = Duration::from_secs(45);
        let serve = ServeConfig::default();
        // It had just confirmed a heartbeat; the next one is not confirmed.
        assert!(HubConfig::default().heartbeat_interval() + serve.tcp_user_timeout < limit);
        assert!(serve.tcp_keep_alive + probe_interval(&serve) * PROBES < limit);
    }

    #[test]
    fn r14_a_client_that_takes_nothing_is_closed_before_the_kernel_does_it() {
        let config = ServeConfig::default();
        assert!(config.write_idle * 9 / 8 < config.tcp_user_timeout);
    }

    #[test]
    fn s22_most_of_the_files_are_for_connections() {
        let files = file_limit::open_files();
        let limit = ServeConfig::default().connection_limit();
        assert!(limit < files && limit >= files / 2, "{limit} of {files}");
        let named = |max| ServeConfig {
            max_connections: Some(max),
            ..ServeConfig::default()
        };
        assert_eq!(named(7).connection_limit(), 7);
        assert_eq!(named(0).connection_limit(), 1);
    }
}
