//! The contract and the faults, on Redis as Debian ships it, with every write on disk before it is answered.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use super::contract::{Ground, config, contract};
use super::engine_tests::{Launch, Process, Server, faults, numbers};
use super::{BrokerError, RedisBroker, RedisConfig};
use crate::server::{Hub, HubConfig};

const LAUNCH: Launch = Launch {
    program: "redis-server",
    variable: "REDIS_SERVER",
    arguments,
};

fn arguments(port: u16, folder: &Path) -> Vec<String> {
    // Small nodes make the number of events that are kept about what is asked for.
    let words = format!(
        "--port {port} --bind 127.0.0.1 --dir {} --appendonly yes --appendfsync always --stream-node-max-entries 10",
        folder.display()
    );
    let words = words.split(' ').map(str::to_owned);
    words.chain(["--save".to_owned(), String::new()]).collect()
}

pub(super) struct Redis(Process);

impl Redis {
    async fn command(&self, words: &str) {
        let client = redis::Client::open(format!("redis://{}", self.address())).unwrap();
        let mut words = words.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        for word in words {
            command.arg(word);
        }
        // One that was started just now may have yet to read its file.
        for _ in 0..100 {
            if let Ok(mut connection) = client.get_multiplexed_async_connection().await
                && command.exec_async(&mut connection).await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the server does not take {command:?}");
    }
}

impl Ground for Redis {
    async fn begin() -> Option<Self> {
        Process::start(LAUNCH).await.map(Self)
    }

    async fn node(&self, config: HubConfig) -> Hub {
        self.node_over(self.address(), config).await
    }
}

impl Server for Redis {
    fn process(&self) -> &Process {
        &self.0
    }

    fn process_mut(&mut self) -> &mut Process {
        &mut self.0
    }

    const REPEATS_PLACES: bool = false;

    async fn try_to_connect(address: SocketAddr, config: HubConfig) -> Result<Hub, BrokerError> {
        let broker = RedisBroker::connect(RedisConfig {
            max_events: Self::KEPT,
            timeout: Duration::from_millis(500),
            ..RedisConfig::new(format!("redis://{address}"))
        });
        Ok(Hub::with_broker(config, broker.await?))
    }

    async fn empty(&self) {
        self.command("FLUSHALL").await;
    }

    async fn forget(&self) {
        self.command("XTRIM {leptos-live}:events MAXLEN 0").await;
    }

    async fn take_out(&self, offset: u64) {
        self.command(&format!("XDEL {{leptos-live}}:events {offset}-0"))
            .await;
    }
}

contract!(Redis);
faults!(Redis);
numbers!(Redis);

/// Whoever publishes on a server that was emptied begins its new history; more events than the old one had follow before
/// anybody looks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r07_a_new_history_that_overtakes_the_old_one_is_noticed() {
    let Some(redis) = Redis::begin().await else { return };
    let (a, b) = (redis.node(config()).await, redis.node(config()).await);
    let old = crate::server::tests::publish(&a, "t", "old").await;
    crate::server::tests::eventually("both have it", || b.head() == old && a.head() == old).await;
    redis.command("FLUSHALL").await;
    for _ in 0..10 {
        crate::server::tests::publish(&a, "t", "new").await;
    }
    crate::server::tests::eventually("noticed", || {
        a.head().epoch != old.epoch && b.head() == a.head() && a.head().offset == 10
    })
    .await;
    let mut reader = super::contract::Reader::resume(&b, old).await;
    let told = reader.until("live").await;
    assert_eq!(told.matches("new@").count(), 10, "{told}");
}

/// The end of the history is lost, and a node that knew less of it publishes more than was lost before the others look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r12_a_tail_that_was_written_anew_is_noticed() {
    let Some(redis) = Redis::begin().await else { return };
    let link = super::engine_tests::Link::to(redis.0.port).await;
    let away = redis.node_over(link.address, config()).await;
    for n in 1..=3 {
        crate::server::tests::publish(&away, "t", &n.to_string()).await;
    }
    crate::server::tests::eventually("it has them", || away.head().offset == 3).await;
    let old = away.head();
    link.cut();
    // As a restart with an older file leaves it.
    redis.command("XDEL {leptos-live}:events 2-0 3-0").await;
    redis.command("XSETID {leptos-live}:events 1-0").await;
    redis.command("HSET {leptos-live}:history head 1").await;
    let near = redis.node(config()).await;
    for _ in 2..=5 {
        crate::server::tests::publish(&near, "t", "other").await;
    }
    assert_eq!(near.head().epoch, old.epoch, "it cannot know");
    link.mend();
    crate::server::tests::eventually("both have another epoch", || {
        away.head() == near.head() && near.head().epoch != old.epoch
    })
    .await;
}
