//! One request and its whole answer, without a fault between.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server did not get the request.
    NotSent(#[expect(dead_code, reason = "for whoever reads a failure")] io::Error),
    /// It may have got it.
    NotAnswered(#[expect(dead_code, reason = "for whoever reads a failure")] String),
}

/// Asks, and reads the answer's status and body.
pub(super) async fn ask(
    server: SocketAddr,
    method: &str,
    path: &str,
    body: &str,
) -> Result<(u16, String), Failure> {
    let socket = TcpStream::connect(server).await;
    let mut socket = socket.map_err(Failure::NotSent)?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    let exchange = async {
        socket.write_all(request.as_bytes()).await?;
        socket.read_to_end(&mut answer).await
    };
    let read = exchange.await;
    let answer = String::from_utf8_lossy(&answer);
    let parsed = answer.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))?;
        (length.parse() == Ok(body.len())).then(|| (status, body.to_owned()))
    });
    parsed.ok_or_else(|| Failure::NotAnswered(format!("{read:?}: {answer:?}")))
}
