//! NATS JetStream as an engine: one stream, to which all nodes publish and which each of them reads through a consumer of
//! its own.
//!
//! An offset is the stream's sequence. The epoch is made of the moment at which the stream was created and of its
//! description, which changes where a node finds that the end of the stream is lost: JetStream has no better place for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::stream::{Config, Info, Stream};
use async_nats::jetstream::{Context, ContextBuilder, Message as Received};
use async_nats::{Client, ConnectOptions, HeaderMap};
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use tokio::time::timeout;

use super::NatsConfig;
use super::stream_info::{history, micros};
use crate::server::broker::Published;
use crate::server::broker::engine::{Appended, Engine, Entry, Fault, History, News, Reader, Seen};
use crate::server::broker::message::Message;
use crate::server::random::random_u64;
use crate::wire::Position;

/// How long a read waits for something new; then the stream is looked at.
const READ_WAITS: Duration = Duration::from_millis(400);

/// How many messages are asked for at once, and handed on at once.
const BATCH: usize = 500;

/// After so long without its node, a consumer is forgotten by the server.
const CONSUMER_OUTLIVES_NODE: Duration = Duration::from_secs(30);

/// The headers by which JetStream recognises a message that was published before, and the stream that it is meant for.
const MESSAGE_ID: &str = "Nats-Msg-Id";
const EXPECTED_STREAM: &str = "Nats-Expected-Stream";

/// What both sides know.
#[derive(Debug)]
struct Place {
    client: Client,
    context: Context,
    config: NatsConfig,
    subject: String,
}

impl Place {
    fn stream_config(&self) -> Config {
        Config {
            name: self.config.name.clone(),
            subjects: vec![self.subject.clone()],
            max_messages: self.config.max_events,
            max_bytes: self.config.max_bytes,
            max_age: self.config.max_age,
            num_replicas: self.config.replicas,
            // The longest that a key can be known.
            duplicate_window: self.config.duplicate_window,
            ..Config::default()
        }
    }

    /// The stream as it is, made where there is none.
    async fn stream(&self) -> Result<Stream, Fault> {
        if self.client.connection_state() != State::Connected {
            return Err(Fault::new("not connected"));
        }
        let stream = self.context.get_or_create_stream(self.stream_config());
        stream.await.map_err(Fault::new)
    }

    async fn history(&self) -> Result<History, Fault> {
        Ok(history(self.stream().await?.cached_info()))
    }

    /// Begins another epoch of the stream.
    async fn begin(&self, info: &Info) -> Result<History, Fault> {
        let config = Config {
            description: Some(format!("leptos-live {:016x}", random_u64())),
            ..info.config.clone()
        };
        let info = self.context.update_stream(config).await.map_err(Fault::new)?;
        Ok(history(&info))
    }
}

/// The writing side.
#[derive(Debug)]
pub(super) struct NatsEngine {
    place: Arc<Place>,
}

impl NatsEngine {
    pub(super) async fn connect(config: NatsConfig) -> Result<Self, Fault> {
        let options = ConnectOptions::new()
            .connection_timeout(config.timeout)
            .request_timeout(Some(config.timeout))
            .ping_interval(Duration::from_secs(5))
            .reconnect_delay_callback(|attempts| {
                let doublings = u32::try_from(attempts.min(5)).unwrap_or(5);
                Duration::from_millis(25_u64.saturating_mul(2_u64.saturating_pow(doublings)))
            });
        let client = options.connect(&config.url).await.map_err(Fault::new)?;
        let context = ContextBuilder::new()
            .timeout(config.timeout)
            .ack_timeout(config.timeout)
            .build(client.clone());
        let place = Place {
            subject: format!("{}.events", config.name),
            client,
            context,
            config,
        };
        Ok(Self {
            place: Arc::new(place),
        })
    }
}

impl Engine for NatsEngine {
    const NAME: &'static str = "nats";

    type Reader = NatsReader;

    fn reader(&self) -> NatsReader {
        NatsReader {
            place: self.place.clone(),
            messages: None,
            missed: 0,
        }
    }

