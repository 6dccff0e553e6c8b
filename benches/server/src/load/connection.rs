//! One connection, and what it is there for.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result, ensure};
use mio::net::TcpStream;

use super::Tally;
use super::frames::Frames;
use super::responses::{Head, Responses};
use super::stream_text::StreamText;

/// What a connection does.
#[derive(Debug)]
pub(super) enum Role {
    Reader(Box<Reader>),
    Socket(Box<Socket>),
    Publisher(Responses),
    /// Takes nothing.
    Stalled,
}

/// A reader of a topic.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) topic: usize,
    /// The number of the event that comes next.
    pub(super) next: u32,
    pub(super) text: StreamText,
}

/// A socket that carries a topic.
#[derive(Debug)]
pub(super) struct Socket {
    topic: usize,
    next: u32,
    frames: Frames,
}

impl Role {
    pub(super) fn reader(topic: usize, next: u32) -> Self {
        Self::Reader(Box::new(Reader {
            topic,
            next,
            text: StreamText::new(),
        }))
    }

    pub(super) fn socket(topic: usize) -> Self {
        Self::Socket(Box::new(Socket {
            topic,
            next: 0,
            frames: Frames::default(),
        }))
    }

    pub(super) fn publisher() -> Self {
        Self::Publisher(Responses::default())
    }
}

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) role: Role,
    outgoing: Vec<u8>,
    /// The answer's head, until it is whole.
    head: Option<Vec<u8>>,
}

impl Connection {
    pub(super) fn open(port: u16, role: Role, request: String) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        // Waiting for each keeps the listener's queue short.
        let stream = std::net::TcpStream::connect(address).context("cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let head = match role {
            Role::Reader(_) | Role::Socket(_) => Some(Vec::new()),
            Role::Publisher(_) | Role::Stalled => None,
        };
        let mut connection = Self {
            stream: TcpStream::from_std(stream),
            role,
            outgoing: request.into_bytes(),
            head,
        };
        connection.write()?;
        Ok(connection)
    }

    /// Whether the server has taken it.
    pub(super) fn is_open(&self) -> bool {
        self.head.is_none()
    }

    pub(super) fn queue(&mut self, bytes: &[u8]) {
        self.outgoing.extend_from_slice(bytes);
    }

    pub(super) fn write(&mut self) -> Result<()> {
        while !self.outgoing.is_empty() {
            match self.stream.write(&self.outgoing) {
                Ok(count) => drop(self.outgoing.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads what is there.
    pub(super) fn read(&mut self, buffer: &mut [u8], tally: &mut Tally) -> Result<()> {
        loop {
            let count = match self.stream.read(buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            ensure!(count > 0, "the server has closed a connection: {:?}", self.role);
            let (bytes, free) = buffer.split_at(count);
            self.take(bytes, tally)?;
            // Less than there was room for: there is no more, and asking would be one more call into the kernel.
            if !free.is_empty() {
                return Ok(());
            }
        }
    }

    fn take(&mut self, bytes: &[u8], tally: &mut Tally) -> Result<()> {
        let Some(begun) = &mut self.head else {
            return self.body(bytes, tally);
        };
        begun.extend_from_slice(bytes);
        let Some((head, length)) = Head::parse(begun)? else {
            return Ok(());
        };
        ensure!(
            matches!(head.status, 101 | 200),
            "a reader was answered with {head:?}"
        );
        let body = begun.split_off(length);
        self.head = None;
        if let Role::Reader(reader) = &mut self.role
            && head.is_chunked
        {
            reader.text.chunked();
        }
        self.body(&body, tally)
    }

    fn body(&mut self, bytes: &[u8], tally: &mut Tally) -> Result<()> {
        let now = tally.now();
        match &mut self.role {
            Role::Reader(reader) => {
                let Reader { topic, next, text } = reader.as_mut();
                text.take(bytes, |mark| tally.arrived(*topic, next, mark, now))?;
                if tally.first_id.is_none() {
                    tally.first_id = text.first_id();
                }
            }
            Role::Socket(socket) => {
                let Socket { topic, next, frames } = socket.as_mut();
                let answer = frames.take(bytes, |mark| tally.arrived(*topic, next, mark, now))?;
                if !answer.is_empty() {
                    self.queue(&answer);
                    self.write()?;
                }
            }
            Role::Publisher(responses) => tally.answered += responses.take(bytes)?,
            Role::Stalled => {}
        }
        Ok(())
    }
}
