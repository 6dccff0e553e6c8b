//! What the kernel is told about a client's connection.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

use super::ServeConfig;

/// How many of the kernel's questions go unanswered before it gives up.
pub(super) const PROBES: u32 = 2;

/// How far apart they are: two thirds of the silence before the first, in the kernel's unit.
pub(super) fn probe_interval(config: &ServeConfig) -> Duration {
    (config.tcp_keep_alive * 2 / 3).max(Duration::from_secs(1))
}

/// Sets the options; what a system does not have or does not allow is left as it is, for none of them is needed to
/// serve.
pub(super) fn set(stream: &TcpStream, config: &ServeConfig) {
    if let Err(error) = try_set(stream, config) {
        tracing::debug!(%error, "serve: some options of a connection could not be set");
    }
}

fn try_set(stream: &TcpStream, config: &ServeConfig) -> io::Result<()> {
    let socket = SockRef::from(stream);
    // Events are small and must not wait for the next one to fill a packet.
    let mut outcome = stream.set_nodelay(true);
    if let Some(bytes) = config.send_buffer {
        outcome = outcome.and(socket.set_send_buffer_size(bytes));
    }
    outcome.and(watch_peer(&socket, config))
}

/// Lets the kernel find out that a peer has gone without a word.
fn watch_peer(socket: &SockRef<'_>, config: &ServeConfig) -> io::Result<()> {
    let probes = TcpKeepalive::new().with_time(config.tcp_keep_alive);
    // Where these cannot be chosen the system's own are used, which are longer.
    #[cfg(any(
        target_os = "linux",
        target_os = "android",
        target_os = "macos",
        target_os = "freebsd"
    ))]
    let probes = probes.with_interval(probe_interval(config)).with_retries(PROBES);
    let outcome = socket.set_tcp_keepalive(&probes);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let outcome = outcome.and(socket.set_tcp_user_timeout(Some(config.tcp_user_timeout)));
    outcome
}

/// Makes closing take what was not sent along, instead of leaving it to the kernel to offer it to a peer that takes
/// nothing.
pub(super) fn forget_unsent(stream: &TcpStream) {
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn r13_the_kernel_watches_the_peer_and_keeps_little() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (stream, client) = tokio::join!(listener.accept(), client);
        let (stream, _client) = (stream.unwrap().0, client.unwrap());
        let config = ServeConfig::default();
        try_set(&stream, &config).unwrap();
        let socket = SockRef::from(&stream);
        assert!(stream.nodelay().unwrap());
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), config.tcp_keep_alive);
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), probe_interval(&config));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), PROBES);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(config.tcp_user_timeout));
        // The kernel doubles what it is asked for, up to a limit of its own.
        let kept = socket.send_buffer_size().unwrap();
        assert!((64 << 10..=512 << 10).contains(&kept), "{kept}");
    }
}
