//! A server of ours that is asked to stop: who is told what, how soon, and what becomes of those who do not leave.

use std::collections::HashSet;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::raw_client::RawClient;
use super::serve::Served;
use super::ws::{connect, frame};
use super::*;
use crate::server::{Drained, ServeConfig};
use crate::wire::Control;

fn short() -> ServeConfig {
    ServeConfig {
        drain: Duration::from_millis(300),
        ..ServeConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r17_idle_streams_sockets_and_connections_end_within_a_second() {
    let mut served = Served::start(Hub::default(), Router::new(), ServeConfig::default()).await;
    let address = served.server.address;
    let (mut streams, mut sockets, mut unused) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..100 {
        let mut stream = RawClient::get(address, "/sse?topic=a", &[]).await;
        stream.next().await;
        streams.push(stream);
    }
    for _ in 0..20 {
        let mut socket = connect(&served.server).await;
        frame(&mut socket).await;
        sockets.push(socket);
        unused.push(TcpStream::connect(address).await.unwrap());
        // One that had a request and is kept for the next.
        unused.push(RawClient::get(address, "/stop", &[]).await.into_socket());
    }
    let began = Instant::now();
    served.ask_to_stop();
    let mut delays = HashSet::new();
    for stream in &mut streams {
        let Control::Retry(delay) = stream.next_control().await else {
            panic!("expected a delay");
        };
        assert!((500..=1_000).contains(&delay), "{delay}");
        delays.insert(delay);
        assert_eq!(stream.next().await, None);
    }
    assert!(delays.len() > 50, "no jitter: {delays:?}");
    for socket in &mut sockets {
        let asked = frame(socket).await;
        assert!(asked.starts_with("{\"ll:retry\":\""), "{asked}");
        assert_eq!(frame(socket).await, "close 1012 going away");
        // The answer to it is written while reading on.
        assert_eq!(frame(socket).await, "gone");
    }
    assert_eq!(served.stopped().await, Drained { cut: 0 });
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let stats = served.server.hub.stats();
    assert_eq!(
        (stats.sse_connections, stats.ws_connections, stats.tasks),
        (0, 0, 0)
    );
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn r17_an_open_request_is_answered_first() {
    let slow = get(async || {
        sleep(Duration::from_millis(300)).await;
        "done"
    });
    let more = Router::new().route("/slow", slow);
    let mut served = Served::start(Hub::default(), more, ServeConfig::default()).await;
    let asking = tokio::spawn(RawClient::get(served.server.address, "/slow", &[]));
    sleep(Duration::from_millis(50)).await;
    served.ask_to_stop();
    assert_eq!(served.stopped().await, Drained { cut: 0 });
    let answer = asking.await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.has_header("connection: close"), "{}", answer.head);
}

/// Says when it is dropped.
struct Flag(Arc<AtomicBool>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn r17_what_does_not_end_is_cut() {
    let dropped = Arc::new(AtomicBool::new(false));
    let flag = dropped.clone();
    let endless = get(move || {
        let flag = Flag(flag.clone());
        async move {
            pending::<()>().await;
            drop(flag);
        }
    });
    // A socket of the app's own knows nothing of the hub.
    let foreign = get(async |upgrade: WebSocketUpgrade| {
        upgrade.on_upgrade(async |mut socket| while socket.recv().await.is_some() {})
    });
    let more = Router::new()
        .route("/endless", endless)
        .route("/foreign", foreign);
    let mut served = Served::start(Hub::default(), more, short()).await;
    let address = served.server.address;
    let asking = RawClient::send(address, "/endless", &[]).await;
    let url = format!("ws://{address}/foreign");
    let (mut foreign, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let stream = RawClient::get(address, "/sse?topic=a", &[]).await;
    let began = Instant::now();
    served.ask_to_stop();
    assert_eq!(served.stopped().await, Drained { cut: 2 });
    let took = began.elapsed();
    assert!(
        (Duration::from_millis(300)..Duration::from_secs(1)).contains(&took),
        "{took:?}"
    );
    assert!(dropped.load(Ordering::Relaxed), "the handler is still there");
    let end = futures_util::StreamExt::next(&mut foreign).await;
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
    drop((asking, stream));
}

#[tokio::test]
async fn r17_the_next_process_takes_over_on_the_same_port() {
    let mut first = Served::start(Hub::default(), Router::new(), ServeConfig::default()).await;
    let address = first.server.address;
    let mut client = RawClient::get(address, "/sse?topic=a", &[]).await;
    client.next().await;
    publish(&first.server.hub, "a", "1").await;
    let cursor = client.next().await.unwrap().last_event_id;
    first.ask_to_stop();
    first.stopped().await;
    assert!(matches!(client.next_control().await, Control::Retry(_)));
    // The client's end of the connection is closed before, as a page's is: the port is free at once.
    assert_eq!(client.next().await, None);

    let hub = Hub::default();
    publish(&hub, "a", "2").await;
    let second = Served::start_at(hub, Router::new(), ServeConfig::default(), address).await;
    let mut client = RawClient::get(address, "/sse?topic=a", &[("Last-Event-ID", &cursor)]).await;
    let mut told = Vec::new();
    while told.len() < 5 {
        let message = client.next().await.unwrap();
        told.push(format!("{} {}", message.event, message.data.len().min(1)));
    }
    // History is lost with a process that keeps it in memory, and that is told before what there is.
    assert_eq!(
        told,
        [
            "ll:heartbeat 1",
            "ll:gap 1",
            "ll:snapshot 1",
            "message 1",
            "ll:live 1"
        ]
    );
    drop(second);
}
