//! What an engine costs over memory, as numbers to print: run by hand, see `docs/operations.md`.

use std::time::{Duration, Instant};

use super::Server;
use crate::server::Hub;
use crate::server::broker::contract::{Reader, config};
use crate::server::tests::publish;

const EVENTS: usize = 2_000;

/// Publishes one event after the other on one hub, each when the one before has arrived at the other.
async fn one_by_one(publisher: &Hub, reader: &Hub) -> (Vec<Duration>, Vec<Duration>) {
    let mut reader = Reader::begin(reader);
    let (mut published, mut arrived) = (Vec::new(), Vec::new());
    for _ in 0..EVENTS {
        let began = Instant::now();
        publish(publisher, "t", "a payload of about a hundred bytes, which is what a row of a table takes, more or less, with markup").await;
        published.push(began.elapsed());
        reader.word().await;
        arrived.push(began.elapsed());
    }
    (published, arrived)
}

/// How many events a second 64 publishers on one hub get through.
async fn together(hub: &Hub) -> (usize, f64) {
    let began = Instant::now();
    let publishers: Vec<_> = (0..64)
        .map(|_| {
            let hub = hub.clone();
            tokio::spawn(async move {
                for _ in 0..EVENTS / 16 {
                    publish(&hub, "t", "a payload").await;
                }
            })
        })
        .collect();
    for publisher in publishers {
        publisher.await.unwrap();
    }
    let count = 64 * (EVENTS / 16);
    (count, count as f64 / began.elapsed().as_secs_f64())
}

/// The processor time that a process has taken so far, of which the kernel counts hundredths of a second.
fn processor_time(process: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = text.rsplit_once(") ").unwrap();
    let ticks: u64 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(10 * ticks)
}

fn shown(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| times[times.len() * part / 1_000].as_micros();
    format!("{} µs (p99 {} µs)", at(500), at(990))
}

pub(in crate::server::broker) async fn costs(server: impl Server, engine: &str) {
    let (a, b) = (server.any_node().await, server.any_node().await);
    let memory = Hub::new(config());
    for (name, publisher, reader) in [("memory", &memory, &memory), (engine, &a, &b)] {
        let (published, arrived) = one_by_one(publisher, reader).await;
        let processes = [std::process::id(), server.process().id()];
        let before = processes.map(processor_time);
        let (count, rate) = together(publisher).await;
        let after = processes.map(processor_time);
        let [own, engine] = [0, 1].map(|n| (after[n] - before[n]).as_micros() / count as u128);
        println!(
            "{name}: publish {}, to a reader of the other node {}; 64 publishers: {rate:.0} events a second, processor time \
             of an event {own} µs in both nodes, {engine} µs in the engine",
            shown(published),
            shown(arrived)
        );
    }
}
