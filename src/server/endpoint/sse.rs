//! The event-stream endpoint: a response whose body never ends by itself.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, StatusCode, header};
use hyper::body::Frame;
use tokio::time::Instant;

use super::admission::{self, Admission};
use super::guarded::GuardedSubscription;
use super::{Rejection, SseRequest};
use crate::server::access::check_stream;
use crate::server::alarm::Alarm;
use crate::server::hub::{Item, Transport};
use crate::server::{Action, Client, Denied, Hub};
use crate::wire::{ConnectionId, Control, Topic, WIRE_VERSION, encode_control, encode_retry};

/// Events that are ready together are written together, up to about this many bytes.
const MAX_CHUNK_BYTES: usize = 64 << 10;

const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

impl Hub {
    /// An event stream of these topics. It is waited for, as the [`Policy`](crate::server::Policy) is asked about each of
    /// them, and gives the response that an axum handler returns.
    ///
    /// ```
    /// use axum::response::Response;
    /// use leptos_live::Topic;
    /// use leptos_live::server::{Hub, SseRequest};
    ///
    /// async fn news(hub: Hub, topic: Topic, request: SseRequest) -> Response {
    ///     hub.sse([topic], request).tag("news page").await
    /// }
    /// ```
    ///
    /// The stream begins with a heartbeat that names the position it goes on from; see
    /// [`Resume`](crate::server::Resume) for where that is. It sends another one every
    /// [`HubConfig::heartbeat`](crate::server::HubConfig::heartbeat). When a right ends or is revoked, the stream ends, and
    /// the refusal is the answer to the next request. What is refused is counted in the
    /// [statistics](crate::server::HubStats), and answered with
    ///
    /// | status | when |
    /// | --- | --- |
    /// | 400 | too many topics, or a cursor of more than 256 bytes |
    /// | 401, 403 | the policy says so |
    /// | 403 | cookies that were not declared, or another site's page: [`AccessConfig`](crate::server::AccessConfig) |
    /// | 429 with `Retry-After` | the client has too many connections |
    /// | 503 with `Retry-After` | the hub has too many connections or is shutting down, or the policy does not answer |
    pub fn sse(&self, topics: impl IntoIterator<Item = Topic>, request: SseRequest) -> SseResponse {
        SseResponse {
            hub: self.clone(),
            topics: topics.into_iter().collect(),
            request,
            tag: None,
            only_allowed: false,
            is_announced: false,
        }
    }
}

/// An event stream that is yet to be opened, which `.await` does; see [`Hub::sse`].
///
/// ```
/// use axum::response::Response;
/// use leptos_live::Topic;
/// use leptos_live::server::{Hub, SseRequest};
///
/// async fn inbox(hub: Hub, user: &str, inbox: Topic, request: SseRequest) -> Response {
///     // `hub.disconnect("ann")` ends all streams of Ann's.
///     hub.sse([inbox], request).tag(user).announced().await
/// }
/// # let _ = inbox;
/// ```
#[derive(Debug)]
#[must_use = "a stream is not opened until it is waited for"]
pub struct SseResponse {
    hub: Hub,
    topics: Vec<Topic>,
    request: SseRequest,
    tag: Option<String>,
    only_allowed: bool,
    is_announced: bool,
}

impl SseResponse {
    /// Tells the reader to stop for good: 204, after which an `EventSource` does not come back.
    pub fn stop() -> Response {
        let headers = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        (StatusCode::NO_CONTENT, headers).into_response()
    }

    /// Names the stream, so that [`Hub::disconnect`] can end it.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }

    /// Tells the page the id of this connection, by an `ll:connection` event after the first heartbeat.
    /// The requests of the page bring it back, so that their handlers can publish to everybody else (see
    /// [`Sender`](crate::server::Sender)) or change the topics of the stream ([`Hub::connection`]).
    pub fn announced(mut self) -> Self {
        self.is_announced = true;
        self
    }

    /// Leaves out topics that the policy refuses. Without this, one refused topic refuses the stream. It is refused in any
    /// case when none is left.
    pub fn only_allowed(mut self) -> Self {
        self.only_allowed = true;
        self
    }

    async fn open(self) -> Result<Response, Rejection> {
        let config = self.hub.config();
        let resume = self.request.resume()?;
        check_stream(&self.request.parts, &config.access)?;
        let client = Client::new(&self.request.parts, &config.access);
        let is_open = admission::admit(&self.hub, &client, |counters| &counters.sse_connections)?;
        let topics = if self.only_allowed {
            allowed(&self.hub, &client, self.topics).await?
        } else {
            self.topics
        };
        let subscription =
            GuardedSubscription::open(&self.hub, Transport::Sse, &client, topics, resume, self.tag).await?;
        let writer = SseWriter {
            greeting: Some(Greeting {
                announcement: self.is_announced.then(|| subscription.connection().id()),
                retry: config.retry_milliseconds(),
            }),
            next_beat: Alarm::after(config.heartbeat_interval()),
            heartbeat: config.heartbeat_interval(),
            subscription,
            _is_open: is_open,
        };
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/event-stream"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (ACCEL_BUFFERING, HeaderValue::from_static("no")),
        ];
        Ok((headers, Body::new(writer)).into_response())
    }
}

