//! A client's connection under guard: one that takes nothing for too long is closed, and so is one whose server orders it.
//!
//! HTTP knows no such limit: a stream that is not read is to hyper a stream like any other, and the kernel confirms
//! nothing but its own buffers.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::answers::{Answers, Outbox};
use super::event_stream::HandOver;
use super::message_watch::{Following, MessageWatch};
use super::orders::Order;
use super::patience::Patience;
use super::seats::Seat;
use super::socket_options;

/// The connection, its place, and how long its client is waited for.
#[derive(Debug)]
pub(super) struct GuardedIo {
    stream: TcpStream,
    seat: Seat,
    /// Who waits for everything to be written, while this is hyper's.
    hand_over: Option<Arc<HandOver>>,
    outbox: Outbox,
    patience: Patience,
    following: Following,
    /// The task that the next order wakes.
    told: Option<Waker>,
}

impl GuardedIo {
    pub(super) fn new(
        stream: TcpStream,
        seat: Seat,
        hand_over: Arc<HandOver>,
        answers: Answers,
        write_idle: Duration,
    ) -> Self {
        Self {
            stream,
            seat,
            hand_over: Some(hand_over),
            outbox: Outbox::new(answers),
            patience: Patience::new(write_idle),
            following: Following::default(),
            told: None,
        }
    }

    /// The same once it carries a stream: what was there for hyper goes.
    pub(super) fn without_http(mut self) -> Self {
        self.hand_over = None;
        self.outbox.close();
        self
    }

    /// Who is at the other end, where that is known.
    pub(super) fn client(&self) -> Option<SocketAddr> {
        self.stream.peer_addr().ok()
    }

    /// What is known of the messages that the client sends, once this is a socket.
    pub(super) fn watch(&self) -> &MessageWatch {
        self.following.watch()
    }

    /// Whether reading would bring nothing new to whoever has read until there was nothing more: no bytes, and no order to
    /// close. A single read of each, where reading takes note of the task once more.
    pub(super) fn is_quiet(&self) -> bool {
        // The first question is only asked where the runtime knows of bytes, and takes none.
        let has_bytes = self.stream.try_io(Interest::READABLE, || Ok(())).is_ok();
        !has_bytes && self.seat.order() != Order::Cut
    }

    /// The order of the server, of which the task is told when there is another one.
    fn order(&mut self, cx: &Context<'_>) -> Order {
        if self.told.as_ref().is_some_and(|task| task.will_wake(cx.waker())) {
            return self.seat.order();
        }
        self.told = Some(cx.waker().clone());
        self.seat.poll_order(cx.waker())
    }

    /// Passes on how a write of these slices went, unless the client has taken nothing for too long.
    fn guard(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let guarded = self.patience.guard(cx, &self.stream, written, slices);
        guarded.map(|written| written.unwrap_or_else(|| Err(self.give_up())))
    }

    /// Whether answers may wait: not behind others that the client does not take.
    fn may_wait(&self) -> bool {
        !self.patience.is_tried()
    }

    /// Sends the answers that still wait when hyper has given the connection up, which believes them to be out.
    pub(super) fn poll_send_rest(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.outbox.left().is_empty() || self.order(cx) == Order::Cut {
            return Poll::Ready(Ok(()));
        }
        self.poll_send_answers(cx)
    }

    /// Sends the answers that have waited until now.
    fn poll_send_answers(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outbox.left().is_empty() {
            let left = self.outbox.left();
            let written = Pin::new(&mut self.stream).poll_write(cx, left);
            let slices = [IoSlice::new(left)];
            let guarded = self.patience.guard(cx, &self.stream, written, &slices);
            let written = ready!(guarded).unwrap_or_else(|| Err(self.give_up()));
            let count = written.and_then(|count| match count {
                0 => Err(io::ErrorKind::WriteZero.into()),
                count => Ok(count),
            });
            match count {
                Ok(count) => self.outbox.sent(count),
                Err(error) => {
                    self.outbox.clear();
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    fn give_up(&self) -> io::Error {
        self.seat.count("write_idle");
        socket_options::forget_unsent(&self.stream);
        io::Error::new(
            io::ErrorKind::TimedOut,
            "the client has taken no bytes for too long",
        )
    }
}

impl Drop for GuardedIo {
    /// Whatever has ended the connection, a panic in the next request for one, what was answered before is sent as far as
    /// that needs no waiting.
    fn drop(&mut self) {
        let waiting = self.outbox.left();
        if !waiting.is_empty() {
            let _ = self.stream.try_write(waiting);
        }
    }
}

impl AsyncRead for GuardedIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // After an upgrade this is the only place where orders reach the connection.
        if this.order(cx) == Order::Cut {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let known = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        this.following
            .read(buffer.filled().get(known..).unwrap_or_default());
        read
    }
}

impl AsyncWrite for GuardedIo {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.may_wait() && this.outbox.take(&[IoSlice::new(bytes)]) {
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(this.poll_send_answers(cx))?;
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.guard(cx, written, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.may_wait() && this.outbox.take(slices) {
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        }
        ready!(this.poll_send_answers(cx))?;
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.guard(cx, written, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.may_wait() && this.outbox.may_wait() {
            return Poll::Ready(Ok(()));
        }
        ready!(this.poll_send_answers(cx))?;
        let flushed = Pin::new(&mut this.stream).poll_flush(cx);
        if let Some(hand_over) = &this.hand_over {
            hand_over.flushed(flushed.is_ready());
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send_answers(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}
