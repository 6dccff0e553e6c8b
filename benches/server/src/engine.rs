//! The engines behind brokers of several nodes: their servers, and hubs that stand on them.

use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use leptos_live::server::{Hub, HubConfig, NatsBroker, NatsConfig, RedisBroker, RedisConfig};
use tokio::time::sleep;

use crate::companion;

/// How long a server may take until it serves.
const START: Duration = Duration::from_secs(10);

/// Who gives events their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Redis,
    Nats,
}

impl Engine {
    pub(crate) const ALL: [Self; 2] = [Self::Redis, Self::Nats];

    /// The name of its server, and of the Debian package that it comes in.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Redis => "redis-server",
            Self::Nats => "nats-server",
        }
    }

    /// Every write of Redis is on disk before it is answered, as in the tests of its broker; JetStream syncs by itself.
    fn arguments(self, port: u16, folder: &Path) -> Vec<String> {
        let folder = folder.display();
        let words = match self {
            Self::Redis => {
                format!("--port {port} --bind 127.0.0.1 --dir {folder} --appendonly yes --appendfsync always")
            }
            Self::Nats => format!("-a 127.0.0.1 -p {port} -js -sd {folder}"),
        };
        words.split(' ').map(str::to_owned).collect()
    }
}

/// A server that runs in a folder of its own; both end when it is dropped.
#[derive(Debug)]
pub(crate) struct EngineServer {
    engine: Engine,
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl EngineServer {
    /// Starts the server; `None` where there is no such program.
    pub(crate) async fn start(engine: Engine) -> Result<Option<Self>> {
        let Some(program) = companion::find(engine.program()) else {
            return Ok(None);
        };
        let port = companion::free_port()?;
        let folder = env::temp_dir().join(format!("leptos-live-bench-{}-{port}", engine.program()));
        fs::create_dir_all(&folder)?;
        let child = companion::command(program)
            .args(engine.arguments(port, &folder))
            .spawn()
            .with_context(|| format!("cannot start {}", engine.program()))?;
        let mut server = Self {
            engine,
            child,
            port,
            folder,
        };
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("{} has ended at once: {status}", engine.program());
            }
            if Instant::now() > end {
                bail!("{} does not listen", engine.program());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Some(server))
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// A hub that shares its history with the others on this server.
    pub(crate) async fn node(&self) -> Result<Hub> {
        let end = Instant::now() + START;
        loop {
            match self.connect().await {
                Ok(hub) => return Ok(hub),
                // It listens before it serves.
                Err(_) if Instant::now() < end => sleep(Duration::from_millis(50)).await,
                Err(error) => return Err(error),
            }
        }
    }

    async fn connect(&self) -> Result<Hub> {
        let (config, port) = (HubConfig::default(), self.port);
        Ok(match self.engine {
            Engine::Redis => {
                let broker = RedisBroker::connect(RedisConfig::new(format!("redis://127.0.0.1:{port}")));
                Hub::with_broker(config, broker.await?)
            }
            Engine::Nats => {
                let broker = NatsBroker::connect(NatsConfig::new(format!("nats://127.0.0.1:{port}")));
                Hub::with_broker(config, broker.await?)
            }
        })
    }
}

impl Drop for EngineServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