impl IntoFuture for SseResponse {
    type Output = Response;
    type IntoFuture = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let hub = self.hub.clone();
            self.open().await.unwrap_or_else(|refused| {
                hub.count(&refused);
                refused.into_response()
            })
        })
    }
}

/// Those of the topics that the client may read.
async fn allowed(hub: &Hub, client: &Client, topics: Vec<Topic>) -> Result<Vec<Topic>, Denied> {
    let limit = hub.config().max_topics;
    let (mut kept, mut denied) = (Vec::new(), None);
    // One more than may be is enough to be refused for their number.
    for topic in topics.into_iter().take(limit.saturating_add(1)) {
        match hub.authorize(client, Action::Read, &topic).await {
            Ok(()) => kept.push(topic),
            // Nobody has said no: who comes again gets the whole answer.
            Err(Denied::Undecided) => return Err(Denied::Undecided),
            Err(error) => denied = Some(error),
        }
    }
    match denied {
        Some(denied) if kept.is_empty() => Err(denied),
        _ => Ok(kept),
    }
}

/// What a stream says of itself when it begins.
struct Greeting {
    /// The id of the connection, where the page is to know it.
    announcement: Option<ConnectionId>,
    /// How long the reader is asked to wait before it comes back.
    retry: Option<u32>,
}

/// Writes what a subscription brings as event-stream text: the body of the response, which is polled for each delivery.
struct SseWriter {
    subscription: GuardedSubscription,
    heartbeat: Duration,
    next_beat: Alarm,
    /// The greeting is yet to come.
    greeting: Option<Greeting>,
    _is_open: Admission,
}

impl SseWriter {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let first = match self.subscription.poll_next_item(cx) {
            Poll::Ready(Some(item)) => item,
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {
                ready!(self.next_beat.poll(cx));
                // Looking once more moves the cursor over what went to other topics.
                self.subscription.look_again().unwrap_or_else(|| self.beat())
            }
        };
        // The server may be stopping already, which has a delay of its own for those who come back.
        let is_end = matches!(first, Item::Control(Control::Retry(_)));
        let mut first = write(first);
        if let Some(greeting) = self.greeting.take().filter(|_| !is_end) {
            first = self.greet(first, greeting);
        }
        let chunk = self.with_what_is_ready(first);
        self.subscription.wrote(chunk.len());
        Poll::Ready(Some(chunk))
    }

    /// What a stream begins with: how it goes on, which the subscription says, and then what this server is. What is kept
    /// comes after it.
    fn greet(&mut self, first: Bytes, greeting: Greeting) -> Bytes {
        let is_kept = |control: &Control| matches!(control, Control::Snapshot(_) | Control::Added(_));
        let is_greeting = |item: &Item| matches!(item, Item::Control(control) if !is_kept(control));
        let mut text = BytesMut::from(first);
        let next = loop {
            match self.subscription.try_next() {
                Some(item) if is_greeting(&item) => text.extend_from_slice(&write(item)),
                next => break next,
            }
        };
        let own = [
            greeting.announcement.map(Control::Connection),
            Some(Control::Version(WIRE_VERSION)),
            greeting.retry.map(Control::Retry),
        ];
        let own = own.into_iter().flatten().map(Item::Control);
        for item in own.chain(next) {
            text.extend_from_slice(&write(item));
        }
        text.freeze()
    }

    /// Adds what needs no waiting. A single event is passed on without a copy.
    fn with_what_is_ready(&mut self, first: Bytes) -> Bytes {
        let mut chunk = BytesMut::new();
        while chunk.len().max(first.len()) < MAX_CHUNK_BYTES {
            let Some(item) = self.subscription.try_next().or_else(|| self.beat_if_due()) else {
                break;
            };
            if chunk.is_empty() {
                // Events of one stream are about as long as each other, and growing by and by copies them again.
                let count = self.subscription.waiting().saturating_add(2);
                chunk.reserve(first.len().saturating_mul(count).min(MAX_CHUNK_BYTES));
                chunk.extend_from_slice(&first);
            }
            chunk.extend_from_slice(&write(item));
        }
        if chunk.is_empty() { first } else { chunk.freeze() }
    }

    /// Also on a stream that is never silent: its events may have names that the page does not listen to, and then it
    /// hears nothing of them, neither that the stream is alive nor how far it has come.
    fn beat_if_due(&mut self) -> Option<Item> {
        self.next_beat.has_rung().then(|| self.beat())
    }

    fn beat(&mut self) -> Item {
        self.next_beat.set(Instant::now() + self.heartbeat);
        Item::Control(Control::Heartbeat(self.subscription.position()))
    }
}

impl HttpBody for SseWriter {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = ready!(self.get_mut().poll_chunk(cx));
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

fn write(item: Item) -> Bytes {
    match item {
        Item::Event { event, has_id: true } => event.text(),
        Item::Event { event, has_id: false } => event.text_without_id(),
        // The field is for the browser and invisible to a page, the event is for the page.
        Item::Control(Control::Retry(milliseconds)) => {
            let control = encode_control(&Control::Retry(milliseconds));
            Bytes::from(encode_retry(milliseconds) + &control)
        }
        Item::Control(control) => encode_control(&control).into(),
    }
}
