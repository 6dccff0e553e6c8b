//! The half of a socket that speaks: what is published, the handler's answers, and the heartbeat.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use bytes::Bytes;
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::guarded::GuardedSubscription;
use super::ws_outgoing::{Outgoing, close_frame};
use crate::server::alarm::Alarm;
use crate::server::hub::Item;
use crate::server::{Denied, SocketFrames};
use crate::wire::{Control, WIRE_VERSION};

/// How many events are written before answers and the heartbeat get their turn.
const MAX_ITEMS_AT_ONCE: usize = 256;

/// And how many bytes: a slow client that is asked for a sign of life only after all of them would be taken for a dead one.
const MAX_BYTES_AT_ONCE: usize = 64 << 10;

/// Tells the client, as fast as it takes it.
pub(super) struct WritingHalf {
    pub(super) sink: SplitSink<WebSocket, Message>,
    pub(super) subscription: GuardedSubscription,
    pub(super) frames: SocketFrames,
    pub(super) answers: mpsc::Receiver<Outgoing>,
    pub(super) heartbeat: Duration,
    pub(super) write_timeout: Duration,
}

/// The peer takes no bytes, or the connection is gone.
struct Stuck;

/// What there is to write.
enum Next {
    Item(Option<Item>),
    Answer(Option<Outgoing>),
    Beat,
}

impl WritingHalf {
    /// Writes until the stream ends or the peer takes nothing any more.
    pub(super) async fn run(mut self) {
        // A stuck peer cannot be told anything: the socket is dropped.
        let _ = self.write_all().await;
    }

    async fn write_all(&mut self) -> Result<(), Stuck> {
        self.greet().await?;
        let mut beat = Alarm::after(self.heartbeat);
        let mut answers_first = true;
        loop {
            let next = poll_fn(|cx| self.poll_next(cx, &mut beat, answers_first)).await;
            // In turns, so that neither keeps the other waiting.
            answers_first = matches!(next, Next::Item(_));
            match next {
                Next::Item(Some(item)) => self.write_items(item).await?,
                Next::Item(None) => {
                    let frame = match self.subscription.denied() {
                        Some(denied) => denied_frame(denied),
                        None => close_frame(close_code::RESTART, "going away"),
                    };
                    return self.close(frame).await;
                }
                Next::Answer(Some(Outgoing::Close(frame))) => return self.close(frame).await,
                Next::Answer(Some(text)) => self.send(text.into()).await?,
                Next::Answer(None) => return self.close(close_frame(close_code::NORMAL, "")).await,
                Next::Beat => {
                    // One that comes late puts off those after it.
                    beat.set(Instant::now() + self.heartbeat);
                    self.beat().await?;
                }
            }
        }
    }

    /// Waits for whatever comes first. None of the three takes anything that it does not return.
    fn poll_next(&mut self, cx: &mut Context<'_>, beat: &mut Alarm, answers_first: bool) -> Poll<Next> {
        if beat.poll(cx).is_ready() {
            return Poll::Ready(Next::Beat);
        }
        if answers_first && let Poll::Ready(answer) = self.answers.poll_recv(cx) {
            return Poll::Ready(Next::Answer(answer));
        }
        if let Poll::Ready(item) = self.subscription.poll_next_item(cx) {
            return Poll::Ready(Next::Item(item));
        }
        if answers_first {
            return Poll::Pending;
        }
        self.answers.poll_recv(cx).map(Next::Answer)
    }

    async fn beat(&mut self) -> Result<(), Stuck> {
        // Looking once more moves the cursor over what went to other topics.
        if let Some(item) = self.subscription.look_again() {
            self.write_items(item).await?;
        }
        // The ping asks the peer's browser, the text tells the peer's page.
        self.feed(Message::Ping(Bytes::new())).await?;
        let alive = Control::Heartbeat(self.subscription.position());
        match Outgoing::control(&alive) {
            Some(text) => self.send(text.into()).await,
            None => self.flush().await,
        }
    }

    /// The first heartbeat, and what this server is.
    async fn greet(&mut self) -> Result<(), Stuck> {
        if let Some(item) = self.subscription.try_next() {
            self.write_items(item).await?;
        }
        match Outgoing::control(&Control::Version(WIRE_VERSION)) {
            Some(version) => self.send(version.into()).await,
            None => Ok(()),
        }
    }

    /// Writes this item and those that are ready, then flushes once.
    async fn write_items(&mut self, first: Item) -> Result<(), Stuck> {
        let mut next = Some(first);
        let (mut room, mut bytes) = (MAX_ITEMS_AT_ONCE, 0_usize);
        while let Some(item) = next {
            let text = match item {
                Item::Event { event, has_id: true } => Some(event.frame(self.frames)),
                Item::Event { event, has_id: false } => Some(event.frame_without_position(self.frames)),
                Item::Control(control) => {
                    if let Some(text) = Outgoing::control(&control) {
                        self.feed(text.into()).await?;
                    }
                    None
                }
            };
            if let Some(text) = text {
                self.subscription.wrote(text.len());
                bytes = bytes.saturating_add(text.len());
                self.feed(Outgoing::text(text).into()).await?;
            }
            room = room.saturating_sub(1);
            next = if room > 0 && bytes < MAX_BYTES_AT_ONCE {
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

/// How a page is told that it may not go on. Where it may later, it comes back by itself.
pub(super) fn denied_frame(denied: Denied) -> CloseFrame {
    match denied {
        Denied::Unauthenticated => close_frame(4401, "sign in"),
        Denied::Forbidden => close_frame(4403, "forbidden"),
        Denied::Undecided => close_frame(close_code::AGAIN, "try again later"),
    }
}

/// Waits for a write, which nearly always is done at once: then there is no time to be measured.
async fn in_time(
    limit: Duration,
    written: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), Stuck> {
    let mut written = pin!(written);
    let mut over = None;
    poll_fn(|cx| {
        if let Poll::Ready(written) = written.as_mut().poll(cx) {
            return Poll::Ready(written.map_err(|_| Stuck));
        }
        let over = over.get_or_insert_with(|| Box::pin(sleep(limit)));
        over.as_mut().poll(cx).map(|()| Err(Stuck))
    })
    .await
}
