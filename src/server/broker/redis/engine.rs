//! Redis as an engine: one connection for all publishers, and one of its own for the reader, whose reads wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Value, cmd};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::RedisConfig;
use super::entries::{self, Dated};
use super::scripts::{APPEND, OPEN, RESET};
use crate::server::broker::Published;
use crate::server::broker::engine::{Appended, Engine, Entry, Fault, History, News, Reader, Seen};
use crate::server::broker::message::Message;
use crate::server::random::random_u64;
use crate::wire::{Epoch, Position};

/// How long the server lets a read wait for something new. Then the history is looked at, as a stream that was emptied tells
/// nobody.
const READ_WAITS: Duration = Duration::from_millis(400);

/// How many entries are read at once.
const BATCH: usize = 500;

impl From<RedisError> for Fault {
    fn from(error: RedisError) -> Self {
        Self::new(error)
    }
}

/// What both connections know.
#[derive(Debug)]
struct Place {
    client: Client,
    config: RedisConfig,
    hash: String,
    stream: String,
    /// How often the reader has connected. A writer's connection of before is of before whatever the reader has noticed.
    generation: AtomicU64,
}

impl Place {
    async fn connect(&self, answers_within: Option<Duration>) -> Result<MultiplexedConnection, Fault> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.config.timeout))
            .set_response_timeout(answers_within);
        let connection = self.client.get_multiplexed_async_connection_with_config(&config);
        Ok(connection.await?)
    }

    async fn open(
        &self,
        connection: &mut MultiplexedConnection,
        seen: Option<Seen>,
        past: &[Epoch],
    ) -> Result<History, Fault> {
        let (known, read, stamp, given) = seen.map_or((String::new(), 0, 0, 0), |seen| {
            let Position { epoch, offset } = seen.position;
            (epoch_text(epoch), offset, seen.stamp, seen.given)
        });
        let mut call = OPEN.key(&self.hash);
        call.key(&self.stream).arg(known).arg(read).arg(stamp);
        call.arg(epoch_text(Epoch(random_u64()))).arg(given);
        for epoch in past {
            call.arg(epoch_text(*epoch));
        }
        let (epoch, first, head): (String, u64, u64) = call.invoke_async(connection).await?;
        Ok(History {
            epoch: read_epoch(&epoch)?,
            first,
            head,
        })
    }
}

fn epoch_text(epoch: Epoch) -> String {
    format!("{:016x}", epoch.0)
}

fn read_epoch(text: &str) -> Result<Epoch, Fault> {
    entries::epoch(text).ok_or_else(foreign)
}

fn foreign() -> Fault {
    Fault::new("entries that no hub has written")
}

/// The writing side.
#[derive(Debug)]
pub(super) struct RedisEngine {
    place: Arc<Place>,
    /// Made when it is needed, and again after it has failed.
    connection: Mutex<Option<(u64, MultiplexedConnection)>>,
}

impl RedisEngine {
    pub(super) fn new(config: RedisConfig) -> Result<Self, Fault> {
        let place = Place {
            client: Client::open(&*config.url)?,
            generation: AtomicU64::new(0),
            hash: format!("{{{}}}:history", config.name),
            stream: format!("{{{}}}:events", config.name),
            config,
        };
        Ok(Self {
            place: Arc::new(place),
            connection: Mutex::default(),
        })
    }

    /// The connection, or a new one.
    async fn connection(&self) -> Result<MultiplexedConnection, Fault> {
        let mut slot = self.connection.lock().await;
        let generation = self.place.generation.load(Ordering::Acquire);
        if let Some((_, connection)) = slot.as_ref().filter(|(of, _)| *of == generation) {
            return Ok(connection.clone());
        }
        // A little less than whoever waits for it waits, so that it is this connection that is found to have failed.
        let connection = self
            .place
            .connect(Some(self.place.config.timeout.mul_f64(0.9)))
            .await?;
        *slot = Some((generation, connection.clone()));
        Ok(connection)
    }

    /// Lets go of a connection on which something has failed: what it has yet to answer nobody waits for.
    async fn checked<T, E: Into<Fault>>(&self, answer: Result<T, E>) -> Result<T, Fault> {
        if answer.is_err() {
            self.connection.lock().await.take();
        }
        answer.map_err(Into::into)
    }
}

impl Engine for RedisEngine {
    const NAME: &'static str = "redis";

    type Reader = RedisReader;

    fn reader(&self) -> RedisReader {
        RedisReader {
            place: self.place.clone(),
            connection: None,
        }
    }