    async fn append(&self, appended: Appended) -> Result<Published, Fault> {
        // What the client would keep to send it later nobody waits for any more.
        if self.place.client.connection_state() != State::Connected {
            return Err(Fault::new("not connected"));
        }
        let epoch = appended.seen.epoch;
        let mut headers = HeaderMap::new();
        headers.insert(EXPECTED_STREAM, self.place.config.name.as_str());
        if let Some(key) = &appended.key {
            headers.insert(MESSAGE_ID, format!("{:016x}:{key}", epoch.0).as_str());
        }
        let published = self.place.context.publish_with_headers(
            self.place.subject.clone(),
            headers,
            appended.message.into(),
        );
        let ack = published.await.map_err(Fault::new)?.await.map_err(Fault::new)?;
        Ok(Published {
            position: Position {
                epoch,
                offset: ack.sequence,
            },
            is_new: !ack.duplicate,
        })
    }

    async fn head(&self) -> Result<Position, Fault> {
        Ok(self.place.history().await?.position())
    }

    async fn reset(&self) -> Result<Position, Fault> {
        let stream = self.place.stream().await?;
        stream.purge().await.map_err(Fault::new)?;
        let history = self.place.begin(stream.cached_info()).await?;
        let told = Appended {
            message: Message::of_epoch(),
            key: None,
            window: Duration::ZERO,
            seen: history.position(),
        };
        Ok(self.append(told).await?.position)
    }
}

/// The reading side.
pub(super) struct NatsReader {
    place: Arc<Place>,
    /// What the consumer brings, from where it was made.
    messages: Option<pull::Stream>,
    /// How often in a row nothing came although there was something: a server that was started anew has forgotten consumers.
    missed: u8,
}

impl fmt::Debug for NatsReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsReader")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl NatsReader {
    async fn messages(&mut self, after: u64) -> Result<&mut pull::Stream, Fault> {
        let messages = match self.messages.take() {
            Some(messages) => messages,
            None => self.consume(after).await?,
        };
        Ok(self.messages.insert(messages))
    }

    /// How often the client has connected.
    fn connects(&self) -> u64 {
        self.place.client.statistics().connects.load(Ordering::Relaxed)
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
    async fn open(&mut self, seen: Option<Seen>) -> Result<History, Fault> {
        self.messages = None;
        self.missed = 0;
        let stream = self.place.stream().await?;
        let found = history(stream.cached_info());
        let Some(seen) = seen.filter(|seen| seen.position.epoch == found.epoch) else {
            return Ok(found);
        };
        let is_kept = (found.first..=found.head).contains(&seen.position.offset);
        let is_other = found.head < seen.position.offset
            || (seen.stamp != 0 && is_kept && {
                let stamp = self.stamp_at(&stream, seen.position.offset).await;
                stamp != 0 && stamp != seen.stamp
            });
        if is_other {
            return self.place.begin(stream.cached_info()).await;
        }
        Ok(found)
    }

    async fn load(&mut self, history: &History) -> Result<Vec<Entry>, Fault> {
        let mut all: Vec<Entry> = Vec::new();
        let limit = self.place.config.timeout;
        if history.first > history.head {
            return Ok(all);
        }
        let connects = self.connects();
        let messages = self.messages(history.first.saturating_sub(1)).await?;
        while all.last().is_none_or(|last| last.offset < history.head) {
            let Ok(message) = timeout(limit, messages.try_next()).await else {
                return Err(Fault(format!("no answer within {limit:?}")));
            };
            let message = message.map_err(Fault::new)?;
            all.push(entry(&message.ok_or_else(ended)?)?);
        }
        // What was under way when a connection broke does not come again.
        if self.connects() != connects {
            return Err(Fault::new("the connection broke meanwhile"));
        }
        Ok(all)
    }

    async fn after(&mut self, seen: Seen) -> Result<News, Fault> {
        let messages = self.messages(seen.position.offset).await?;
        let Ok(first) = timeout(READ_WAITS, messages.next()).await else {
            let found = self.place.history().await?;
            self.missed = if found.head > seen.position.offset {
                self.missed.saturating_add(1)
            } else {
                0
            };
            let goes_on = found.first <= seen.position.offset.saturating_add(1)
                && found.head >= seen.position.offset
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
