//! One socket while it is open: a reading half and a writing half that do not wait for each other.
//!
//! The reading half runs the app's handler for one message at a time, in order; while a handler
//! works, nothing more is read from that client, which slows it down and nobody else. The writing
//! half carries what is published, the handler's answers, and the heartbeat.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::ws::WebSocket;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::Instrument;

use super::admission::Admission;
use super::guarded::GuardedSubscription;
use super::ws_handlers::Handlers;
use super::ws_messages::Messages;
use super::ws_outgoing::Outgoing;
use super::ws_rate::Rate;
use super::ws_reading::ReadingHalf;
use super::ws_session::WsSession;
use super::ws_turn::{Ended, Turn};
use super::ws_writing::WritingHalf;
use crate::server::SocketFrames;
use crate::server::hub::{Counters, OpenGuard};
use crate::server::serve::MessageWatch;

/// What remains of a connection that is closing: the time for a handler to finish, for the last
/// bytes to be taken, and for the peer to say good-bye.
pub(super) const CLOSING_TIME: Duration = Duration::from_millis(800);

/// A peer that has sent nothing, pongs included, for this many tenths of a heartbeat is gone.
const SILENCE_TENTHS: u32 = 25;

/// Everything that one socket runs with.
pub(super) struct WsConnection {
    pub(super) session: WsSession,
    pub(super) subscription: GuardedSubscription,
    pub(super) frames: SocketFrames,
    pub(super) answers: mpsc::Receiver<Outgoing>,
    pub(super) handlers: Handlers,
    pub(super) counters: Arc<Counters>,
    pub(super) heartbeat: Duration,
    pub(super) write_timeout: Duration,
    pub(super) watch: Option<MessageWatch>,
    pub(super) message_timeout: Duration,
    pub(super) rate: Rate,
    pub(super) is_open: Admission,
}

impl WsConnection {
    /// Serves the socket until it is closed from either side.
    pub(super) async fn run(self, socket: WebSocket) {
        let span = self.subscription.span().clone();
        self.serve(socket).instrument(span).await;
    }

    async fn serve(self, socket: WebSocket) {
        let _is_open = self.is_open;
        let _task = OpenGuard::new(self.counters.clone(), |counters| &counters.tasks);
        let closing = AtomicBool::new(false);
        let (sink, stream) = socket.split();
        let silence = self.heartbeat.saturating_mul(SILENCE_TENTHS) / 10;
        let reading = ReadingHalf {
            messages: Messages::new(stream, self.watch, self.message_timeout, silence),
            session: &self.session,
            handlers: &self.handlers,
            counters: &self.counters,
            closing: &closing,
            rate: self.rate,
        }
        .run();
        let writing = WritingHalf {
            sink,
            subscription: self.subscription,
            frames: self.frames,
            answers: self.answers,
            heartbeat: self.heartbeat,
            write_timeout: self.write_timeout,
        }
        .run();
        tokio::pin!(reading, writing);
        let turn = Turn::new();
        match poll_fn(|cx| turn.poll(cx, reading.as_mut(), writing.as_mut())).await {
            Ended::Speaking => {
                closing.store(true, Ordering::Relaxed);
                let _ = timeout(CLOSING_TIME, reading).await;
            }
            Ended::Listening(Some(frame)) => {
                // Written while it is queued: the queue may be full of answers.
                let queued = self.session.inner.outgoing.send(Outgoing::Close(frame));
                let _ = timeout(CLOSING_TIME, async { tokio::join!(queued, writing) }).await;
            }
            Ended::Listening(None) => {}
        }
    }
}
