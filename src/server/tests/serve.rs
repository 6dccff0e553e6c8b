//! The library's own server: its limits, each met by a client that goes beyond it.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::post;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::raw_client::RawClient;
use super::ws::{connect, html};
use super::*;
use crate::server::{Drained, HubConfig, ServeConfig, WsEndpoint, serve};

/// A server of ours on a port of its own.
pub(super) struct Served {
    pub(super) server: TestServer,
    stop: Option<oneshot::Sender<()>>,
    drained: oneshot::Receiver<Drained>,
}

impl Served {
    /// Serves what `TestServer` serves, and `/ws` with the topic `room`.
    pub(super) async fn start(hub: Hub, more: Router, config: ServeConfig) -> Self {
        Self::start_at(hub, more, config, ([127, 0, 0, 1], 0).into()).await
    }

    pub(super) async fn start_at(hub: Hub, more: Router, config: ServeConfig, at: SocketAddr) -> Self {
        let endpoint = WsEndpoint::new(&hub).topics([topic("room")]);
        let app = routes(&hub, more.route("/ws", get(endpoint)));
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let (tell, drained) = oneshot::channel();
        let server = serve(listener, app, &hub)
            .config(config)
            .with_graceful_shutdown(async { drop(stopped.await) });
        let task = tokio::spawn(async move {
            let _ = tell.send(server.await);
        });
        Self {
            server: TestServer { hub, address, task },
            stop: Some(stop),
            drained,
        }
    }

    /// Asks it to stop, and returns without waiting for that.
    pub(super) fn ask_to_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// Waits until it has stopped.
    pub(super) async fn stopped(&mut self) -> Drained {
        let drained = timeout(Duration::from_secs(10), &mut self.drained);
        drained.await.expect("it ends within ten seconds").unwrap()
    }

    pub(super) fn refused(&self, reason: &str) -> u64 {
        let refused = self.server.hub.stats().refused;
        refused.get(reason).copied().unwrap_or_default()
    }
}

