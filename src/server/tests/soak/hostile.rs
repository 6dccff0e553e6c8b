//! Requests that mean harm, or are nonsense. Each has an answer; what matters here is that nobody else notices.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::chance::Chance;

/// Sends one of them, and says which if the answer is not the expected one. A server that is down or busy answers nothing.
pub(super) async fn attack(server: SocketAddr, chance: &mut Chance) -> Result<(), String> {
    let many_topics: String = (0..101).map(|n| format!("topic=t{n}&")).collect();
    let long = "x".repeat(300);
    let socket = "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n\
                  sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let requests = [
        ("GET /sse?topic=log&last-event-id=", &*long, "", "400"),
        ("GET /sse?topic=log&last-event-id=", "-1,,%00;DROP", "", "200"),
        (
            "GET /sse?topic=log&last-event-id=",
            "0000000000000000-18446744073709551615",
            "",
            "200",
        ),
        ("GET /sse?", &many_topics, "", "400"),
        ("GET /sse?topic=log", "", "cookie: a=b\r\n", "403"),
        (
            "GET /ws",
            "",
            &format!("{socket}origin: https://evil.example\r\n"),
            "403",
        ),
        ("GET /", &"y".repeat(80 << 10), "", "4"),
        ("\0\u{1}\u{2} ", "\u{3}", "", "400"),
    ];
    let (line, more, headers, expected) = &requests[chance.below(requests.len())];
    let request = format!("{line}{more} HTTP/1.1\r\nhost: {server}\r\n{headers}\r\n");
    let mut answer = [0; 64];
    let read = async {
        let mut socket = TcpStream::connect(server).await.ok()?;
        // Some say only half of it, and leave.
        let said = if chance.one_in(4) {
            request.len() / 2
        } else {
            request.len()
        };
        socket.write_all(&request.as_bytes()[..said]).await.ok()?;
        if said < request.len() {
            return None;
        }
        let read = socket.read(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer[..read]).into_owned())
    };
    match timeout(Duration::from_millis(500), read).await {
        Ok(Some(answer))
            if !answer.is_empty()
                && !answer.starts_with(&format!("HTTP/1.1 {expected}"))
                && !answer.starts_with("HTTP/1.1 503") =>
        {
            let line = request.lines().next().unwrap_or_default();
            Err(format!(
                "{:.80} was answered {answer:?}, expected {expected}",
                line
            ))
        }
        _ => Ok(()),
    }
}
