//! The messages of a socket's client, and one that it never finishes.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::server::alarm::Alarm;
use crate::server::serve::MessageWatch;

/// What there is to hear of a client.
#[derive(Debug)]
pub(super) enum Heard {
    Message(Result<Message, axum::Error>),
    /// A message was begun, and waited for longer than it may take.
    Unfinished,
    /// Nothing has come for longer than a peer that is there is silent.
    Silence,
    /// The connection has ended.
    Nothing,
}

/// Reads the messages, and knows when one takes too long.
#[derive(Debug)]
pub(super) struct Messages {
    stream: SplitStream<WebSocket>,
    /// None where the server does not tell of it, which `axum::serve` does not.
    watch: Option<MessageWatch>,
    limit: Duration,
    /// Runs while a message is unfinished.
    overdue: Option<Pin<Box<Sleep>>>,
    /// How long the peer may be silent.
    silence: Duration,
    /// Since when it is waited for.
    since: Instant,
    /// Rings at the end of some silence that may have been broken since.
    alarm: Alarm,
}

impl Messages {
    pub(super) fn new(
        stream: SplitStream<WebSocket>,
        watch: Option<MessageWatch>,
        limit: Duration,
        silence: Duration,
    ) -> Self {
        Self {
            stream,
            watch,
            limit,
            overdue: None,
            silence,
            since: Instant::now(),
            alarm: Alarm::after(silence),
        }
    }

    /// The next message, waited for from `now` on: the time in which nobody listens is no silence. Safe to cancel.
    pub(super) async fn next(&mut self, now: Instant) -> Heard {
        self.since = now;
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        match self.stream.poll_next_unpin(cx) {
            Poll::Ready(None) => return Poll::Ready(Heard::Nothing),
            Poll::Ready(Some(message)) => {
                // Pings and pongs may come inside a message, and do not finish it.
                if matches!(message, Ok(Message::Text(_) | Message::Binary(_))) {
                    self.overdue = None;
                }
                return Poll::Ready(Heard::Message(message));
            }
            Poll::Pending => {}
        }
        // Whatever has arrived has been read by now. So the time runs only while this waits for the peer.
        if self.watch.as_ref().is_some_and(MessageWatch::is_unfinished) {
            let limit = self.limit;
            let overdue = self.overdue.get_or_insert_with(|| Box::pin(sleep(limit)));
            if overdue.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Heard::Unfinished);
            }
        } else {
            self.overdue = None;
        }
        self.poll_silence(cx)
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        loop {
            ready!(self.alarm.poll(cx));
            let end = self.since + self.silence;
            if end <= Instant::now() {
                return Poll::Ready(Heard::Silence);
            }
            self.alarm.set(end);
        }
    }
}
