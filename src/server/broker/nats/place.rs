//! Where the stream is, for whoever writes to it and for whoever reads it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_nats::Client;
use async_nats::connection::State;
use async_nats::jetstream::Context;
use async_nats::jetstream::stream::{Config, Info, Stream};
use tokio::sync::{Notify, watch};

use super::NatsConfig;
use super::stream_info::history;
use crate::server::broker::engine::{Fault, History};
use crate::wire::Epoch;

/// What both sides know.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) client: Client,
    pub(super) context: Context,
    pub(super) config: NatsConfig,
    pub(super) subject: String,
    /// Which epoch the reader has found, and on which of the client's connections.
    pub(super) verified: watch::Sender<(u64, Epoch)>,
    /// Says that the client has connected.
    pub(super) connected: Arc<Notify>,
}

impl Place {
    /// How often the client has connected.
    pub(super) fn connects(&self) -> u64 {
        self.client.statistics().connects.load(Ordering::Relaxed)
    }

    /// Waits until the reader knows which epoch this connection leads to: a stream that was replaced or set back while there was
    /// none gives places anew.
    pub(super) async fn verified(&self) -> Result<(u64, Epoch), Fault> {
        let mut verified = self.verified.subscribe();
        let found = verified
            .wait_for(|(connection, _)| *connection == self.connects())
            .await;
        found.map(|found| *found).map_err(Fault::new)
    }

    pub(super) fn stream_config(&self) -> Config {
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
    pub(super) async fn stream(&self) -> Result<Stream, Fault> {
        if self.client.connection_state() != State::Connected {
            return Err(Fault::new("not connected"));
        }
        let stream = self.context.get_or_create_stream(self.stream_config());
        stream.await.map_err(Fault::new)
    }

    pub(super) async fn history(&self) -> Result<History, Fault> {
        Ok(history(self.stream().await?.cached_info()))
    }

    /// Begins another epoch of the stream, called by what the stream shall be known by. Nodes that find the same give it the same
    /// name, so that those who come second change nothing.
    pub(super) async fn begin(&self, info: &Info, name: u64) -> Result<History, Fault> {
        let config = Config {
            description: Some(format!("leptos-live {name:016x}")),
            ..info.config.clone()
        };
        let info = self.context.update_stream(config).await.map_err(Fault::new)?;
        Ok(history(&info))
    }
}
