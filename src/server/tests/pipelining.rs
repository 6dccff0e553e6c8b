//! Requests that are sent without waiting for the answers before them: what may wait for the next answer does not wait for
//! anything else.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::routing::post;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::serve::Served;
use super::*;
use crate::server::ServeConfig;

/// A client that sees what has come so far.
struct Talk {
    socket: TcpStream,
    heard: String,
}

impl Talk {
    async fn start(served: &Served, requests: &[String]) -> Self {
        let mut socket = TcpStream::connect(served.server.address).await.unwrap();
        socket.write_all(requests.concat().as_bytes()).await.unwrap();
        Self {
            socket,
            heard: String::new(),
        }
    }

    /// Reads until this was heard, and returns everything up to its end.
    async fn until(&mut self, end: &str) -> String {
        let mut from = 0;
        loop {
            if let Some(at) = self.heard[from..].find(end) {
                let rest = self.heard.split_off(from + at + end.len());
                return std::mem::replace(&mut self.heard, rest);
            }
            from = self.heard.len().saturating_sub(end.len());
            while !self.heard.is_char_boundary(from) {
                from -= 1;
            }
            let mut piece = vec![0; 64 << 10];
            let read = timeout(Duration::from_secs(10), self.socket.read(&mut piece));
            let count = read.await.unwrap_or_else(|_| {
                panic!(
                    "expected {end:?}, found {:?}",
                    &self.heard[from.saturating_sub(300)..]
                )
            });
            let count = count.unwrap();
            assert!(count > 0, "closed before {end:?}: {:?}", self.heard);
            self.heard.push_str(&String::from_utf8_lossy(&piece[..count]));
        }
    }
}

fn get_of(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
}

/// `/say/x` says `<x>`, `/long` much, `/slow` something once it is told to, `/echo` what it was sent.
async fn served() -> (Served, Arc<Notify>) {
    let may_go = Arc::new(Notify::new());
    let slow = {
        let may_go = may_go.clone();
        async move || {
            may_go.notified().await;
            "<slow>"
        }
    };
    let more = Router::new()
        .route(
            "/say/{what}",
            get(async |Path(what): Path<String>| format!("<{what}>")),
        )
        .route("/long", get(async || format!("<{}>", "x".repeat(300_000))))
        .route("/slow", get(slow))
        .route("/echo", post(async |body: String| format!("<{body}>")));
    let served = Served::start(Hub::default(), more, ServeConfig::default()).await;
    (served, may_go)
}

#[tokio::test]
async fn many_requests_at_once_are_all_answered_in_order() {
    let (served, _) = served().await;
    let requests: Vec<String> = (0..1_000).map(|n| get_of(&format!("/say/{n}"))).collect();
    let mut talk = Talk::start(&served, &requests).await;
    for n in 0..1_000 {
        let answer = talk.until(">").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with(&format!("\r\n\r\n<{n}>")), "{answer}");
    }
    assert_eq!(talk.heard, "");
    // The connection goes on as before, one at a time.
    for n in 0..3 {
        talk.socket
            .write_all(get_of(&format!("/say/{n}")).as_bytes())
            .await
            .unwrap();
        assert!(talk.until(">").await.ends_with(&format!("\r\n\r\n<{n}>")));
    }
}

#[tokio::test]
async fn small_and_long_answers_keep_their_order() {
    let (served, _) = served().await;
    let paths = ["/say/a", "/say/b", "/long", "/say/c", "/long", "/say/d"];
    let mut talk = Talk::start(&served, &paths.map(get_of)).await;
    let long = format!("<{}>", "x".repeat(300_000));
    for expected in ["<a>", "<b>", &long, "<c>", &long, "<d>"] {
        let answer = talk.until(">").await;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            body == expected,
            "expected {} bytes, found {answer:.300}",
            expected.len()
        );
    }
}

#[tokio::test]
async fn an_answer_does_not_wait_while_the_next_request_is_answered() {
    let (served, may_go) = served().await;
    let paths = ["/say/a", "/slow", "/say/b", "/slow", "/say/c"];
    let mut talk = Talk::start(&served, &paths.map(get_of)).await;
    for said in ["<a>", "<b>"] {
        talk.until(said).await;
        assert_eq!(talk.heard, "");
        may_go.notify_one();
        talk.until("<slow>").await;
    }
    talk.until("<c>").await;
}

#[tokio::test]
async fn a_stream_behind_other_requests_begins_at_once() {
    let (served, _) = served().await;
    let paths = ["/say/a", "/say/b", "/sse?topic=a", "/say/c"];
    let mut talk = Talk::start(&served, &paths.map(get_of)).await;
    for expected in ["<a>", "<b>", "content-type: text/event-stream\r\n", "ll:version"] {
        talk.until(expected).await;
    }
    for n in 0..10 {
        publish(&served.server.hub, "a", &format!("event {n}")).await;
        talk.until(&format!("data: event {n}\n\n")).await;
    }
}

#[tokio::test]
async fn a_socket_behind_another_request_opens_at_once() {
    let (served, _) = served().await;
    let upgrade = "GET /ws HTTP/1.1\r\nhost: x\r\norigin: http://x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                   sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let mut talk = Talk::start(&served, &[get_of("/say/a"), upgrade.to_owned()]).await;
    talk.until("<a>").await;
    assert!(talk.until("\r\n\r\n").await.starts_with("HTTP/1.1 101 "));
    for said in ["one", "two"] {
        publish(&served.server.hub, "room", said).await;
        talk.until(said).await;
    }
}

#[tokio::test]
async fn a_client_that_asks_whether_to_go_on_is_told_at_once() {
    let (served, _) = served().await;
    let asks =
        "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n".to_owned();
    let mut talk = Talk::start(&served, &[get_of("/say/a"), asks]).await;
    talk.until("<a>").await;
    talk.until("HTTP/1.1 100 Continue\r\n\r\n").await;
    talk.socket.write_all(b"hello").await.unwrap();
    talk.until("<hello>").await;
}

#[tokio::test]
async fn what_has_waited_is_sent_before_the_connection_is_closed() {
    let (served, _) = served().await;
    let last = "GET /say/b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned();
    for (last, expected) in [(last, "<b>"), ("no request\r\n\r\n".to_owned(), "HTTP/1.1 400 ")] {
        let mut talk = Talk::start(&served, &[get_of("/say/a"), last]).await;
        talk.until("<a>").await;
        talk.until(expected).await;
        let mut rest = Vec::new();
        let closed = timeout(Duration::from_secs(10), talk.socket.read_to_end(&mut rest));
        closed.await.expect("it is closed").unwrap();
    }
}
