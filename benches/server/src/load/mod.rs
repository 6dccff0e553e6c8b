//! The load: readers, publishers and sockets in one thread, with no more around them than counting needs.
//!
//! It shares the machine with the server that it loads, so it waits with epoll alone, reads into one buffer, and looks
//! at nothing but the framing and the mark that each event carries. Each reader checks the order of what it gets.

mod connection;
mod frames;
mod mark;
mod responses;
mod stream_text;

use std::io;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use mio::{Events, Interest, Poll, Token};

use self::connection::{Connection, Role};
use self::mark::Mark;

/// Longer than any server is silent that still works.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is published to a topic and who has got it.
#[derive(Debug, Default)]
struct Topic {
    name: String,
    readers: u32,
    /// How many readers each of its messages has yet to reach.
    missing: Vec<u32>,
}

/// Everything that is connected to one server.
pub(crate) struct Load {
    port: u16,
    poll: Poll,
    events: Events,
    buffer: Box<[u8]>,
    connections: Vec<Connection>,
    publishers: Vec<usize>,
    tally: Tally,
}

/// What was sent and what has arrived.
pub(crate) struct Tally {
    started: Instant,
    topics: Vec<Topic>,
    pub(crate) published: u64,
    /// Messages that have reached all readers of their topics.
    pub(crate) complete: u64,
    pub(crate) delivered: u64,
    /// From the request to publish until a reader has it, in microseconds.
    pub(crate) latencies: Vec<u32>,
    /// How many requests to publish were answered.
    pub(crate) answered: u64,
    /// The id of the first event that a reader got, where ids are looked for.
    pub(crate) first_id: Option<String>,
}

impl Tally {
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// A reader has got an event.
    fn arrived(&mut self, topic: usize, next: &mut u32, mark: Mark, now: u64) -> Result<()> {
        ensure!(
            mark.number == *next,
            "a reader of `{}` expected event {next}, found {}",
            self.topic(topic)?.name,
            mark.number
        );
        *next += 1;
        self.delivered += 1;
        self.latencies
            .push(u32::try_from(now.saturating_sub(mark.sent)).unwrap_or(u32::MAX));
        let topic = self.topics.get_mut(topic).context("no such topic")?;
        let missing = topic.missing.get_mut(mark.number as usize);
        let missing = missing.context("an event that was not published")?;
        *missing = missing
            .checked_sub(1)
            .context("an event came to more readers than there are")?;
        if *missing == 0 {
            self.complete += 1;
        }
        Ok(())
    }

    fn topic(&self, topic: usize) -> Result<&Topic> {
        self.topics.get(topic).context("no such topic")
    }

    /// Forgets what was measured so far.
    pub(crate) fn restart(&mut self) {
        (self.published, self.complete, self.delivered, self.answered) = (0, 0, 0, 0);
        self.latencies.clear();
    }
}

impl Load {
    pub(crate) fn new(port: u16) -> Result<Self> {
        Ok(Self {
            port,
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            buffer: vec![0; 256 << 10].into(),
            connections: Vec::new(),
            publishers: Vec::new(),
            tally: Tally {
                started: Instant::now(),
                topics: Vec::new(),
                published: 0,
                complete: 0,
                delivered: 0,
                latencies: Vec::new(),
                answered: 0,
                first_id: None,
            },
        })
    }

