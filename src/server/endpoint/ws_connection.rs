//! One socket while it is open: a reading half and a writing half that do not wait for each other.
//!
//! The reading half runs the app's handler for one message at a time, in order; while a handler
//! works, nothing more is read from that client, which slows it down and nobody else. The writing
//! half carries what is published, the handler's answers, and the heartbeat.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::ws::Handlers;
use super::ws_session::{WsSession, close_frame};
use crate::server::hub::{Counters, Item, OpenGuard};
use crate::server::{Payload, Subscription};
use crate::wire::{Control, FormMessage, MalformedMessage};

/// What remains of a connection that is closing: the time for a handler to finish, for the last
/// bytes to be taken, and for the peer to say good-bye.
pub(super) const CLOSING_TIME: Duration = Duration::from_millis(800);

/// A peer that has sent nothing, pongs included, for this many tenths of a heartbeat is gone.
const SILENCE_TENTHS: u32 = 25;

/// How many events are written before answers and the heartbeat get their turn.
const MAX_ITEMS_AT_ONCE: usize = 256;

/// What the reading half and the app hand to the writing half.
#[derive(Debug)]
pub(super) enum Outgoing {
    Text(Utf8Bytes),
    Close(CloseFrame),
}

impl Outgoing {
    pub(super) fn payload(payload: &Payload) -> Self {
        // A payload is made of a string, so this does not fail.
        Self::Text(Utf8Bytes::try_from(payload.as_bytes().clone()).unwrap_or_default())
    }

    /// What a control event is on a socket: JSON, which cannot be taken for HTML.
    fn control(control: &Control) -> Option<Self> {
        match control {
            // Nothing on a socket has a position, so there is nothing to exempt from dedupe.
            Control::Snapshot(_) | Control::Live(_) => None,
            // The data of a control event holds neither quotes nor backslashes.
            _ => {
                let name = control.kind().event_name();
                Some(Self::Text(format!("{{\"{name}\":\"{control}\"}}").into()))
            }
        }
    }
}

impl From<Outgoing> for Message {
    fn from(outgoing: Outgoing) -> Self {
        match outgoing {
            Outgoing::Text(text) => Self::Text(text),
            Outgoing::Close(frame) => Self::Close(Some(frame)),
        }
    }
}

/// Everything that one socket runs with.
pub(super) struct WsConnection {
    pub(super) session: WsSession,
    pub(super) subscription: Subscription,
    pub(super) answers: mpsc::Receiver<Outgoing>,
    pub(super) handlers: Handlers,
    pub(super) counters: Arc<Counters>,
    pub(super) heartbeat: Duration,
    pub(super) write_timeout: Duration,
    pub(super) is_open: OpenGuard,
}

impl WsConnection {
    /// Serves the socket until it is closed from either side.
    pub(super) async fn run(self, socket: WebSocket) {
        let _is_open = self.is_open;
        let _task = OpenGuard::new(self.counters.clone(), |counters| &counters.tasks);
        let closing = AtomicBool::new(false);
        let (sink, stream) = socket.split();
        let reading = ReadingHalf {
            stream,
            session: &self.session,
            handlers: &self.handlers,
            counters: &self.counters,
            closing: &closing,
            silence: self.heartbeat.saturating_mul(SILENCE_TENTHS) / 10,
        }
        .run();
        let writing = WritingHalf {
            sink,
            subscription: self.subscription,
            answers: self.answers,
            heartbeat: self.heartbeat,
            write_timeout: self.write_timeout,
        }
        .run();
        tokio::pin!(reading, writing);
        let last_word = tokio::select! {
            frame = &mut reading => frame,
            () = &mut writing => {
                closing.store(true, Ordering::Relaxed);
                let _ = timeout(CLOSING_TIME, reading).await;
                return;
            }
        };
        if let Some(frame) = last_word {
            // Written while it is queued: the queue may be full of answers.
            let queued = self.session.outgoing.send(Outgoing::Close(frame));
            let _ = timeout(CLOSING_TIME, async { tokio::join!(queued, writing) }).await;
        }
    }
}

struct ReadingHalf<'a> {
    stream: SplitStream<WebSocket>,
    session: &'a WsSession,
    handlers: &'a Handlers,
    counters: &'a Counters,
    /// Set when the socket is being closed by this side: messages are not handled any more.
    closing: &'a AtomicBool,
    silence: Duration,
}

