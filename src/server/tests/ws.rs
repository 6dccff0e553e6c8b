//! The socket endpoint: both directions, and who may come in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use futures_util::{SinkExt, StreamExt};
use http::request::Parts;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;
use crate::server::{Fragment, HubConfig, Retention, WsEndpoint};

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects as a page of this origin does; `None` sends no origin.
pub(super) async fn connect_from(server: &TestServer, origin: Option<&str>) -> Result<Socket, Error> {
    let origin = origin.map(|origin| ("origin", origin));
    connect_with(server, origin.as_slice()).await
}

/// Connects with these headers.
pub(super) async fn connect_with(
    server: &TestServer,
    headers: &[(&'static str, &str)],
) -> Result<Socket, Error> {
    let url = format!("ws://{}/ws", server.address);
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

pub(super) async fn connect(server: &TestServer) -> Socket {
    let own = format!("http://{}", server.address);
    connect_from(server, Some(&own)).await.unwrap()
}

/// The next frame as text: the text itself, `ping`, or `close <code> <reason>`.
pub(super) async fn frame(socket: &mut Socket) -> String {
    loop {
        let frame = any_frame(socket).await;
        // Every socket says it first.
        if !frame.starts_with("{\"ll:version\"") {
            return frame;
        }
    }
}

async fn any_frame(socket: &mut Socket) -> String {
    let next = tokio::time::timeout(Duration::from_secs(5), socket.next());
    match next.await.expect("a frame within five seconds") {
        Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
        Some(Ok(Message::Ping(_))) => "ping".to_owned(),
        Some(Ok(Message::Close(Some(frame)))) => format!("close {} {}", u16::from(frame.code), frame.reason),
        Some(Ok(other)) => format!("{other:?}"),
        Some(Err(error)) => format!("error {error}"),
        None => "gone".to_owned(),
    }
}

/// The next frame with HTML in it.
pub(super) async fn html(socket: &mut Socket) -> String {
    loop {
        let text = frame(socket).await;
        if text != "ping" && !text.starts_with("{\"ll:") {
            return text;
        }
    }
}

pub(super) async fn say(socket: &mut Socket, text: &str) {
    socket.send(Message::text(text)).await.unwrap();
}

/// A server whose `/ws` carries the topic `room`, answers `echo`, and publishes `all`.
async fn start(config: HubConfig) -> TestServer {
    let hub = Hub::new(config);
    let publisher = hub.clone();
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .tag("chat")
        .on_message(move |session, message| {
            let hub = publisher.clone();
            async move {
                if let Some(text) = message.value("echo") {
                    session.send(Fragment::text(text)).await.unwrap();
                }
                if let Some(text) = message.value("all") {
                    publish(&hub, "room", text).await;
                }
                if message.value("who").is_some() {
                    let host = session.headers()["host"].to_str().unwrap();
                    let told = format!("{host} {}", session.tag().unwrap());
                    session.send(told).await.unwrap();
                }
                if message.value("leave").is_some() {
                    session.send("bye").await.unwrap();
                    session.close(4401, "left").await.unwrap();
                }
            }
        });
    TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await
}

#[tokio::test]
async fn a_message_is_answered_and_what_is_published_reaches_everyone() {
    // SRV-06
    let server = start(HubConfig::default()).await;
    let mut ann = connect(&server).await;
    let mut bob = connect(&server).await;
    let heartbeat = format!("{{\"ll:heartbeat\":\"{}\"}}", server.hub.head());
    assert_eq!(frame(&mut ann).await, heartbeat);
    assert_eq!(frame(&mut bob).await, heartbeat);

    say(&mut ann, r#"{"echo":"<b>","HEADERS":{"HX-Request":"true"}}"#).await;
    assert_eq!(frame(&mut ann).await, "&lt;b&gt;");
    say(&mut bob, r#"{"all":"hello","HEADERS":{}}"#).await;
    assert_eq!(frame(&mut ann).await, "hello");
    assert_eq!(frame(&mut bob).await, "hello");
    say(&mut ann, r#"{"who":""}"#).await;
    assert_eq!(frame(&mut ann).await, format!("{} chat", server.address));

    let stats = server.hub.stats();
    assert_eq!((stats.ws_connections, stats.tasks), (2, 2));
    assert_eq!(stats.topics[&topic("room")].subscribers, 2);
    ann.close(None).await.unwrap();
    drop(bob);
    let hub = server.hub.clone();
    eventually("both are forgotten", move || {
        let stats = hub.stats();
        (stats.ws_connections, stats.subscriptions, stats.tasks) == (0, 0, 0)
            && stats.topics[&topic("room")].subscribers == 0
    })
    .await;
}

#[tokio::test]
async fn messages_of_one_client_are_handled_in_order() {
    let server = start(HubConfig::default()).await;
    let mut socket = connect(&server).await;
    for n in 0..300 {
        socket
            .feed(Message::text(format!(r#"{{"echo":"{n}"}}"#)))
            .await
            .unwrap();
    }
    socket.flush().await.unwrap();
    for n in 0..300 {
        assert_eq!(html(&mut socket).await, n.to_string());
    }
}

#[tokio::test]
async fn a_handler_can_close_with_a_code_that_says_why() {
    let server = start(HubConfig::default()).await;
    let mut socket = connect(&server).await;
    say(&mut socket, r#"{"leave":"1"}"#).await;
    assert_eq!(html(&mut socket).await, "bye");
    assert_eq!(html(&mut socket).await, "close 4401 left");
    let hub = server.hub.clone();
    eventually("it is closed", move || hub.stats().ws_connections == 0).await;
}

#[tokio::test]
async fn s01_s02_a_foreign_or_absent_origin_is_refused_before_any_handler() {
    let server = start(HubConfig::default()).await;
    for (origin, reason) in [
        (Some("https://evil.example"), "foreign_origin"),
        (Some("null"), "foreign_origin"),
        (None, "missing_origin"),
    ] {
        match connect_from(&server, origin).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403, "{origin:?}"),
            other => panic!("{origin:?}: expected 403, found {other:?}"),
        }
        assert!(
            server.hub.stats().refused.contains_key(reason),
            "{origin:?}: {reason}"
        );
    }
    assert_eq!(server.hub.stats().ws_connections, 0);
}

#[tokio::test]
async fn s02_public_origins_and_absent_ones_can_be_allowed() {
    let mut config = HubConfig::default();
    config.access.public_origins = vec!["https://app.example".parse().unwrap()];
    config.access.allow_missing_origin = true;
    let server = start(config).await;
    assert!(connect_from(&server, Some("https://app.example")).await.is_ok());
    assert!(connect_from(&server, None).await.is_ok());
    assert!(connect_from(&server, Some("https://evil.example")).await.is_err());
}

#[tokio::test]
async fn r13_pings_and_heartbeats_are_sent() {
    let server = start(HubConfig {
        heartbeat: Duration::from_millis(200),
        ..HubConfig::default()
    })
    .await;
    let mut socket = connect(&server).await;
    let before = server.hub.head();
    assert_eq!(
        frame(&mut socket).await,
        format!("{{\"ll:heartbeat\":\"{before}\"}}")
    );
    let after = publish(&server.hub, "elsewhere", "x").await;
    for _ in 0..5 {
        assert_eq!(frame(&mut socket).await, "ping");
        assert_eq!(
            frame(&mut socket).await,
            format!("{{\"ll:heartbeat\":\"{after}\"}}")
        );
    }
    // Five heartbeats are twice as long as a silent peer is waited for: the pongs count.
    assert_eq!(server.hub.stats().ws_connections, 1);
}

#[tokio::test]
async fn r29_a_socket_says_which_version_it_speaks() {
    let server = start(HubConfig::default()).await;
    let mut socket = connect(&server).await;
    assert!(any_frame(&mut socket).await.starts_with("{\"ll:heartbeat\""));
    assert_eq!(any_frame(&mut socket).await, r#"{"ll:version":"1"}"#);
}

#[tokio::test]
async fn r17_a_shutdown_closes_sockets_with_1012() {
    let server = start(HubConfig::default()).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    server.hub.shutdown(100);
    assert!(frame(&mut socket).await.starts_with("{\"ll:retry\":\""));
    assert_eq!(frame(&mut socket).await, "close 1012 going away");
    let hub = server.hub.clone();
    eventually("it is closed", move || hub.stats().ws_connections == 0).await;
}

#[tokio::test]
async fn r15_sockets_can_be_disconnected_by_tag() {
    let server = start(HubConfig::default()).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    server.hub.disconnect("other");
    publish(&server.hub, "room", "still here").await;
    assert_eq!(frame(&mut socket).await, "still here");
    server.hub.disconnect("chat");
    assert_eq!(frame(&mut socket).await, "close 1012 going away");
}

#[tokio::test]
async fn the_latest_values_are_sent_when_a_socket_opens() {
    let server = start(HubConfig::default()).await;
    server.hub.declare(topic("room"), Retention::Latest);
    publish_named(&server.hub, "room", "old").await;
    publish_named(&server.hub, "room", "new").await;
    let mut socket = connect(&server).await;
    assert_eq!(html(&mut socket).await, "old");
    assert_eq!(html(&mut socket).await, "new");
}

#[tokio::test]
async fn s18_an_endpoint_with_too_many_topics_is_closed_for_good() {
    let hub = Hub::new(HubConfig {
        max_topics: 1,
        ..HubConfig::default()
    });
    let endpoint = WsEndpoint::new(&hub).topics([topic("a"), topic("b")]);
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let mut socket = connect(&server).await;
    assert_eq!(frame(&mut socket).await, "close 4400 too many topics");
    assert_eq!(server.hub.stats().ws_connections, 0);
}

#[tokio::test]
async fn an_app_upgrades_or_refuses_in_a_handler_of_its_own() {
    let hub = Hub::default();
    let calls = Arc::new(AtomicUsize::new(0));
    let handler = {
        let (hub, calls) = (hub.clone(), calls.clone());
        move |upgrade: WebSocketUpgrade, request: Parts| async move {
            if calls.fetch_add(1, Ordering::Relaxed) == 0 {
                return WsEndpoint::refuse(upgrade, 4401, "sign in");
            }
            WsEndpoint::new(hub)
                .topics([topic("room")])
                .upgrade(upgrade, &request)
                .await
        }
    };
    let server = TestServer::start(hub, Router::new().route("/ws", get(handler))).await;
    let mut refused = connect(&server).await;
    assert_eq!(frame(&mut refused).await, "close 4401 sign in");
    let mut accepted = connect(&server).await;
    frame(&mut accepted).await;
    publish(&server.hub, "room", "hi").await;
    assert_eq!(frame(&mut accepted).await, "hi");
    // Messages of an endpoint without a handler are ignored.
    say(&mut accepted, r#"{"a":"1"}"#).await;
    publish(&server.hub, "room", "still").await;
    assert_eq!(frame(&mut accepted).await, "still");
}
