//! A client whose network is gone: what is sent to it arrives nowhere, and nothing comes back, no good-bye either.
//!
//! A real one, between two network name spaces, since what has to notice it is the kernel. That takes root and `ip`;
//! elsewhere nothing is tested, and that is said.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;

use super::serve::Served;
use super::*;
use crate::server::{HubConfig, ServeConfig};

/// A network with a client in it; it ends when this is dropped.
struct Network {
    name: String,
    server: std::net::Ipv4Addr,
    clients: Vec<Child>,
}

impl Drop for Network {
    fn drop(&mut self) {
        for client in &mut self.clients {
            let _ = client.kill();
            let _ = client.wait();
        }
        run(&format!("ip netns del {}", self.name));
    }
}

fn command(words: &str) -> Command {
    let mut words = words.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(words: &str) -> bool {
    command(words).status().is_ok_and(|status| status.success())
}

impl Network {
    /// `None` where this machine does not let us make one.
    fn new() -> Option<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        // Other processes may run the same test at the same time.
        let number = std::process::id() * 2 + MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("ll{number}");
        let server = std::net::Ipv4Addr::new(10, 213, u8::try_from(number % 250).unwrap(), 1);
        let client = server.to_bits() + 1;
        let client = std::net::Ipv4Addr::from_bits(client);
        if !run(&format!("ip netns add {name}")) {
            eprintln!("!!! SKIPPED: no network name spaces here (they take root and `ip`)");
            return None;
        }
        let network = Self {
            name: name.clone(),
            server,
            clients: Vec::new(),
        };
        for words in [
            format!("ip link add {name} type veth peer name eth0 netns {name}"),
            format!("ip address add {server}/30 dev {name}"),
            format!("ip link set {name} up"),
            format!("ip netns exec {name} ip address add {client}/30 dev eth0"),
            format!("ip netns exec {name} ip link set eth0 up"),
        ] {
            if !run(&words) {
                eprintln!("!!! SKIPPED: this machine does not let a test make a network (`{words}`)");
                return None;
            }
        }
        Some(network)
    }

    /// Reads a stream, in the name space.
    fn read(&mut self, address: SocketAddr, path: &str) {
        let request = format!("GET {path} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
        let script = format!(
            "exec 3<>/dev/tcp/{}/{}; printf '{request}' >&3; exec cat <&3",
            address.ip(),
            address.port()
        );
        let client = command(&format!("ip netns exec {} bash -c", self.name))
            .arg(script)
            .stdout(Stdio::null())
            .spawn();
        self.clients.push(client.unwrap());
    }

    /// From now on the client's kernel hears the server and cannot answer.
    fn swallow(&self) {
        let Self { name, server, .. } = self;
        assert!(run(&format!(
            "ip netns exec {name} ip route add blackhole {server}/32"
        )));
    }
}

/// How long a client in a black hole counts as connected, with this heartbeat.
async fn time_to_notice(heartbeat: Duration, config: ServeConfig) -> Option<Duration> {
    let mut network = Network::new()?;
    let hub = Hub::new(HubConfig {
        heartbeat,
        ..HubConfig::default()
    });
    let at = (network.server, 0).into();
    let served = Served::start_at(hub.clone(), Router::new(), config, at).await;
    network.read(served.server.address, "/sse?topic=a");
    eventually("the client is connected", || hub.stats().sse_connections == 1).await;
    // Longer than it may be silent, so that it is known to be more than silence that is noticed.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(hub.stats().sse_connections, 1);
    network.swallow();
    let began = Instant::now();
    while hub.stats().sse_connections > 0 {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "a client in a black hole is not noticed"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Some(began.elapsed())
}

/// The defaults are 15 s of heartbeat and 25 s of patience, or 15 s of silence and two questions: in the same proportions here.
#[tokio::test]
async fn r13_a_client_in_a_black_hole_is_noticed_by_what_it_does_not_confirm() {
    let config = ServeConfig {
        tcp_user_timeout: Duration::from_millis(1_500),
        ..ServeConfig::default()
    };
    if let Some(took) = time_to_notice(Duration::from_millis(500), config).await {
        assert!(took < Duration::from_millis(3_500), "{took:?}");
    }
}

/// Nothing is sent to this one.
#[tokio::test]
async fn r13_a_silent_client_in_a_black_hole_is_noticed_by_the_kernels_questions() {
    let config = ServeConfig {
        tcp_user_timeout: Duration::from_millis(1_500),
        tcp_keep_alive: Duration::from_secs(1),
        ..ServeConfig::default()
    };
    if let Some(took) = time_to_notice(Duration::from_secs(30), config).await {
        assert!(took < Duration::from_millis(4_500), "{took:?}");
    }
}
