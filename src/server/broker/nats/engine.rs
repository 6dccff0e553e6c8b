//! NATS JetStream as an engine: one stream, to which all nodes publish and which each of them reads through a consumer of
//! its own.
//!
//! An offset is the stream's sequence. The epoch is made of the moment at which the stream was created and of its
//! description, which changes where a node finds that the end of the stream is lost: JetStream has no better place for it.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::ContextBuilder;
use async_nats::{ConnectOptions, Event, HeaderMap};
use tokio::sync::{Notify, watch};

use super::NatsConfig;
use super::place::Place;
use super::reader::NatsReader;
use crate::server::broker::Published;
use crate::server::broker::engine::{Appended, Engine, Fault};
use crate::server::broker::message::Message;
use crate::server::random::random_u64;
use crate::wire::{Epoch, Position};

/// The headers by which JetStream recognises a message that was published before, and the stream that it is meant for.
const MESSAGE_ID: &str = "Nats-Msg-Id";
const EXPECTED_STREAM: &str = "Nats-Expected-Stream";

/// The writing side.
#[derive(Debug)]
pub(super) struct NatsEngine {
    place: Arc<Place>,
}

impl NatsEngine {
    pub(super) async fn connect(config: NatsConfig) -> Result<Self, Fault> {
        let connected = Arc::<Notify>::default();
        let options = ConnectOptions::new()
            .event_callback({
                let connected = connected.clone();
                move |event| {
                    if event == Event::Connected {
                        connected.notify_one();
                    }
                    std::future::ready(())
                }
            })
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
            verified: watch::Sender::new((0, Epoch(0))),
            connected,
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
        NatsReader::new(self.place.clone())
    }

    async fn append(&self, appended: Appended) -> Result<Published, Fault> {
        // What the client would keep to send it later nobody waits for any more.
        if self.place.client.connection_state() != State::Connected {
            return Err(Fault::new("not connected"));
        }
        let (connection, epoch) = self.place.verified().await?;
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
        if self.place.connects() != connection {
            return Err(Fault::new(
                "the connection broke meanwhile; it may have been taken all the same",
            ));
        }
        let is_new = !ack.duplicate;
        let mut position = Position {
            epoch,
            offset: ack.sequence,
        };
        if is_new && epoch == appended.seen.epoch && ack.sequence <= appended.seen.offset {
            // The stream is another one, of which the reader has yet to hear.
            position.epoch = self.place.history().await?.epoch;
            if position.epoch == epoch {
                return Err(Fault::new("a stream that has lost its end"));
            }
            let found = (connection, position.epoch);
            self.place.verified.send_if_modified(|verified| {
                let is_old = *verified == (connection, epoch);
                if is_old {
                    *verified = found;
                }
                is_old
            });
        }
        Ok(Published { position, is_new })
    }

    async fn head(&self) -> Result<Position, Fault> {
        Ok(self.place.history().await?.position())
    }

    async fn reset(&self) -> Result<Position, Fault> {
        let stream = self.place.stream().await?;
        stream.purge().await.map_err(Fault::new)?;
        let history = self.place.begin(stream.cached_info(), random_u64()).await?;
        self.place
            .verified
            .send_modify(|(_, epoch)| *epoch = history.epoch);
        let told = Appended {
            message: Message::of_epoch(),
            key: None,
            window: Duration::ZERO,
            seen: history.position(),
        };
        Ok(self.append(told).await?.position)
    }
}