/// Reads until the connection ends.
pub(super) async fn rest(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(Duration::from_secs(10), socket.read_to_end(&mut bytes));
    // A connection that is reset has ended, too.
    let _ = read.await.expect("an end within ten seconds");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn answer(address: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    rest(&mut socket).await
}

fn milliseconds(n: u64) -> Duration {
    Duration::from_millis(n)
}

#[tokio::test]
async fn streams_sockets_and_requests_are_served() {
    let who = get(async |ConnectInfo(client): ConnectInfo<SocketAddr>| client.to_string());
    let more = Router::new().route("/who", who);
    let served = Served::start(Hub::default(), more, ServeConfig::default()).await;
    let server = &served.server;
    let mut stream = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    let mut socket = connect(server).await;
    publish(&server.hub, "a", "to the stream").await;
    publish(&server.hub, "room", "to the socket").await;
    assert_eq!(stream.next_event().await.unwrap().data, "to the stream");
    assert_eq!(html(&mut socket).await, "to the socket");

    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let client = socket.local_addr().unwrap();
    // Two on one connection: it is kept.
    for request in [
        "GET /who HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /who HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ] {
        socket.write_all(request.as_bytes()).await.unwrap();
    }
    let answers = rest(&mut socket).await;
    assert_eq!(answers.matches(&client.to_string()).count(), 2, "{answers}");
}

#[tokio::test]
async fn s22_headers_that_do_not_come_are_not_waited_for() {
    let config = ServeConfig {
        header_timeout: milliseconds(200),
        write_idle: milliseconds(200),
        ..ServeConfig::default()
    };
    let served = Served::start(Hub::default(), Router::new(), config).await;
    let address = served.server.address;
    // What is open and silent by right is not meant.
    let mut stream = RawClient::get(address, "/sse?topic=a", &[]).await;
    let mut socket = connect(&served.server).await;
    let began = Instant::now();
    for beginning in ["", "G", "GET / HTTP/1.1\r\nhost: x\r\n"] {
        assert_eq!(answer(address, beginning).await, "", "{beginning:?}");
    }
    let mut trickle = TcpStream::connect(address).await.unwrap();
    let mut sent = 0;
    for byte in b"GET / HTTP/1.1\r\nhost: x\r\ncookie: abcdefghijklmnopqrstuvwxyz"
        .iter()
        .cycle()
    {
        // The first byte after the end is answered by a reset, the next one cannot be sent.
        if trickle.write_all(&[*byte]).await.is_err() {
            break;
        }
        sent += 1;
        assert!(sent < 300, "a slow head is waited for");
        sleep(milliseconds(10)).await;
    }
    assert!(began.elapsed() >= milliseconds(800), "{:?}", began.elapsed());
    publish(&served.server.hub, "a", "still there").await;
    publish(&served.server.hub, "room", "still there").await;
    assert_eq!(stream.next_event().await.unwrap().data, "still there");
    assert_eq!(html(&mut socket).await, "still there");
}

#[tokio::test]
async fn s18_long_headers_are_refused() {
    let config = ServeConfig {
        max_header_bytes: 2 << 10,
        ..ServeConfig::default()
    };
    let served = Served::start(Hub::default(), Router::new(), config).await;
    let with_cookie = |bytes: usize| {
        format!(
            "GET /stop HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {}\r\n\r\n",
            "c".repeat(bytes)
        )
    };
    let address = served.server.address;
    for (bytes, expected) in [(1_000, "204"), (4_000, "431")] {
        let answer = answer(address, &with_cookie(bytes)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{answer}");
    }
}

#[tokio::test]
async fn s22_a_body_that_stands_still_is_an_error() {
    let config = ServeConfig {
        body_timeout: milliseconds(150),
        ..ServeConfig::default()
    };
    let more = Router::new().route("/echo", post(async |body: String| body));
    let served = Served::start(Hub::default(), more, config).await;
    let request = |sent: &str| {
        format!("POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\n{sent}")
    };
    let whole = answer(served.server.address, &request("hello")).await;
    assert!(
        whole.starts_with("HTTP/1.1 200 ") && whole.ends_with("hello"),
        "{whole}"
    );
    let part = answer(served.server.address, &request("hel")).await;
    assert!(part.starts_with("HTTP/1.1 400 "), "{part}");
}

#[tokio::test]
async fn s22_who_finds_no_place_is_told_at_once() {
    let config = ServeConfig {
        max_connections: Some(2),
        ..ServeConfig::default()
    };
    let served = Served::start(Hub::default(), Router::new(), config).await;
    let address = served.server.address;
    let stream = RawClient::get(address, "/sse?topic=a", &[]).await;
    let socket = connect(&served.server).await;
    let began = Instant::now();
    for _ in 0..3 {
        let refused = RawClient::get(address, "/stop", &[]).await;
        assert_eq!(refused.status(), 503);
        assert!(refused.has_header("retry-after: 5"), "{}", refused.head);
    }
    assert!(began.elapsed() < milliseconds(900), "{:?}", began.elapsed());
    assert_eq!(served.refused("server_full"), 3);
    // A place is given back by a stream as by a socket, which is no request any more.
    drop(stream);
    until_there_is_a_place(address).await;
    let stream = RawClient::get(address, "/sse?topic=a", &[]).await;
    assert_eq!(RawClient::get(address, "/stop", &[]).await.status(), 503);
    drop(socket);
    until_there_is_a_place(address).await;
    drop(stream);
}

async fn until_there_is_a_place(address: SocketAddr) {
    let refused = async {
        while RawClient::get(address, "/stop", &[]).await.status() == 503 {
            sleep(milliseconds(10)).await;
        }
    };
    timeout(Duration::from_secs(5), refused)
        .await
        .expect("a free place");
}

/// A log that never makes a reader wait for the next event.
fn chatty_hub() -> Hub {
    let hub = Hub::new(HubConfig::default());
    hub.declare(
        topic("a"),
        Retention::Log {
            max_events: 100,
            max_bytes: 8 << 20,
            max_age: Duration::from_secs(300),
        },
    );
    hub
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r14_s23_a_reader_that_takes_nothing_is_closed_and_a_slow_one_is_not() {
    let config = ServeConfig {
        write_idle: milliseconds(600),
        send_buffer: Some(64 << 10),
        ..ServeConfig::default()
    };
    let served = Served::start(chatty_hub(), Router::new(), config).await;
    let (hub, address) = (served.server.hub.clone(), served.server.address);
    // With so little room at its end a client makes some as soon as it reads, several times in the time in which it has to.
    // With more it does so after each half of it, which on a busy machine may be too late.
    let ask = async || {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let mut socket = socket.connect(address).await.unwrap();
        let request = b"GET /sse?topic=a HTTP/1.1\r\nhost: x\r\n\r\n";
        socket.write_all(request).await.unwrap();
        socket
    };
    let stuck = ask().await;
    let mut alert = RawClient::get(address, "/sse?topic=a", &[]).await;
    let reading = tokio::spawn(async move {
        while let Some(message) = alert.next().await {
            if message.event == "last" {
                return;
            }
        }
        panic!("the reader was cut");
    });
    let mut slow = ask().await;
    let (enough, mut is_enough) = oneshot::channel();
    let slow = tokio::spawn(async move {
        let mut piece = vec![0; 4 << 10];
        while is_enough.try_recv().is_err() {
            sleep(milliseconds(100)).await;
            assert!(
                slow.read(&mut piece).await.unwrap() > 0,
                "the slow reader was cut"
            );
        }
    });
    let payload = "x".repeat(32 << 10);
    let publishing = {
        let hub = hub.clone();
        tokio::spawn(async move {
            loop {
                publish(&hub, "a", &payload).await;
                sleep(milliseconds(2)).await;
            }
        })
    };
    let closed = async {
        while served.refused("write_idle") == 0 {
            sleep(milliseconds(10)).await;
        }
    };
    let closed = timeout(Duration::from_secs(10), closed).await;
    closed.expect("the one that takes nothing is closed");
    // Three times as long as it may take nothing.
    sleep(milliseconds(1_800)).await;
    assert_eq!(
        (served.refused("write_idle"), hub.stats().sse_connections),
        (1, 2)
    );
    publishing.abort();
    let _ = enough.send(());
    slow.await.unwrap();
    publish_named(&hub, "a", "last").await;
    reading.await.unwrap();
    drop(stuck);
}

#[tokio::test]
async fn dropping_the_server_closes_its_connections() {
    let served = Served::start(Hub::default(), Router::new(), ServeConfig::default()).await;
    let hub = served.server.hub.clone();
    let mut stream = RawClient::get(served.server.address, "/sse?topic=a", &[]).await;
    let mut socket = connect(&served.server).await;
    stream.next().await;
    drop(served);
    assert_eq!(stream.next().await, None);
    let end = loop {
        let frame = super::ws::frame(&mut socket).await;
        if frame == "gone" || frame.starts_with("error") || frame.starts_with("close") {
            break frame;
        }
    };
    assert!(!end.starts_with("close"), "nobody has said good-bye: {end}");
    eventually("nobody is connected", || {
        let stats = hub.stats();
        (stats.sse_connections, stats.ws_connections, stats.tasks) == (0, 0, 0)
    })
    .await;
}
