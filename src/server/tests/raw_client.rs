//! A client of event streams that sees every byte: status, headers, chunks, text.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::wire::{Control, ControlKind, SseDecoder, SseMessage};

/// A GET request whose response is read as it arrives.
pub(in crate::server) struct RawClient {
    socket: TcpStream,
    /// The status line and the headers, in lower case.
    pub(in crate::server) head: String,
    /// Bytes that are not yet taken apart into chunks.
    raw: Vec<u8>,
    /// The body so far, without the framing of its chunks.
    pub(in crate::server) body: Vec<u8>,
    decoder: SseDecoder,
    messages: VecDeque<SseMessage>,
    has_ended: bool,
}

impl RawClient {
    /// Sends the request and reads the response's head.
    pub(in crate::server) async fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::read_head(Self::send(address, path, headers).await).await
    }

    /// Sends a request with a body and reads the head of the response.
    pub(in crate::server) async fn request(
        address: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Self {
        let length = body.len().to_string();
        let headers: Vec<_> = headers
            .iter()
            .copied()
            .chain([("content-length", &*length)])
            .collect();
        Self::read_head(Self::write(address, method, path, &headers, body).await).await
    }

    async fn read_head(mut socket: TcpStream) -> Self {
        let mut raw = Vec::new();
        let end = loop {
            if let Some(at) = raw.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(read(&mut socket, &mut raw).await, "closed inside the head");
        };
        let rest = raw.split_off(end);
        Self {
            socket,
            head: String::from_utf8(raw).unwrap().to_ascii_lowercase(),
            raw: rest,
            body: Vec::new(),
            decoder: SseDecoder::default(),
            messages: VecDeque::new(),
            has_ended: false,
        }
    }

    /// Sends the request and reads nothing.
    pub(in crate::server) async fn send(
        address: SocketAddr,
        path: &str,
        headers: &[(&str, &str)],
    ) -> TcpStream {
        Self::write(address, "GET", path, headers, "").await
    }

    async fn write(
        address: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> TcpStream {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        socket.write_all(request.as_bytes()).await.unwrap();
        socket
    }

    /// Sends what the server has not asked for.
    pub(in crate::server) async fn say(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).await.unwrap();
    }

    /// The connection, for a test that is not interested in the response any more.
    pub(in crate::server) fn into_socket(self) -> TcpStream {
        self.socket
    }

    pub(in crate::server) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// The body of a response that has a length.
    pub(in crate::server) async fn text(mut self) -> String {
        let length = self
            .head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.expect("a length").parse().unwrap();
        while self.raw.len() < length {
            assert!(
                read(&mut self.socket, &mut self.raw).await,
                "closed inside the body"
            );
        }
        String::from_utf8(self.raw).unwrap()
    }

    pub(in crate::server) fn has_header(&self, line: &str) -> bool {
        self.head.lines().any(|found| found == line)
    }

    /// The next message; `None` when the response has ended.
    pub(in crate::server) async fn next(&mut self) -> Option<SseMessage> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Some(message);
            }
            if self.has_ended {
                return None;
            }
            if !self.take_chunk() && !read(&mut self.socket, &mut self.raw).await {
                self.has_ended = true;
            }
        }
    }

    /// The next message that is none of the stream's own.
    pub(in crate::server) async fn next_event(&mut self) -> Option<SseMessage> {
        loop {
            let message = self.next().await?;
            if !message.event.starts_with("ll:") {
                return Some(message);
            }
        }
    }

    /// The next control event; any other message is a failure.
    pub(in crate::server) async fn next_control(&mut self) -> Control {
        let message = self.next().await.expect("a control event");
        let kind = ControlKind::from_event_name(&message.event).expect(&message.event);
        Control::parse(kind, &message.data).unwrap()
    }

    /// Takes one whole chunk out of what has been read.
    fn take_chunk(&mut self) -> bool {
        let Some(line) = self.raw.windows(2).position(|two| two == b"\r\n") else {
            return false;
        };
        let size = usize::from_str_radix(std::str::from_utf8(&self.raw[..line]).unwrap(), 16).unwrap();
        let (start, end) = (line + 2, line + 2 + size);
        if self.raw.len() < end + 2 {
            return false;
        }
        self.has_ended = size == 0;
        self.body.extend_from_slice(&self.raw[start..end]);
        let messages = self.decoder.push(&self.raw[start..end]).into_iter();
        // Every stream says it; what it says is tested by its bytes.
        let messages = messages.filter(|message| message.event != ControlKind::Version.event_name());
        self.messages.extend(messages);
        self.raw.drain(..end + 2);
        true
    }
}

/// Reads some bytes; false when the connection is closed.
async fn read(socket: &mut TcpStream, into: &mut Vec<u8>) -> bool {
    let read = tokio::time::timeout(Duration::from_secs(10), socket.read_buf(into));
    read.await.expect("bytes within ten seconds").unwrap_or(0) > 0
}
