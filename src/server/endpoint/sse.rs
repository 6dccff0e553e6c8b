//! The event-stream endpoint: a response whose body never ends by itself.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tokio::time::{Instant, timeout_at};

use super::{Rejection, admission};
use crate::server::hub::{Item, OpenGuard, Transport};
use crate::server::{Hub, Resume, SubscribeOptions, Subscription};
use crate::wire::{ConnectionId, Control, Topic, encode_control, encode_retry};

/// Events that are ready together are written together, up to about this many bytes.
const MAX_CHUNK_BYTES: usize = 64 << 10;

const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

impl Hub {
    /// An event stream of these topics, to be returned from an axum handler.
    ///
    /// ```
    /// use axum::response::IntoResponse;
    /// use leptos_live::Topic;
    /// use leptos_live::server::{Hub, Resume};
    ///
    /// async fn news(hub: Hub, topic: Topic, resume: Resume) -> impl IntoResponse {
    ///     hub.sse([topic], resume).tag("news page")
    /// }
    /// ```
    ///
    /// The stream begins with a heartbeat that names the position it goes on from; see
    /// [`Resume`] for where that is. It sends another one every
    /// [`HubConfig::heartbeat`](crate::server::HubConfig::heartbeat). It is refused with 503 when
    /// the hub is shutting down or has too many connections, and with 400 for too many topics.
    pub fn sse(&self, topics: impl IntoIterator<Item = Topic>, resume: Resume) -> SseResponse {
        SseResponse(Some(StreamRequest {
            hub: self.clone(),
            topics: topics.into_iter().collect(),
            resume,
            options: SubscribeOptions::default(),
            is_announced: false,
        }))
    }
}

/// An event stream, or the answer that there is none; see [`Hub::sse`].
#[derive(Debug)]
#[must_use = "a response does nothing until it is returned"]
pub struct SseResponse(Option<StreamRequest>);

#[derive(Debug)]
struct StreamRequest {
    hub: Hub,
    topics: Vec<Topic>,
    resume: Resume,
    options: SubscribeOptions,
    is_announced: bool,
}

impl SseResponse {
    /// Tells the reader to stop for good: 204, after which an `EventSource` does not come back.
    pub fn stop() -> Self {
        Self(None)
    }

    /// Names the stream, so that [`Hub::disconnect`] can end it.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        if let Some(request) = &mut self.0 {
            request.options.tag = Some(tag.into());
        }
        self
    }

    /// Tells the page the id of this connection, by an `ll:connection` event after the first heartbeat.
    /// The requests of the page bring it back, so that their handlers can publish to everybody else (see
    /// [`Sender`](crate::server::Sender)) or change the topics of the stream ([`Hub::connection`]).
    pub fn announced(mut self) -> Self {
        if let Some(request) = &mut self.0 {
            request.is_announced = true;
        }
        self
    }
}

impl IntoResponse for SseResponse {
    fn into_response(self) -> Response {
        let Some(request) = self.0 else {
            return (
                StatusCode::NO_CONTENT,
                [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
            )
                .into_response();
        };
        let hub = request.hub.clone();
        request.open().unwrap_or_else(|rejection| {
            hub.counters().refuse(rejection.reason());
            rejection.into_response()
        })
    }
}

impl StreamRequest {
    fn open(self) -> Result<Response, Rejection> {
        let is_open = admission::admit(&self.hub, |counters| &counters.sse_connections)?;
        let config = self.hub.config();
        let (topics, resume, options) = (self.topics, self.resume, self.options);
        let subscription = self.hub.subscribe_over(Transport::Sse, topics, resume, options)?;
        let writer = SseWriter {
            announcement: self.is_announced.then(|| subscription.connection().id()),
            retry: config.retry_milliseconds(),
            next_beat: Instant::now() + config.heartbeat_interval(),
            heartbeat: config.heartbeat_interval(),
            subscription,
            _is_open: is_open,
        };
        let chunks = stream::unfold(writer, |mut writer| async move {
            let chunk = writer.next_chunk().await?;
            Some((Ok::<_, Infallible>(chunk), writer))
        });
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/event-stream"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (ACCEL_BUFFERING, HeaderValue::from_static("no")),
        ];
        Ok((headers, Body::from_stream(chunks)).into_response())
    }
}

/// Writes what a subscription brings as event-stream text.
struct SseWriter {
    subscription: Subscription,
    heartbeat: Duration,
    next_beat: Instant,
    /// What the reader is told of itself after the first heartbeat.
    announcement: Option<ConnectionId>,
    /// What the reader is asked for after the first heartbeat.
    retry: Option<u32>,
    _is_open: OpenGuard,
}

impl SseWriter {
    async fn next_chunk(&mut self) -> Option<Bytes> {
        let first = match timeout_at(self.next_beat, self.subscription.next_item()).await {
            Ok(item) => item?,
            // Looking once more moves the cursor over what went to other topics.
            Err(_) => match self.subscription.try_next() {
                Some(item) => item,
                None => self.beat(),
            },
        };
        let mut first = write(first);
        if let Some(id) = self.announcement.take() {
            let id = write(Item::Control(Control::Connection(id)));
            first = [first, id].concat().into();
        }
        if let Some(milliseconds) = self.retry.take() {
            let retry = write(Item::Control(Control::Retry(milliseconds)));
            first = [first, retry].concat().into();
        }
        let chunk = self.with_what_is_ready(first);
        self.subscription.wrote(chunk.len());
        Some(chunk)
    }

    /// Adds what needs no waiting. A single event is passed on without a copy.
    fn with_what_is_ready(&mut self, first: Bytes) -> Bytes {
        let mut chunk = BytesMut::new();
        while chunk.len().max(first.len()) < MAX_CHUNK_BYTES {
            let Some(item) = self.subscription.try_next().or_else(|| self.beat_if_due()) else {
                break;
            };
            if chunk.is_empty() {
                chunk.extend_from_slice(&first);
            }
            chunk.extend_from_slice(&write(item));
        }
        if chunk.is_empty() { first } else { chunk.freeze() }
    }

    /// Also on a stream that is never silent: its events may have names that the page does not listen to, and then it
    /// hears nothing of them, neither that the stream is alive nor how far it has come.
    fn beat_if_due(&mut self) -> Option<Item> {
        (Instant::now() >= self.next_beat).then(|| self.beat())
    }

    fn beat(&mut self) -> Item {
        self.next_beat = Instant::now() + self.heartbeat;
        Item::Control(Control::Heartbeat(self.subscription.position()))
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
