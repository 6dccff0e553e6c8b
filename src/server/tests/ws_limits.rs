//! Sockets that misbehave: each is answered in its own way, and no other connection notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::ws::{connect, frame, html, say};
use super::*;
use crate::server::{Fragment, HubConfig, WsEndpoint};

/// A server whose `/ws` echoes, slowly when asked to, and counts the messages that were none.
async fn start(config: HubConfig) -> (TestServer, Arc<AtomicUsize>) {
    let hub = Hub::new(config);
    let malformed = Arc::new(AtomicUsize::new(0));
    let counted = malformed.clone();
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .on_message(|session, message| async move {
            if message.value("slow").is_some() {
                tokio::time::sleep(Duration::from_millis(600)).await;
            }
            if message.value("panic").is_some() {
                panic!("expected in this test");
            }
            let echo = message.value("echo").unwrap_or_default();
            let _ = session.send(Fragment::text(echo)).await;
        })
        .on_malformed(move |_, _| {
            counted.fetch_add(1, Ordering::Relaxed);
        });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    (server, malformed)
}

fn refused(server: &TestServer, reason: &str) -> u64 {
    server
        .hub
        .stats()
        .refused
        .get(reason)
        .copied()
        .unwrap_or_default()
}

#[tokio::test]
async fn s21_garbage_is_counted_and_the_connection_stays() {
    let (server, malformed) = start(HubConfig::default()).await;
    let mut socket = connect(&server).await;
    let deep = "[".repeat(10_000);
    for garbage in ["", "null", "[]", "{", "\"x\"", "nonsense", &deep] {
        say(&mut socket, garbage).await;
    }
    socket.send(Message::binary(vec![0xff; 100])).await.unwrap();
    socket
        .send(Message::Pong(b"unsolicited".as_slice().into()))
        .await
        .unwrap();
    say(&mut socket, r#"{"echo":"fine"}"#).await;
    assert_eq!(html(&mut socket).await, "fine");
    assert_eq!(malformed.load(Ordering::Relaxed), 8);
    assert_eq!(refused(&server, "malformed_message"), 8);
}

#[tokio::test]
async fn s21_garbage_is_counted_where_nobody_takes_messages() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub).topics([topic("room")]);
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let mut socket = connect(&server).await;
    say(&mut socket, "nonsense").await;
    say(&mut socket, r#"{"echo":"fine"}"#).await;
    // The answer to the closing comes after whatever was sent before.
    socket.close(None).await.unwrap();
    while socket.next().await.is_some() {}
    assert_eq!(refused(&server, "malformed_message"), 1);
}

#[tokio::test]
async fn s18_an_oversize_message_closes_its_socket_only() {
    let (server, _) = start(HubConfig::default()).await;
    let mut other = connect(&server).await;
    for payload in [
        Message::text(format!("{{\"echo\":\"{}\"}}", "x".repeat(64 << 10))),
        Message::binary(vec![0; 1 << 20]),
    ] {
        let mut socket = connect(&server).await;
        frame(&mut socket).await;
        let _ = socket.send(payload).await;
        assert_eq!(frame(&mut socket).await, "close 1009 message too long");
    }
    assert_eq!(refused(&server, "oversize_message"), 2);
    let exact = "x".repeat((64 << 10) - "{\"echo\":\"\"}".len());
    say(&mut other, &format!("{{\"echo\":\"{exact}\"}}")).await;
    assert_eq!(html(&mut other).await, exact);
    let hub = server.hub.clone();
    eventually("one is left", move || hub.stats().ws_connections == 1).await;
}

#[tokio::test]
async fn r13_a_peer_that_shows_no_life_is_closed() {
    let (server, _) = start(HubConfig {
        heartbeat: Duration::from_millis(100),
        ..HubConfig::default()
    })
    .await;
    // A client of this library answers pings only while it is read, and nobody reads this one.
    let silent = connect(&server).await;
    let began = Instant::now();
    let hub = server.hub.clone();
    eventually("it is closed", move || hub.stats().ws_connections == 0).await;
    assert!(
        began.elapsed() >= Duration::from_millis(240),
        "{:?}",
        began.elapsed()
    );
    drop(silent);
}

#[tokio::test]
async fn a_slow_handler_holds_up_neither_pings_nor_events_nor_its_own_life() {
    let (server, _) = start(HubConfig {
        heartbeat: Duration::from_millis(150),
        ..HubConfig::default()
    })
    .await;
    let mut socket = connect(&server).await;
    say(&mut socket, r#"{"slow":"1","echo":"done"}"#).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    publish(&server.hub, "room", "meanwhile").await;
    assert_eq!(html(&mut socket).await, "meanwhile");
    assert_eq!(html(&mut socket).await, "done");
    say(&mut socket, r#"{"echo":"alive"}"#).await;
    assert_eq!(html(&mut socket).await, "alive");
}

#[tokio::test]
async fn a_handler_that_panics_ends_its_socket_only() {
    let (server, _) = start(HubConfig::default()).await;
    let mut other = connect(&server).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    say(&mut socket, r#"{"panic":"1"}"#).await;
    let end = frame(&mut socket).await;
    assert!(end == "gone" || end.starts_with("error"), "{end}");
    say(&mut other, r#"{"echo":"fine"}"#).await;
    assert_eq!(html(&mut other).await, "fine");
    let hub = server.hub.clone();
    eventually("the counts are right", move || {
        let stats = hub.stats();
        (stats.ws_connections, stats.tasks) == (1, 1)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r14_s23_a_peer_that_takes_no_bytes_is_given_up() {
    let mut config = HubConfig::default();
    config.socket.write_timeout = Duration::from_millis(300);
    let (server, _) = start(config).await;
    let stuck = connect(&server).await;
    let mut alert = connect(&server).await;
    let reading = tokio::spawn(async move {
        let mut count = 0;
        while html(&mut alert).await != "last" {
            count += 1;
        }
        count
    });
    let payload = "x".repeat(64 << 10);
    let mut longest = Duration::ZERO;
    let hub = server.hub.clone();
    for _ in 0..3_000 {
        let one = Instant::now();
        publish(&hub, "room", &payload).await;
        longest = longest.max(one.elapsed());
        tokio::time::sleep(Duration::from_millis(1)).await;
        if hub.stats().ws_connections == 1 {
            break;
        }
    }
    assert!(longest < Duration::from_millis(500), "{longest:?}");
    let waiting = server.hub.clone();
    eventually("the stuck one is closed", move || {
        waiting.stats().ws_connections == 1
    })
    .await;
    publish(&hub, "room", "last").await;
    assert!(reading.await.unwrap() > 0);
    drop(stuck);
}

#[tokio::test]
async fn s18_answers_to_a_client_that_has_gone_are_errors() {
    let hub = Hub::default();
    let (kept, mut sessions) = tokio::sync::mpsc::channel(1);
    let endpoint = WsEndpoint::new(&hub).on_message(move |session, _| {
        let kept = kept.clone();
        async move { kept.send(session).await.unwrap() }
    });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let mut socket = connect(&server).await;
    say(&mut socket, "{}").await;
    let session = sessions.recv().await.unwrap();
    assert!(session.send("hello").await.is_ok());
    socket.close(None).await.unwrap();
    let hub = server.hub.clone();
    eventually("it is closed", move || hub.stats().ws_connections == 0).await;
    assert!(session.send("anybody?").await.is_err());
    assert!(session.close(1000, "").await.is_err());
}
