//! Clients that want too much: each is refused in its own way, which is counted.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::raw_client::RawClient;
use super::ws::{connect, connect_with, frame, html, say};
use super::*;
use crate::server::{Fragment, Network, TrustedProxies, UserId, WsEndpoint};

async fn who(mut request: Request, next: Next) -> Response {
    if let Some(user) = request.headers().get("x-user") {
        let user = UserId::new(user.to_str().unwrap());
        request.extensions_mut().insert(user);
    }
    next.run(request).await
}

pub(super) async fn start(config: HubConfig) -> TestServer {
    let hub = Hub::new(config);
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .on_message(|session, message| async move {
            let echo = message.value("echo").unwrap_or_default();
            let _ = session.send(Fragment::text(echo)).await;
        });
    let routes = Router::new().route("/ws", get(endpoint));
    TestServer::start_layered(hub, routes, |app| app.layer(from_fn(who))).await
}

pub(super) fn refused(server: &TestServer, reason: &str) -> u64 {
    server
        .hub
        .stats()
        .refused
        .get(reason)
        .copied()
        .unwrap_or_default()
}

#[tokio::test]
async fn s22_one_user_has_so_many_connections_and_the_place_is_free_again() {
    let server = start(HubConfig {
        max_connections_per_user: 2,
        ..HubConfig::default()
    })
    .await;
    let ann = [("x-user", "ann")];
    let stream = RawClient::get(server.address, "/sse?topic=a", &ann).await;
    let own = format!("http://{}", server.address);
    let headers = [("x-user", "ann"), ("origin", own.as_str())];
    let _socket = connect_with(&server, &headers).await.unwrap();

    let third = RawClient::get(server.address, "/sse?topic=a", &ann).await;
    assert_eq!(third.status(), 429);
    assert!(third.has_header("retry-after: 5"));
    match connect_with(&server, &headers).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 429),
        other => panic!("expected 429, found {other:?}"),
    }
    assert_eq!(refused(&server, "too_many_connections_of_user"), 2);
    let bob = RawClient::get(server.address, "/sse?topic=a", &[("x-user", "bob")]).await;
    assert_eq!(bob.status(), 200);
    drop(stream);
    let hub = server.hub.clone();
    eventually("the stream is forgotten", move || {
        hub.stats().sse_connections == 1
    })
    .await;
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &ann)
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn s22_one_address_has_so_many_connections_also_behind_a_proxy() {
    let mut config = HubConfig {
        max_connections_per_address: 1,
        ..HubConfig::default()
    };
    let direct = start(config.clone()).await;
    let _open = RawClient::get(direct.address, "/sse?topic=a", &[]).await;
    let spoofed = [("x-forwarded-for", "198.51.100.7")];
    assert_eq!(
        RawClient::get(direct.address, "/sse?topic=a", &spoofed)
            .await
            .status(),
        429
    );
    assert_eq!(refused(&direct, "too_many_connections_of_address"), 1);

    config.access.trusted_proxies = TrustedProxies {
        networks: vec!["127.0.0.0/8".parse::<Network>().unwrap()],
        ..TrustedProxies::default()
    };
    let proxied = start(config).await;
    let mut open = Vec::new();
    for (client, status) in [
        ("198.51.100.7", 200),
        ("198.51.100.8", 200),
        ("1.1.1.1, 198.51.100.7", 429),
        ("198.51.100.9, 127.0.0.2", 200),
    ] {
        let headers = [("x-forwarded-for", client)];
        open.push(RawClient::get(proxied.address, "/sse?topic=a", &headers).await);
        assert_eq!(open.last().unwrap().status(), status, "{client}");
    }
}

#[tokio::test]
async fn s22_a_flood_of_messages_is_read_at_its_rate_and_nothing_is_lost() {
    let mut config = HubConfig::default();
    (config.socket.messages_per_second, config.socket.message_burst) = (100, 20);
    let server = start(config).await;
    let mut flood = connect(&server).await;
    let mut other = connect(&server).await;
    let began = Instant::now();
    for n in 0..70 {
        flood
            .feed(Message::text(format!(r#"{{"echo":"{n}"}}"#)))
            .await
            .unwrap();
    }
    flood.flush().await.unwrap();
    say(&mut other, r#"{"echo":"at once"}"#).await;
    assert_eq!(html(&mut other).await, "at once");
    assert!(
        began.elapsed() < Duration::from_millis(300),
        "{:?}",
        began.elapsed()
    );
    for n in 0..70 {
        assert_eq!(html(&mut flood).await, n.to_string());
    }
    let elapsed = began.elapsed();
    assert!(elapsed >= Duration::from_millis(450), "{elapsed:?}");
    let waited = refused(&server, "message_rate");
    assert!((30..=51).contains(&waited), "{waited}");
}

#[tokio::test]
async fn s18_a_cursor_that_is_too_long_is_refused_and_counted() {
    let server = start(HubConfig::default()).await;
    let long = "9".repeat(300);
    let by_header = RawClient::get(server.address, "/sse?topic=a", &[("last-event-id", &long)]).await;
    let by_parameter =
        RawClient::get(server.address, &format!("/sse?topic=a&last-event-id={long}"), &[]).await;
    assert_eq!((by_header.status(), by_parameter.status()), (400, 400));
    assert_eq!(refused(&server, "cursor_too_long"), 2);
    assert_eq!(server.hub.stats().subscriptions, 0);
}

#[tokio::test]
async fn s18_s20_requests_with_too_much_in_their_head_end_before_any_handler() {
    let server = start(HubConfig::default()).await;
    let many: Vec<_> = (0..200).map(|n| format!("x-{n}")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), "1")).collect();
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &many)
            .await
            .status(),
        431
    );
    let long = "x".repeat(1 << 20);
    let head = RawClient::get(server.address, "/sse?topic=a", &[("x-long", &long)]).await;
    assert_eq!(head.status(), 431);
    assert_eq!(server.hub.stats().subscriptions, 0);
}

#[tokio::test]
async fn s22_the_server_says_so_when_it_is_full() {
    let server = start(HubConfig {
        max_connections: 1,
        ..HubConfig::default()
    })
    .await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    let full = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    assert_eq!(full.status(), 503);
    assert!(full.has_header("retry-after: 5"));
    assert_eq!(refused(&server, "too_many_connections"), 1);
}
