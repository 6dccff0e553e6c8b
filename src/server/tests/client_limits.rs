//! Clients that want too much: each is refused in its own way, which is counted, and leaks nothing.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::raw_client::RawClient;
use super::ws::{connect, connect_with, frame, html, say};
use super::*;
use crate::server::{Cookies, Denied, Fragment, Network, Rejection, TrustedProxies, UserId, WsEndpoint};

async fn who(mut request: Request, next: Next) -> Response {
    if let Some(user) = request.headers().get("x-user") {
        let user = UserId::new(user.to_str().unwrap());
        request.extensions_mut().insert(user);
    }
    next.run(request).await
}

async fn start(config: HubConfig) -> TestServer {
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
async fn s10_s18_names_that_may_not_be_are_errors_and_never_reach_a_reader() {
    for name in [
        "ll:close",
        "ll:",
        "LL:x\n",
        "a\r\nevent: b",
        "",
        &"x".repeat(256),
        "%6c%6c:close\0",
    ] {
        assert!(EventName::new(name).is_err(), "{name:?}");
    }
    // A name is not decoded anywhere, so an encoded one is just another name.
    assert!(EventName::new("%6c%6c:close").is_ok());
    assert!(crate::Topic::new("x".repeat(256)).is_err());
}

/// A handshake by hand, so that frames can be wrong.
async fn raw_socket(server: &TestServer, extensions: &str) -> (tokio::net::TcpStream, String) {
    let mut socket = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let address = server.address;
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         {extensions}\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    (socket, String::from_utf8(head).unwrap().to_ascii_lowercase())
}

/// A masked frame, with a mask that changes nothing.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    assert!(length < 126);
    [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

/// The code of the close frame that comes, whatever comes before.
async fn close_code(socket: &mut tokio::net::TcpStream) -> u16 {
    loop {
        let (first, length) = (socket.read_u8().await.unwrap(), socket.read_u8().await.unwrap());
        let mut payload = vec![0; usize::from(length)];
        socket.read_exact(&mut payload).await.unwrap();
        if first == 0x88 {
            return u16::from_be_bytes([payload[0], payload[1]]);
        }
    }
}

#[tokio::test]
async fn s19_no_compression_is_agreed_on_and_a_compressed_frame_is_an_error() {
    let server = start(HubConfig::default()).await;
    let offer = "sec-websocket-extensions: permessage-deflate; client_max_window_bits\r\naccept-encoding: gzip, br\r\n";
    let (mut socket, head) = raw_socket(&server, offer).await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(!head.contains("sec-websocket-extensions"), "{head}");
    // The bit that says “compressed”: a text frame with it is refused, so there is nothing to inflate.
    socket.write_all(&masked(0xc1, b"\x4b\x4c")).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 1002);
    assert_eq!(refused(&server, "protocol_error"), 1);
    let stream = RawClient::get(server.address, "/sse?topic=a", &[("accept-encoding", "gzip, br")]).await;
    assert!(!stream.head.contains("content-encoding"), "{}", stream.head);
}

#[tokio::test]
async fn s20_a_message_in_tiny_pieces_has_the_same_limit() {
    let mut config = HubConfig::default();
    config.socket.max_message_bytes = 4_096;
    let server = start(config).await;
    let (mut socket, _) = raw_socket(&server, "").await;
    let mut pieces = masked(0x01, b"x");
    // Empty ones count for nothing and are kept nowhere.
    for _ in 0..20_000 {
        pieces.extend(masked(0x00, b""));
    }
    for _ in 0..4_200 {
        pieces.extend(masked(0x00, b"x"));
    }
    // The server may close before all of it is written.
    let _ = socket.write_all(&pieces).await;
    assert_eq!(close_code(&mut socket).await, 1009);
    assert_eq!(refused(&server, "oversize_message"), 1);
    // A frame that declares more than there is memory is refused for what it declares.
    let (mut socket, _) = raw_socket(&server, "").await;
    let huge = [&[0x82, 0xff][..], &(1_u64 << 62).to_be_bytes(), &[0; 4]].concat();
    socket.write_all(&huge).await.unwrap();
    assert_eq!(close_code(&mut socket).await, 1009);
}

#[tokio::test]
async fn s21_broken_frames_close_their_socket_and_no_other() {
    let server = start(HubConfig::default()).await;
    let mut other = connect(&server).await;
    let broken: [(&str, Vec<u8>, u16); 6] = [
        ("not masked", vec![0x81, 0x01, b'x'], 1002),
        ("an unknown kind", masked(0x83, b"x"), 1002),
        ("a ping in pieces", masked(0x09, b"x"), 1002),
        ("a piece of nothing", masked(0x80, b"x"), 1002),
        ("no UTF-8", masked(0x81, b"\xff\xfe"), 1007),
        (
            "two beginnings",
            [masked(0x01, b"x"), masked(0x81, b"y")].concat(),
            1002,
        ),
    ];
    for (what, bytes, code) in broken {
        let (mut socket, _) = raw_socket(&server, "").await;
        socket.write_all(&bytes).await.unwrap();
        assert_eq!(close_code(&mut socket).await, code, "{what}");
    }
    say(&mut other, r#"{"echo":"fine"}"#).await;
    assert_eq!(html(&mut other).await, "fine");
    let hub = server.hub.clone();
    eventually("one is left", move || hub.stats().ws_connections == 1).await;
}

#[tokio::test]
async fn s25_hostile_cursors_are_gaps_and_nothing_more() {
    let server = start(HubConfig::default()).await;
    publish(&server.hub, "a", "kept").await;
    let head = server.hub.head();
    let foreign = head.to_string().replacen(|_: char| true, "f", 16);
    for cursor in [
        "-1",
        "18446744073709551616",
        "{\"a\":{\"a\":1}}",
        "../../etc/passwd",
        "<script>",
        "0-0-0",
        "ffffffffffffffff-18446744073709551615",
        &foreign,
        "%00",
        "é",
    ] {
        let mut client = RawClient::get(server.address, "/sse?topic=a", &[("last-event-id", cursor)]).await;
        assert_eq!(client.status(), 200, "{cursor}");
        let event = client.next_event().await.unwrap();
        assert_eq!(event.data, "kept", "{cursor}");
        assert!(!String::from_utf8_lossy(&client.body).contains("passwd"));
    }
    assert_eq!(server.hub.stats().gaps, 10);
}

#[tokio::test]
async fn s26_refusals_say_what_was_expected_and_nothing_about_the_inside() {
    let all = [
        Rejection::CursorTooLong {
            limit: 256,
            found: 300,
        },
        Rejection::TooManyTopics { limit: 100 },
        Rejection::TooManyConnections { limit: 1 },
        Rejection::TooManyConnectionsOfUser { limit: 1 },
        Rejection::TooManyConnectionsOfAddress { limit: 1 },
        Rejection::ShuttingDown,
        Rejection::MissingOrigin,
        Rejection::ForeignOrigin,
        Rejection::CookiesUndeclared,
        Rejection::Denied(Denied::Unauthenticated),
        Rejection::Denied(Denied::Forbidden),
        Rejection::Denied(Denied::Undecided),
    ];
    for refused in all {
        let response = axum::response::IntoResponse::into_response(refused);
        assert!(response.status().is_client_error() || response.status().is_server_error());
        assert_eq!(response.headers()["cache-control"], "no-store");
        let retry = response.headers().contains_key("retry-after");
        assert_eq!(
            retry,
            matches!(response.status().as_u16(), 429 | 503),
            "{refused}"
        );
        let body = axum::body::to_bytes(response.into_body(), 1_024).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(body.contains("expected"), "{body}");
        for inside in [
            ".rs",
            "src/",
            "panicked",
            "tokio",
            "axum",
            "Topic(",
            "/home",
            "127.0.0.1",
        ] {
            assert!(!body.contains(inside), "{body}");
        }
    }
}

#[tokio::test]
async fn s33_secrets_are_shown_by_no_debug_output() {
    let hub = Hub::new(HubConfig {
        access: crate::server::AccessConfig {
            cookies: Cookies::Authenticate,
            ..crate::server::AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let request = http::Request::get("/sse?token=hunter2")
        .header("cookie", "session=hunter2")
        .header("authorization", "Bearer hunter2");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let client = hub.client(&parts).unwrap();
    let request = SseRequest::new(parts);
    let response = hub.sse([topic("a")], request.clone());
    let shown = format!("{client:?} {request:?} {response:?} {hub:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    // No token is read from an address: there is nobody who would tell a user from it.
    assert_eq!(client.user(), None);
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
