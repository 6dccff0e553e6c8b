//! Event streams, once their head is written: from there on the connection is the stream's alone.
//!
//! A stream stays open for hours and nothing of HTTP happens on it any more but chunks. hyper would hold some 20 kB of
//! buffers for the next request, which does not come, and look at each of its states for every event. So when the head of
//! a stream is out, hyper gives the connection back and this writes the body, in whatever layers the app has put around
//! it, until it ends. Then the connection is closed, as its head has said.
//!
//! It does so in a task of its own, which holds what a stream needs close together: with a thousand of them, fetching that
//! from memory is most of what an event costs beside the kernel.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use axum::BoxError;
use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Method, Request, Version, header};
use hyper::body::Frame;
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::task::coop::has_budget_remaining;

use super::chunk::Chunk;
use super::guarded_io::GuardedIo;

/// Frames that are ready together are written together, up to about this many bytes.
const MAX_BYTES_AT_ONCE: usize = 64 << 10;

/// Whether the answer to this request may be handed over: older versions know no chunks.
pub(super) fn may_stream<B>(request: &Request<B>) -> bool {
    request.version() == Version::HTTP_11 && request.method() == Method::GET
}

fn is_event_stream(response: &Response) -> bool {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let has_length = || {
        let names = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE];
        names.iter().any(|name| headers.contains_key(name))
    };
    response.status().is_success()
        && kind.is_some_and(|kind| kind.starts_with(b"text/event-stream"))
        && !has_length()
}

/// Where the answer to a request leaves its body for whoever serves the connection.
#[derive(Debug, Default)]
pub(super) struct HandOver {
    is_waiting: AtomicBool,
    is_flushed: AtomicBool,
    body: Mutex<Option<Body>>,
}

impl HandOver {
    /// Keeps the body of an event stream; hyper gets one that says nothing, and writes the head.
    pub(super) fn divert(&self, response: Response) -> Response {
        if !is_event_stream(&response) {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        parts
            .headers
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        *self.body() = Some(body);
        self.is_flushed.store(false, Ordering::Release);
        self.is_waiting.store(true, Ordering::Release);
        Response::from_parts(parts, Body::new(Silence))
    }

    /// Takes note whether everything that hyper had to write has been written.
    pub(super) fn flushed(&self, is_flushed: bool) {
        self.is_flushed.store(is_flushed, Ordering::Release);
    }

    /// The body, as soon as its head is out.
    pub(super) fn take(&self) -> Option<Body> {
        let is_ready = self.is_waiting.load(Ordering::Acquire) && self.is_flushed.load(Ordering::Acquire);
        is_ready.then(|| self.body().take()).flatten()
    }

    fn body(&self) -> MutexGuard<'_, Option<Body>> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body of which nothing comes.
struct Silence;

impl HttpBody for Silence {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Pending
    }
}

/// Writes a stream to its end, or until its client has gone.
pub(super) struct EventStream {
    io: GuardedIo,
    body: Body,
    /// What the kernel has not taken at once.
    chunk: Option<Box<Chunk>>,
    has_ended: bool,
    /// The task that is woken when the client goes.
    listens: Option<Waker>,
}

impl EventStream {
    pub(super) fn new(io: GuardedIo, body: Body) -> Self {
        Self {
            io: io.without_http(),
            body,
            chunk: None,
            has_ended: false,
            listens: None,
        }
    }

    /// Waits for the client to go, or to be cut off. What it says is not heard: it has asked, and the answer is under way.
    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let is_known = self
            .listens
            .as_ref()
            .is_some_and(|task| task.will_wake(cx.waker()));
        if is_known && self.io.is_quiet() {
            return Poll::Pending;
        }
        let mut space = [0; 64];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            let read = Pin::new(&mut self.io).poll_read(cx, &mut buffer);
            // A task that has used up its share is told to wait, too, and comes again without being registered.
            let is_registered = read.is_pending() && has_budget_remaining();
            self.listens = is_registered.then(|| cx.waker().clone());
            ready!(read)?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Everything that is there to be written, as one chunk, and whether the body is waited for then. A single frame is
    /// passed on without a copy.
    fn next_chunk(&mut self, cx: &mut Context<'_>) -> Result<(Option<Chunk>, bool), axum::Error> {
        let (mut first, mut more) = (Bytes::new(), BytesMut::new());
        let mut is_waited_for = false;
        while first.len().max(more.len()) < MAX_BYTES_AT_ONCE {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                is_waited_for = true;
                break;
            };
            let Some(frame) = frame else {
                self.has_ended = true;
                break;
            };
            // Event streams have no trailers.
            let data = frame?.into_data().unwrap_or_default();
            if first.is_empty() {
                first = data;
            } else {
                if more.is_empty() {
                    more.extend_from_slice(&first);
                }
                more.extend_from_slice(&data);
            }
        }
        let data = if more.is_empty() { first } else { more.freeze() };
        let is_any = self.has_ended || !data.is_empty();
        Ok((is_any.then(|| Chunk::new(data, self.has_ended)), is_waited_for))
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(gone) = self.poll_gone(cx) {
            return Poll::Ready(gone);
        }
        if let Some(chunk) = &mut self.chunk {
            ready!(chunk.poll_write(Pin::new(&mut self.io), cx))?;
            self.chunk = None;
        }
        while !self.has_ended {
            let (chunk, is_waited_for) = self.next_chunk(cx).map_err(io::Error::other)?;
            if let Some(mut chunk) = chunk
                && chunk.poll_write(Pin::new(&mut self.io), cx)?.is_pending()
            {
                self.chunk = Some(Box::new(chunk));
                return Poll::Pending;
            }
            // It knows whom to wake already.
            if is_waited_for {
                return Poll::Pending;
            }
        }
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl Future for EventStream {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let ended = ready!(this.poll_end(cx));
        if let Err(error) = ended {
            tracing::trace!(client = ?this.io.client(), %error, "serve: a stream has ended early");
        }
        Poll::Ready(())
    }
}
