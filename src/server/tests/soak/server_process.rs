//! The server as a process of its own, on one port through all of its lives.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::chance::Chance;
use super::child_process::ChildProcess;
use super::exchange::ask;
use super::levels::Levels;
use super::serving;
use crate::wire::{Epoch, Position};

/// Generous: other programs run beside.
const START: Duration = Duration::from_secs(30);

pub(super) struct ServerProcess {
    process: ChildProcess,
    heartbeat: Duration,
    pub(super) address: SocketAddr,
    /// What it held when nobody had come yet.
    pub(super) fresh: Levels,
    pub(super) epoch: Epoch,
}

impl ServerProcess {
    pub(super) async fn start(chance: &mut Chance, heartbeat: Duration) -> Self {
        let address = free_address(chance);
        Self::start_at(address, heartbeat).await
    }

    async fn start_at(address: SocketAddr, heartbeat: Duration) -> Self {
        let variables = [
            (serving::PORT, address.port().to_string()),
            (serving::HEARTBEAT, heartbeat.as_millis().to_string()),
        ];
        let mut process = ChildProcess::start("process_that_serves", &variables);
        let began = Instant::now();
        let stats = loop {
            assert!(!process.has_ended(), "the server has ended before it served");
            assert!(began.elapsed() < START, "no server within {START:?}");
            match ask(address, "GET", "/stats", "").await {
                Ok((200, stats)) => break serde_json::from_str(&stats).unwrap(),
                _ => sleep(Duration::from_millis(20)).await,
            }
        };
        Self {
            address,
            heartbeat,
            fresh: Levels::read(process.id(), &stats),
            epoch: head(&stats).epoch,
            process,
        }
    }

    /// Asks it to stop, waits until it has, and starts the next one.
    pub(super) async fn restart(&mut self) {
        self.process.signal("TERM");
        let ended = self.process.ended(Duration::from_secs(10)).await;
        assert!(ended, "a server that was asked to stop ends well");
        self.start_again().await;
    }

    /// Kills it, and starts the next one.
    pub(super) async fn kill_and_restart(&mut self) {
        self.process.signal("KILL");
        self.process.ended(Duration::from_secs(10)).await;
        self.start_again().await;
    }

    async fn start_again(&mut self) {
        *self = Self::start_at(self.address, self.heartbeat).await;
    }

    /// Holds it for a while, as a machine does that is suspended or busy.
    pub(super) async fn pause(&self, time: Duration) {
        self.process.signal("STOP");
        sleep(time).await;
        self.process.signal("CONT");
    }

    pub(super) async fn stats(&self) -> Value {
        let asked = timeout(START, ask(self.address, "GET", "/stats", ""));
        match asked.await {
            Ok(Ok((200, stats))) => serde_json::from_str(&stats).unwrap(),
            other => panic!("the server does not say how it is: {other:?}"),
        }
    }

    pub(super) async fn levels(&self) -> Levels {
        Levels::read(self.process.id(), &self.stats().await)
    }

    /// Waits until nothing is left of those who were connected, and says what it holds then.
    pub(super) async fn levels_when_all_have_left(&self) -> Levels {
        let began = Instant::now();
        loop {
            let levels = self.levels().await;
            if levels.is_back_to(&self.fresh) {
                return levels;
            }
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "everybody has left, and the server holds {levels}; when it was fresh it held {}",
                self.fresh
            );
            sleep(Duration::from_millis(100)).await;
        }
    }
}

fn head(stats: &Value) -> Position {
    stats["head"].as_str().unwrap().parse().unwrap()
}

/// An address that stays free while nobody listens there: not among those that the system gives to clients. One of them that
/// connects to a server that is down may be given that server's port, and meets itself.
fn free_address(chance: &mut Chance) -> SocketAddr {
    loop {
        let port = u16::try_from(20_000 + chance.below(10_000)).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
