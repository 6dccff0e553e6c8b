//! The messages of a socket's client, and one that it never finishes.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use tokio::time::{Sleep, sleep};

use crate::server::serve::MessageWatch;

/// What there is to hear of a client.
#[derive(Debug)]
pub(super) enum Heard {
    Message(Result<Message, axum::Error>),
    /// A message was begun, and waited for longer than it may take.
    Unfinished,
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
}

impl Messages {
    pub(super) fn new(stream: SplitStream<WebSocket>, watch: Option<MessageWatch>, limit: Duration) -> Self {
        Self {
            stream,
            watch,
            limit,
            overdue: None,
        }
    }

    /// The next message. Safe to cancel.
    pub(super) async fn next(&mut self) -> Heard {
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
            overdue.as_mut().poll(cx).map(|()| Heard::Unfinished)
        } else {
            self.overdue = None;
            Poll::Pending
        }
    }
}