impl ReadingHalf<'_> {
    /// Reads until the peer is gone; returns the close frame to send, if there is still somebody.
    async fn run(mut self) -> Option<CloseFrame> {
        loop {
            // The time runs only while this waits for the peer, not while a handler works.
            let Ok(message) = timeout(self.silence, self.stream.next()).await else {
                return Some(close_frame(close_code::AWAY, "no sign of life"));
            };
            match message? {
                Ok(Message::Text(text)) => self.take(FormMessage::parse(&text)).await,
                Ok(Message::Binary(_)) => {
                    self.take(Err(MalformedMessage {
                        kind: "form message",
                        expected: "a text frame",
                        found: "a binary frame".to_owned(),
                    }))
                    .await;
                }
                // Reading on lets the answer to the peer's close frame go out.
                Ok(Message::Close(_) | Message::Ping(_) | Message::Pong(_)) => {}
                Err(error) => return self.explain(&error),
            }
        }
    }

    async fn take(&self, message: Result<FormMessage, MalformedMessage>) {
        if self.closing.load(Ordering::Relaxed) {
            return;
        }
        match message {
            Ok(message) => self.handlers.message(self.session.clone(), message).await,
            Err(error) => {
                self.counters.refuse("malformed_message");
                self.handlers.malformed(self.session, &error);
            }
        }
    }

    /// The close frame for a peer that broke the protocol; none where the connection is lost.
    fn explain(&self, error: &axum::Error) -> Option<CloseFrame> {
        // The protocol library's error type is no part of axum's interface; what it says is.
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        if said.starts_with("Space limit exceeded") {
            self.counters.refuse("oversize_message");
            Some(close_frame(close_code::SIZE, "message too long"))
        } else if said.starts_with("UTF-8") {
            self.counters.refuse("malformed_message");
            Some(close_frame(close_code::INVALID, "text is not UTF-8"))
        } else if said.starts_with("WebSocket protocol error") && !self.closing.load(Ordering::Relaxed) {
            self.counters.refuse("protocol_error");
            Some(close_frame(close_code::PROTOCOL, "protocol error"))
        } else {
            None
        }
    }
}

struct WritingHalf {
    sink: SplitSink<WebSocket, Message>,
    subscription: Subscription,
    answers: mpsc::Receiver<Outgoing>,
    heartbeat: Duration,
    write_timeout: Duration,
}

/// The peer takes no bytes, or the connection is gone.
struct Stuck;

impl WritingHalf {
    /// Writes until the stream ends or the peer takes nothing any more.
    async fn run(mut self) {
        // A stuck peer cannot be told anything: the socket is dropped.
        let _ = self.write_all().await;
    }

    async fn write_all(&mut self) -> Result<(), Stuck> {
        let mut beat = interval_at(Instant::now() + self.heartbeat, self.heartbeat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                item = self.subscription.next_item() => match item {
                    Some(item) => self.write_items(item).await?,
                    None => return self.close(close_frame(close_code::RESTART, "going away")).await,
                },
                answer = self.answers.recv() => match answer {
                    Some(Outgoing::Close(frame)) => return self.close(frame).await,
                    Some(text) => self.send(text.into()).await?,
                    None => return self.close(close_frame(close_code::NORMAL, "")).await,
                },
                _ = beat.tick() => {
                    // Looking once more moves the cursor over what went to other topics.
                    if let Some(item) = self.subscription.try_next() {
                        self.write_items(item).await?;
                    }
                    // The ping asks the peer's browser, the text tells the peer's page.
                    self.feed(Message::Ping(Bytes::new())).await?;
                    let alive = Control::Heartbeat(self.subscription.position());
                    if let Some(text) = Outgoing::control(&alive) {
                        self.send(text.into()).await?;
                    }
                }
            }
        }
    }

    /// Writes this item and those that are ready, then flushes once.
    async fn write_items(&mut self, first: Item) -> Result<(), Stuck> {
        let mut next = Some(first);
        let mut room = MAX_ITEMS_AT_ONCE;
        while let Some(item) = next {
            let text = match item {
                Item::Event { event, .. } => Some(Outgoing::payload(&event.payload)),
                Item::Control(control) => Outgoing::control(&control),
            };
            if let Some(text) = text {
                self.feed(text.into()).await?;
            }
            room = room.saturating_sub(1);
            next = if room > 0 {
                self.subscription.try_next()
            } else {
                None
            };
        }
        self.flush().await
    }

    async fn close(&mut self, frame: CloseFrame) -> Result<(), Stuck> {
        self.send(Message::Close(Some(frame))).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Stuck> {
        self.feed(message).await?;
        self.flush().await
    }

    async fn feed(&mut self, message: Message) -> Result<(), Stuck> {
        in_time(self.write_timeout, self.sink.feed(message)).await
    }

    async fn flush(&mut self) -> Result<(), Stuck> {
        in_time(self.write_timeout, self.sink.flush()).await
    }
}

async fn in_time(
    limit: Duration,
    written: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), Stuck> {
    match timeout(limit, written).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Stuck),
    }
}
