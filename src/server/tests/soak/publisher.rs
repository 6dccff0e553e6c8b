//! Who publishes, and writes down what was.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::super::schedules::truth::{STREAMS, Truth};
use super::chance::Chance;
use super::exchange::{Failure, ask};
use super::server_process::ServerProcess;

/// What was published, shared with those who judge.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) truth: Mutex<Truth>,
    /// How many events may have been published, those included of which there is no word yet.
    begun: AtomicUsize,
}

impl Record {
    /// A process serves, with a history of its own.
    pub(super) fn served_by(&self, server: &ServerProcess) {
        self.truth.lock().unwrap().begun(server.epoch);
    }

    pub(super) fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }
}

/// Publishes numbers under the names of the schedules, until it is told to finish.
pub(super) struct Publisher {
    finish: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Publisher {
    pub(super) fn start(server: std::net::SocketAddr, record: Arc<Record>, mut chance: Chance) -> Self {
        let (finish, finished) = watch::channel(false);
        let task = tokio::spawn(async move {
            while !*finished.borrow() {
                let count = 1 + chance.below(8);
                let streams: Vec<usize> = (0..count).map(|_| chance.below(STREAMS.len())).collect();
                publish(server, &record, &streams).await;
                sleep(chance.milliseconds(50)).await;
            }
            // One of each, so that whoever has fallen behind hears of it.
            publish(server, &record, &Vec::from_iter(0..STREAMS.len())).await;
        });
        Self { finish, task }
    }

    /// Waits for its last events.
    pub(super) async fn finish(self) {
        self.finish.send_replace(true);
        self.task.await.unwrap();
    }
}

/// Publishes an event of each of these streams, in this order.
async fn publish(server: std::net::SocketAddr, record: &Record, streams: &[usize]) {
    let first = record.truth.lock().unwrap().next();
    let mut lines = String::new();
    for (number, stream) in (first..).zip(streams) {
        let (topic, name) = STREAMS[*stream];
        lines.push_str(&format!("{topic} {name} {number}\n"));
    }
    record.begun.store(first + streams.len(), Ordering::Relaxed);
    let positions = loop {
        match ask(server, "POST", "/publish", &lines).await {
            Ok((200, positions)) => break Some(positions),
            // Nobody listens at the moment, so nothing was published.
            Err(Failure::NotSent(_)) => sleep(Duration::from_millis(20)).await,
            // The process has ended meanwhile: nobody knows.
            Err(Failure::NotAnswered(_)) => break None,
            Ok((status, text)) => panic!("{status}: {text}"),
        }
    };
    let mut truth = record.truth.lock().unwrap();
    let positions = positions.unwrap_or_default();
    let mut positions = positions.lines().map(|position| position.parse().unwrap());
    for stream in streams {
        truth.published(STREAMS[*stream].1, positions.next());
    }
}
