//! The reading side: a consumer of the node's own, which follows the stream.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Message as Received;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::stream::Stream;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use tokio::time::timeout;

use super::place::Place;
use super::stream_info::{history, micros, name_after};
use crate::server::broker::engine::{Entry, Fault, History, News, Reader, Seen};
use crate::server::broker::message::Message;
use crate::wire::Epoch;

/// How long a read waits for something new; then the stream is looked at.
const READ_WAITS: Duration = Duration::from_millis(400);

/// How many messages are asked for at once, and handed on at once.
const BATCH: usize = 500;

/// After so long without its node, a consumer is forgotten by the server.
const CONSUMER_OUTLIVES_NODE: Duration = Duration::from_secs(30);

/// A reader of the stream.
pub(super) struct NatsReader {
    place: Arc<Place>,
    /// What the consumer brings, from where it was made.
    messages: Option<pull::Stream>,
    /// How often in a row nothing came although there was something: a server that was started anew has forgotten consumers.
    missed: u8,
    /// Which of the client's connections the history was opened on.
    connection: u64,
}

impl fmt::Debug for NatsReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsReader")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl NatsReader {
    pub(super) fn new(place: Arc<Place>) -> Self {
        Self {
            place,
            messages: None,
            missed: 0,
            connection: 0,
        }
    }

    async fn messages(&mut self, after: u64) -> Result<&mut pull::Stream, Fault> {
        let messages = match self.messages.take() {
            Some(messages) => messages,
            None => self.consume(after).await?,
        };
        Ok(self.messages.insert(messages))
    }

    async fn consume(&self, after: u64) -> Result<pull::Stream, Fault> {
        let config = pull::Config {
            deliver_policy: DeliverPolicy::ByStartSequence {
                start_sequence: after.saturating_add(1),
            },
            ack_policy: AckPolicy::None,
            inactive_threshold: CONSUMER_OUTLIVES_NODE,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let context = &self.place.context;
        let consumer = context.create_consumer_on_stream(config, self.place.config.name.as_str());
        let consumer = consumer.await.map_err(Fault::new)?;
        let messages = consumer.stream().max_messages_per_batch(BATCH);
        messages.messages().await.map_err(Fault::new)
    }

    /// The message that stands at this offset now, by its stamp; zero where there is none.
    async fn stamp_at(&self, stream: &Stream, offset: u64) -> u64 {
        match stream.get_raw_message(offset).await {
            Ok(message) => micros(message.time.into()),
            Err(_) => 0,
        }
    }
}

impl Reader for NatsReader {
    async fn open(&mut self, seen: Option<Seen>, past: &[Epoch]) -> Result<History, Fault> {
        self.messages = None;
        self.missed = 0;
        let connection = self.place.connects();
        let stream = self.place.stream().await?;
        let info = stream.cached_info();
        let mut found = history(info);
        if let Some(seen) = seen {
            let is_kept = (found.first..=found.head).contains(&seen.position.offset);
            let is_other = if seen.position.epoch != found.epoch {
                past.contains(&found.epoch)
            } else if found.head < seen.given {
                true
            } else if seen.stamp != 0 && is_kept {
                let stamp = self.stamp_at(&stream, seen.position.offset).await;
                stamp != 0 && stamp != seen.stamp
            } else {
                false
            };
            if is_other {
                found = self
                    .place
                    .begin(info, name_after(seen.position.epoch, info))
                    .await?;
            }
        }
        self.connection = connection;
        self.place.verified.send_replace((connection, found.epoch));
        Ok(found)
    }

    async fn load(&mut self, history: &History) -> Result<Vec<Entry>, Fault> {
        let mut all: Vec<Entry> = Vec::new();
        let limit = self.place.config.timeout;
        if history.first > history.head {
            return Ok(all);
        }
        let connects = self.place.connects();
        let messages = self.messages(history.first.saturating_sub(1)).await?;
        while all.last().is_none_or(|last| last.offset < history.head) {
            let Ok(message) = timeout(limit, messages.try_next()).await else {
                return Err(Fault(format!("no answer within {limit:?}")));
            };
            let message = message.map_err(Fault::new)?;
            all.push(entry(&message.ok_or_else(ended)?)?);
        }
        // What was under way when a connection broke does not come again.
        if self.place.connects() != connects {
            return Err(Fault::new("the connection broke meanwhile"));
        }
        Ok(all)
    }

    fn may_be_back(&self) -> impl Future<Output = ()> + Send {
        let connected = self.place.connected.clone();
        async move { connected.notified().await }
    }

    async fn after(&mut self, seen: Seen) -> Result<News, Fault> {
        if self.place.connects() != self.connection {
            return Ok(News::Changed);
        }
        let place = self.place.clone();
        let messages = self.messages(seen.position.offset).await?;
        let first = tokio::select! {
            first = timeout(READ_WAITS, messages.next()) => first,
            // Whoever publishes waits until it is known which stream this is.
            () = place.connected.notified() => return Ok(News::Entries(Vec::new())),
        };
        let Ok(first) = first else {
            let found = self.place.history().await?;
            self.missed = if found.head > seen.position.offset {
                self.missed.saturating_add(1)
            } else {
                0
            };
            let goes_on = found.first <= seen.position.offset.saturating_add(1)
                && found.head >= seen.given
                && self.missed < 2;
            return Ok(if found.epoch == seen.position.epoch && goes_on {
                News::Entries(Vec::new())
            } else {
                News::Changed
            });
        };
        let mut entries = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            let message = message.ok_or_else(ended)?.map_err(Fault::new)?;
            entries.push(entry(&message)?);
            next = if entries.len() < BATCH {
                messages.next().now_or_never()
            } else {
                None
            };
        }
        let says_so = |entry: &Entry| matches!(Message::read(&entry.message), Ok(Message::Epoch));
        let is_other =
            entries.iter().any(says_so) && self.place.history().await?.epoch != seen.position.epoch;
        Ok(if is_other {
            News::Changed
        } else {
            News::Entries(entries)
        })
    }
}

fn entry(message: &Received) -> Result<Entry, Fault> {
    let info = message.info().map_err(Fault::new)?;
    Ok(Entry {
        offset: info.stream_sequence,
        stamp: micros(info.published.into()),
        message: message.payload.to_vec(),
    })
}

fn ended() -> Fault {
    Fault::new("the consumer has ended")
}
