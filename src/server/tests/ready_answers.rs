//! An answer that is ready reaches the client, whatever becomes of its connection: it is closed, given to somebody else, or
//! the next request on it fails.

use std::io;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse as _;
use futures_util::future::join_all;
use futures_util::stream::iter;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use super::serve::{Served, rest};
use super::*;
use crate::server::ServeConfig;

const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\n";

fn get_of(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n{headers}\r\n")
}

/// A body of which the first frame is an error.
async fn broken() -> Body {
    Body::from_stream(iter([Err::<&str, _>(io::Error::other("no body"))]))
}

/// A body that is shorter than it says.
async fn short() -> Response {
    let body = Body::from_stream(iter([Ok::<_, io::Error>("short")]));
    ([("content-length", "10")], body).into_response()
}

async fn panics() -> &'static str {
    panic!("this is what the test is about")
}

/// Says to a tunnel what comes out of it.
async fn tunnel(request: Request) -> StatusCode {
    if request.method() != Method::CONNECT {
        return StatusCode::NOT_FOUND;
    }
    tokio::spawn(async move {
        let mut tunnel = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        let mut said = [0; 5];
        tunnel.read_exact(&mut said).await.unwrap();
        tunnel.write_all(&said).await.unwrap();
    });
    StatusCode::OK
}

/// `/say/x` says `<x>`, `/kilobyte` as much, and the others are as their names say.
async fn served(config: ServeConfig) -> Served {
    let more = Router::new()
        .route(
            "/say/{what}",
            get(async |Path(what): Path<String>| format!("<{what}>")),
        )
        .route("/kilobyte", get(async || format!("<{}>", "x".repeat(1_000))))
        .route("/broken", get(broken))
        .route("/short", get(short))
        .route("/panics", get(panics))
        .fallback(tunnel);
    Served::start(Hub::default(), more, config).await
}

async fn connect(served: &Served, requests: &str) -> TcpStream {
    let mut socket = TcpStream::connect(served.server.address).await.unwrap();
    socket.write_all(requests.as_bytes()).await.unwrap();
    socket
}

/// Reads until this was heard.
async fn until(socket: &mut TcpStream, end: &str) -> String {
    let mut heard = Vec::new();
    while !heard.ends_with(end.as_bytes()) {
        let read = timeout(Duration::from_secs(10), socket.read_u8());
        heard.push(read.await.expect(end).expect(end));
    }
    String::from_utf8(heard).unwrap()
}

#[tokio::test]
async fn a_request_for_an_upgrade_that_is_not_made_is_answered_before_the_close() {
    let served = served(ServeConfig::default()).await;
    let asks = get_of("/say/a", "connection: close, upgrade\r\nupgrade: h2c\r\n");
    let heard = rest(&mut connect(&served, &asks).await).await;
    assert!(heard.ends_with("<a>"), "{heard:?}");
    let both = get_of("/say/a", "") + &get_of("/say/b", "connection: close, upgrade\r\nupgrade: h2c\r\n");
    let heard = rest(&mut connect(&served, &both).await).await;
    assert!(
        heard.contains("<a>HTTP/1.1 200 OK") && heard.ends_with("<b>"),
        "{heard:?}"
    );
}

#[tokio::test]
async fn requests_after_a_refused_socket_are_answered_before_the_close() {
    let served = served(ServeConfig::default()).await;
    let other_site = format!(
        "origin: http://other\r\n{UPGRADE}sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    let mut socket = connect(&served, &get_of("/ws", &other_site)).await;
    assert!(until(&mut socket, "\r\n").await.starts_with("HTTP/1.1 403 "));
    for (headers, said) in [("", "<a>"), ("connection: close\r\n", "<b>")] {
        let path = format!("/say/{}", &said[1..2]);
        socket.write_all(get_of(&path, headers).as_bytes()).await.unwrap();
        until(&mut socket, said).await;
    }
    assert_eq!(rest(&mut socket).await, "");
}

#[tokio::test]
async fn a_tunnel_opens_at_once() {
    let served = served(ServeConfig::default()).await;
    let mut socket = connect(&served, "CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n").await;
    let head = until(&mut socket, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    socket.write_all(b"hello").await.unwrap();
    assert_eq!(until(&mut socket, "hello").await, "hello");
}

#[tokio::test]
async fn a_request_that_fails_takes_no_other_answer_along() {
    let served = served(ServeConfig::default()).await;
    let (a, b) = (get_of("/say/a", ""), get_of("/say/b", ""));
    for second in [&b, &b[..b.len() / 2]] {
        // So many bytes are read at once, which is when the end is met together with the second request.
        let length = "cookie: \r\n".len() + a.len() + second.len();
        let filling = format!("cookie: {}\r\n", "x".repeat((8 << 10) - length));
        let both = get_of("/say/a", &filling) + second;
        let mut socket = connect(&served, &both).await;
        socket.shutdown().await.unwrap();
        let heard = rest(&mut socket).await;
        assert!(heard.ends_with("<a>"), "{second:?}: {heard:?}");
    }
    for path in ["/broken", "/short", "/panics"] {
        let mut socket = connect(&served, &(a.clone() + &get_of(path, ""))).await;
        let heard = rest(&mut socket).await;
        assert!(heard.contains("<a>"), "{path}: {heard:?}");
    }
}

/// However much the kernel takes, with some of these numbers of requests it takes all answers but the ones sent together at
/// the end.
#[tokio::test]
async fn a_client_that_takes_its_answers_late_gets_all_of_them() {
    let config = ServeConfig {
        header_timeout: Duration::from_millis(200),
        send_buffer: Some(4 << 10),
        ..ServeConfig::default()
    };
    let served = served(config).await;
    let late = async |count: usize| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let mut socket = socket.connect(served.server.address).await.unwrap();
        let requests = get_of("/kilobyte", "").repeat(count);
        socket.write_all(requests.as_bytes()).await.unwrap();
        sleep(Duration::from_millis(500)).await;
        rest(&mut socket).await.matches("x>").count()
    };
    let counts: Vec<usize> = (1..=40).collect();
    let answered = join_all(counts.iter().copied().map(late)).await;
    assert_eq!(answered, counts);
}
