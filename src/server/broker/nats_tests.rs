//! The contract and the faults, on NATS JetStream as Debian ships it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use async_nats::jetstream;

use super::contract::{Ground, contract};
use super::engine_tests::{Launch, Process, Server, faults, numbers};
use super::{BrokerError, NatsBroker, NatsConfig};
use crate::server::{Hub, HubConfig};

const STREAM: &str = "leptos-live";

const LAUNCH: Launch = Launch {
    program: "nats-server",
    variable: "NATS_SERVER",
    arguments,
};

fn arguments(port: u16, folder: &Path) -> Vec<String> {
    let words = format!("-a 127.0.0.1 -p {port} -js -sd {}", folder.display());
    words.split(' ').map(str::to_owned).collect()
}

pub(super) struct Nats(Process);

impl Nats {
    async fn context(&self) -> jetstream::Context {
        let client = async_nats::connect(format!("nats://{}", self.address())).await;
        jetstream::new(client.unwrap())
    }
}

impl Ground for Nats {
    async fn begin() -> Option<Self> {
        Process::start(LAUNCH).await.map(Self)
    }

    async fn node(&self, config: HubConfig) -> Hub {
        self.node_over(self.address(), config).await
    }
}

impl Server for Nats {
    fn process(&self) -> &Process {
        &self.0
    }

    fn process_mut(&mut self) -> &mut Process {
        &mut self.0
    }

    const REPEATS_PLACES: bool = true;

    async fn try_to_connect(address: SocketAddr, config: HubConfig) -> Result<Hub, BrokerError> {
        let broker = NatsBroker::connect(NatsConfig {
            max_events: Self::KEPT as i64,
            timeout: Duration::from_millis(500),
            ..NatsConfig::new(format!("nats://{address}"))
        });
        Ok(Hub::with_broker(config, broker.await?))
    }

    async fn empty(&self) {
        // Where it is deleted already, nobody may have made it anew.
        let _ = self.context().await.delete_stream(STREAM).await;
    }

    async fn forget(&self) {
        let stream = self.context().await.get_stream(STREAM).await;
        if let Ok(stream) = stream {
            stream.purge().await.unwrap();
        }
    }

    async fn take_out(&self, offset: u64) {
        let stream = self.context().await.get_stream(STREAM).await.unwrap();
        stream.delete_message(offset).await.unwrap();
    }
}

contract!(Nats);
faults!(Nats);
numbers!(Nats);