    pub(crate) fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }

    /// A topic, to be named by its number from here on.
    pub(crate) fn topic(&mut self, name: &str) -> usize {
        self.tally.topics.push(Topic {
            name: name.to_owned(),
            ..Topic::default()
        });
        self.tally.topics.len() - 1
    }

    fn add(&mut self, role: Role, request: String) -> Result<usize> {
        let mut connection = Connection::open(self.port, role, request)?;
        let token = Token(self.connections.len());
        let registry = self.poll.registry();
        let interest = Interest::READABLE | Interest::WRITABLE;
        registry.register(&mut connection.stream, token, interest)?;
        self.connections.push(connection);
        Ok(token.0)
    }

    /// Readers of a topic; they get what is published after `settle`, or after the event with this id.
    pub(crate) fn readers(&mut self, topic: usize, count: u32, last_id: Option<&str>) -> Result<()> {
        let of = self.tally.topic(topic)?;
        let (name, next) = (of.name.clone(), u32::try_from(of.missing.len())?);
        let resume = last_id
            .map(|id| format!("Last-Event-ID: {id}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "GET /sub/{name} HTTP/1.1\r\nHost: localhost:{}\r\nAccept: text/event-stream\r\n{resume}\r\n",
            self.port
        );
        for _ in 0..count {
            self.add(Role::reader(topic, next), request.clone())?;
        }
        if let Some(topic) = self.tally.topics.get_mut(topic) {
            topic.readers += count;
        }
        Ok(())
    }

    /// Makes the readers of a topic begin with the event of this number; `missing` readers have yet to get those from there on.
    pub(crate) fn expect_from(&mut self, topic: usize, first: u32, readers: u32) -> Result<()> {
        let topic_state = self.tally.topics.get_mut(topic).context("no such topic")?;
        let (_, rest) = topic_state.missing.split_at_mut(first as usize);
        for missing in rest.iter_mut() {
            *missing = readers;
        }
        for connection in &mut self.connections {
            if let Role::Reader(reader) = &mut connection.role
                && reader.topic == topic
            {
                reader.next = first;
            }
        }
        Ok(())
    }

    /// A reader that takes what fits into the kernel's buffers and nothing more.
    pub(crate) fn stalled_reader(&mut self, topic: usize) -> Result<()> {
        let name = self.tally.topic(topic)?.name.clone();
        let request = format!(
            "GET /sub/{name} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n",
            self.port
        );
        let index = self.add(Role::Stalled, request)?;
        let connection = self.connections.get_mut(index).context("no such connection")?;
        connection.write()?;
        let registry = self.poll.registry();
        registry.deregister(&mut connection.stream)?;
        Ok(())
    }

    /// Sockets at an address; each is a reader of the topic.
    pub(crate) fn sockets(&mut self, path: &str, topic: usize, count: u32) -> Result<()> {
        let name = self.tally.topic(topic)?.name.clone();
        let request = format!(
            "GET /{path}/{name} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.port
        );
        for _ in 0..count {
            self.add(Role::socket(topic), request.clone())?;
        }
        if let Some(topic) = self.tally.topics.get_mut(topic) {
            topic.readers += count;
        }
        Ok(())
    }

    /// Connections over which `publish` sends its requests in turn.
    pub(crate) fn publishers(&mut self, count: usize) -> Result<()> {
        for _ in 0..count {
            let index = self.add(Role::publisher(), String::new())?;
            self.publishers.push(index);
        }
        Ok(())
    }

    /// Publishes the next event of a topic by a request, which follows those that are under way already.
    pub(crate) fn publish(&mut self, topic: usize, bytes: usize) -> Result<()> {
        let mark = self.next_mark(topic)?;
        let name = &self.tally.topic(topic)?.name;
        let turn = self.publishers.len().max(1);
        let index = self.publishers.get(topic % turn).context("nobody to publish")?;
        let head = format!(
            "POST /pub/{name} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: text/plain\r\nContent-Length: {bytes}\r\n\r\n",
            self.port
        );
        let connection = self.connections.get_mut(*index).context("no such connection")?;
        connection.queue(head.as_bytes());
        connection.queue(mark.text(bytes).as_bytes());
        Ok(())
    }

    /// Sends the next event of a topic over the socket that was opened as the `socket`th connection.
    pub(crate) fn say(&mut self, socket: usize, topic: usize, bytes: usize) -> Result<()> {
        let mark = self.next_mark(topic)?;
        let text = format!("{{\"text\":\"{}\"}}", mark.text(bytes));
        let connection = self.connections.get_mut(socket).context("no such socket")?;
        connection.queue(&frames::masked(&text));
        connection.write()
    }

    fn next_mark(&mut self, topic: usize) -> Result<Mark> {
        let sent = self.tally.now();
        let topic = self.tally.topics.get_mut(topic).context("no such topic")?;
        let number = u32::try_from(topic.missing.len())?;
        topic.missing.push(topic.readers);
        self.tally.published += 1;
        Ok(Mark { number, sent })
    }

    /// Sends what was queued.
    pub(crate) fn flush(&mut self) -> Result<()> {
        for index in &self.publishers {
            if let Some(connection) = self.connections.get_mut(*index) {
                connection.write()?;
            }
        }
        Ok(())
    }

    /// Waits for something to arrive, at most this long, and takes it.
    pub(crate) fn step(&mut self, limit: Duration) -> Result<()> {
        if let Err(error) = self.poll.poll(&mut self.events, Some(limit))
            && error.kind() != io::ErrorKind::Interrupted
        {
            return Err(error.into());
        }
        for event in &self.events {
            let Some(connection) = self.connections.get_mut(event.token().0) else {
                continue;
            };
            if event.is_writable() {
                connection.write()?;
            }
            if event.is_readable() {
                connection.read(&mut self.buffer, &mut self.tally)?;
            }
        }
        Ok(())
    }

    /// Steps until it is so.
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> Result<()> {
        let mut seen = (Instant::now(), self.progress());
        while !is_so(self) {
            self.step(Duration::from_millis(100))?;
            if self.progress() != seen.1 {
                seen = (Instant::now(), self.progress());
            } else if seen.0.elapsed() > PATIENCE {
                let Tally {
                    published,
                    complete,
                    delivered,
                    answered,
                    ..
                } = &self.tally;
                bail!(
                    "{what}: nothing has happened for {PATIENCE:?} ({published} published, {answered} answered, \
                     {delivered} delivered, {complete} to everybody; {} of {} connected)",
                    self.connected(),
                    self.connections.len()
                );
            }
        }
        Ok(())
    }

    fn progress(&self) -> (u64, u64, usize) {
        (self.tally.delivered, self.tally.answered, self.connected())
    }

    fn connected(&self) -> usize {
        self.connections
            .iter()
            .filter(|connection| connection.is_open())
            .count()
    }

    /// Waits until everybody is connected.
    pub(crate) fn settle(&mut self) -> Result<()> {
        let mut first = 0;
        // Few at a time are waited for, as listeners have a bound on how many they let wait.
        while first < self.connections.len() {
            first = (first + 256).min(self.connections.len());
            self.until("connecting", |load| {
                load.connections.iter().take(first).all(Connection::is_open)
            })?;
        }
        Ok(())
    }

    /// Waits until all that was published has reached everybody.
    pub(crate) fn drain(&mut self) -> Result<()> {
        self.until_complete(self.tally.published)
    }

    /// Waits until so many messages have reached everybody.
    pub(crate) fn until_complete(&mut self, count: u64) -> Result<()> {
        self.until("delivering", |load| load.tally.complete >= count)
    }

    /// Lets nothing happen for a while but what the servers do by themselves.
    pub(crate) fn rest(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.step(left.max(Duration::from_millis(1)))?;
        }
        Ok(())
    }

    /// Publishes to topics in turn, never more than `window` that have not reached everybody, and waits for the last.
    pub(crate) fn publish_all(
        &mut self,
        topics: &[usize],
        count: u64,
        window: u64,
        bytes: usize,
    ) -> Result<()> {
        let mut turns = topics.iter().cycle();
        while self.tally.complete < count {
            let mut has_queued = false;
            while self.tally.published < count && self.tally.published - self.tally.complete < window {
                self.publish(*turns.next().context("no topic")?, bytes)?;
                has_queued = true;
            }
            if has_queued {
                self.flush()?;
            }
            let complete = self.tally.complete;
            self.until_complete(complete + 1)?;
        }
        self.until("answering", |load| load.tally.answered >= count)
    }

    /// Makes readers look at ids, and remember the first.
    pub(crate) fn look_for_id(&mut self) {
        for connection in &mut self.connections {
            if let Role::Reader(reader) = &mut connection.role {
                reader.text.keep_start();
            }
        }
    }
}