    async fn append(&self, appended: Appended) -> Result<Published, Fault> {
        let mut call = APPEND.key(&self.place.hash);
        call.key(&self.place.stream);
        if let Some(key) = &appended.key {
            call.key(format!("{{{}}}:key:{key}", self.place.config.name));
        }
        call.arg(epoch_text(appended.seen.epoch))
            .arg(appended.seen.offset)
            .arg(epoch_text(Epoch(random_u64())))
            .arg(appended.message)
            .arg(self.place.config.max_events)
            .arg(u64::try_from(appended.window.as_millis()).unwrap_or(u64::MAX));
        let mut connection = self.connection().await?;
        let answer = call.invoke_async(&mut connection).await;
        let (epoch, offset, is_new): (String, u64, u8) = self.checked(answer).await?;
        let epoch = read_epoch(&epoch)?;
        Ok(Published {
            position: Position { epoch, offset },
            is_new: is_new == 1,
        })
    }

    async fn head(&self) -> Result<Position, Fault> {
        let mut connection = self.connection().await?;
        let history = self.place.open(&mut connection, None, &[]).await;
        Ok(self.checked(history).await?.position())
    }

    async fn reset(&self) -> Result<Position, Fault> {
        let mut call = RESET.key(&self.place.hash);
        call.key(&self.place.stream).arg(epoch_text(Epoch(random_u64())));
        call.arg(Message::of_epoch());
        let mut connection = self.connection().await?;
        let answer = call.invoke_async(&mut connection).await;
        let (epoch, offset): (String, u64) = self.checked(answer).await?;
        let epoch = read_epoch(&epoch)?;
        Ok(Position { epoch, offset })
    }
}

/// The reading side.
#[derive(Debug)]
pub(super) struct RedisReader {
    place: Arc<Place>,
    connection: Option<MultiplexedConnection>,
}

impl RedisReader {
    fn connected(&mut self) -> Result<&mut MultiplexedConnection, Fault> {
        self.connection
            .as_mut()
            .ok_or_else(|| Fault::new("not connected"))
    }

    async fn within_limit<T>(&self, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let limit = self.place.config.timeout;
        match timeout(limit, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(Fault(format!("no answer within {limit:?}"))),
        }
    }
}

impl Reader for RedisReader {
    async fn open(&mut self, seen: Option<Seen>, past: &[Epoch]) -> Result<History, Fault> {
        let place = self.place.clone();
        let (connection, history) = self
            .within_limit(async {
                // Reads wait at the server, and each call is limited here.
                let mut connection = place.connect(None).await?;
                let history = place.open(&mut connection, seen, past).await?;
                Ok((connection, history))
            })
            .await?;
        self.connection = Some(connection);
        self.place.generation.fetch_add(1, Ordering::AcqRel);
        Ok(history)
    }

    async fn load(&mut self, history: &History) -> Result<Vec<Entry>, Fault> {
        let mut all: Vec<Entry> = Vec::new();
        loop {
            let after = all
                .last()
                .map_or(history.first.saturating_sub(1), |entry| entry.offset);
            let mut read = cmd("XRANGE");
            read.arg(&self.place.stream).arg(format!("({after}-0")).arg("+");
            read.arg("COUNT").arg(BATCH);
            let mut connection = self.connected()?.clone();
            let reply: Value = self
                .within_limit(async { Ok(read.query_async(&mut connection).await?) })
                .await?;
            let page = entries::of_range(reply).ok_or_else(foreign)?;
            let is_last = page.len() < BATCH;
            all.extend(page.into_iter().map(|(_, entry)| entry));
            if is_last {
                return Ok(all);
            }
        }
    }

    fn may_be_back(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    async fn after(&mut self, seen: Seen) -> Result<News, Fault> {
        let mut read = cmd("XREAD");
        read.arg("COUNT").arg(BATCH);
        read.arg("BLOCK").arg(READ_WAITS.as_millis().to_string());
        read.arg("STREAMS").arg(&self.place.stream);
        read.arg(format!("{}-0", seen.position.offset));
        let mut connection = self.connected()?.clone();
        let limit = self.place.config.timeout.saturating_add(READ_WAITS);
        let reply: Value = match timeout(limit, read.query_async(&mut connection)).await {
            Ok(reply) => reply?,
            Err(_) => return Err(Fault(format!("no answer within {limit:?}"))),
        };
        let found: Vec<Dated> = entries::of_read(reply).ok_or_else(foreign)?;
        if found.is_empty() {
            let place = self.place.clone();
            let history = self
                .within_limit(place.open(&mut connection, Some(seen), &[]))
                .await?;
            let goes_on = history.first <= seen.position.offset.saturating_add(1);
            return Ok(if history.epoch == seen.position.epoch && goes_on {
                News::Entries(Vec::new())
            } else {
                News::Changed
            });
        }
        if found.iter().any(|(epoch, _)| *epoch != seen.position.epoch) {
            return Ok(News::Changed);
        }
        Ok(News::Entries(found.into_iter().map(|(_, entry)| entry).collect()))
    }
}
