//! Sockets whose client writes its frames by hand: compressed, in pieces, too long, or none at all.

use axum::Router;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use super::client_limits::{refused, start};
use super::raw_client::RawClient;
use super::serve::Served;
use super::ws::{connect, html, say};
use super::*;
use crate::server::ServeConfig;

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
async fn close_code(socket: &mut (impl AsyncRead + Unpin)) -> u16 {
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

/// Signs of life kept a message in memory for ever that its client never finished.
#[tokio::test]
async fn s20_a_message_that_is_never_finished_closes_its_socket() {
    let mut config = HubConfig::default();
    let limit = Duration::from_millis(600);
    config.socket.message_timeout = limit;
    let served = Served::start(Hub::new(config), Router::new(), ServeConfig::default()).await;
    let server = &served.server;
    let closes = async |bytes: Vec<u8>, has_whole_frames: bool| {
        let (mut socket, _) = raw_socket(server, "").await;
        let began = std::time::Instant::now();
        socket.write_all(&bytes).await.unwrap();
        let (mut read, mut write) = socket.split();
        let signs_of_life = async {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if has_whole_frames {
                    let _ = write.write_all(&masked(0x8a, b"")).await;
                }
            }
        };
        tokio::select! {
            code = close_code(&mut read) => assert_eq!(code, 1013, "{bytes:?}"),
            () = signs_of_life => {}
        }
        assert!(began.elapsed() >= limit, "{bytes:?}");
    };
    tokio::join!(
        closes(masked(0x01, b"x"), true),
        // Right behind one that is finished.
        closes(
            [masked(0x81, b"{}"), masked(0x01, b"x"), masked(0x00, b"y")].concat(),
            true
        ),
        // Not even the head of its frame.
        closes(vec![0x81], false),
    );
    let refused = || server.hub.stats().refused["unfinished_message"];
    assert_eq!(refused(), 3);
    // A slow one that is finished in time is not cut, nor are several that take longer together.
    let (mut socket, _) = raw_socket(server, "").await;
    for _ in 0..3 {
        for piece in [masked(0x01, b"{"), masked(0x00, b""), masked(0x80, b"}")] {
            socket.write_all(&piece).await.unwrap();
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
    }
    socket
        .write_all(&masked(0x88, &1000_u16.to_be_bytes()))
        .await
        .unwrap();
    assert_eq!(close_code(&mut socket).await, 1000);
    assert_eq!(refused(), 3);
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
