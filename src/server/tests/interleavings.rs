//! Orders of events that went wrong once, each made to happen on purpose.
//!
//! A reader cannot be stopped in the middle of its work, but it counts what it does, and whoever records the counts is
//! called in the middle of it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use futures_util::FutureExt as _;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};
use tokio::sync::Notify;

use super::changing_topics::{at, reader};
use super::openings::OpenBroker;
use super::*;
use crate::server::{Broker, BrokerFuture, Feed, MemoryBroker, Publication, Published, Revocation};
use crate::wire::Epoch;

type Meddle = Box<dyn FnOnce() + Send>;

/// Does something once, in the middle of what counts one of the hub's numbers.
#[derive(Clone, Default)]
struct Meddler(Arc<Mutex<Option<Meddle>>>);

impl Meddler {
    /// A hub that is meddled with where it counts this number.
    fn with_hub(counter: &'static str, config: HubConfig) -> (Self, Hub) {
        let meddler = Self::default();
        let recorder = Recording {
            counter,
            meddler: meddler.clone(),
        };
        let hub = with_local_recorder(&recorder, || Hub::new(config));
        (meddler, hub)
    }

    fn will(&self, meddle: impl FnOnce() + Send + 'static) {
        *self.0.lock().unwrap() = Some(Box::new(meddle));
    }

    #[track_caller]
    fn has_meddled(&self) {
        assert!(self.0.lock().unwrap().is_none(), "it was not counted");
    }
}

impl fmt::Debug for Meddler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meddler")
    }
}

impl CounterFn for Meddler {
    fn increment(&self, _: u64) {
        let meddle = self.0.lock().unwrap().take();
        if let Some(meddle) = meddle {
            meddle();
        }
    }

    fn absolute(&self, _: u64) {}
}

struct Recording {
    counter: &'static str,
    meddler: Meddler,
}

impl Recorder for Recording {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        if key.name() == self.counter {
            Counter::from_arc(Arc::new(self.meddler.clone()))
        } else {
            Counter::noop()
        }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// What was published right after a revocation went to a reader that had just looked whether it was meant.
#[tokio::test(start_paused = true)]
async fn s15_what_is_revoked_while_a_reader_begins_to_read_is_not_read() {
    let (meddler, hub) = Meddler::with_hub("leptos_live_deliveries_total", HubConfig::default());
    let mut reader = reader(&hub, &["a"]);
    reader.guard();
    publish(&hub, "a", "open").await;
    assert_eq!(ready(&mut reader).await, "heartbeat(0) open@1");
    // The sums are told about once a second, before the rings are read.
    tokio::time::advance(Duration::from_secs(2)).await;
    meddler.will({
        let hub = hub.clone();
        move || {
            hub.revoke(&Revocation::everybody());
            publish(&hub, "a", "secret").now_or_never().unwrap();
        }
    });
    assert!(reader.look_again().is_none());
    meddler.has_meddled();
    assert!(reader.is_suspended());
    // It may go on after all, and misses nothing.
    assert!(reader.go_on());
    assert_eq!(ready(&mut reader).await, "secret@2");
}

/// A topic that was taken away and added again between two steps of a reader was read by nobody any more.
#[tokio::test]
async fn r15_a_topic_that_goes_and_comes_while_a_reader_lets_it_join_is_read() {
    let config = HubConfig {
        transient_events: 2,
        ..HubConfig::default()
    };
    let (meddler, hub) = Meddler::with_hub("leptos_live_dropped_total", config);
    hub.declare(topic("moments"), Retention::Transient);
    let mut reader = reader(&hub, &["moments"]);
    assert_eq!(ready(&mut reader).await, "heartbeat(0)");
    // Some moments are dropped, which is counted just before the topic joins.
    for n in 1..=5 {
        publish(&hub, "moments", &n.to_string()).await;
    }
    reader.add(topic("b"), Resume::Start).unwrap();
    let (done, is_done) = mpsc::channel();
    let connection = reader.connection();
    meddler.will(move || {
        std::thread::spawn(move || {
            assert!(connection.unsubscribe(&topic("b")));
            connection.subscribe(topic("b"), Resume::Start).unwrap();
            let _ = done.send(());
        });
        // Nothing changes while a reader looks at the rings, so this waits in vain, or goes wrong.
        let _ = is_done.recv_timeout(Duration::from_millis(100));
    });
    assert_eq!(ready(&mut reader).await, "4@4 5@5");
    meddler.has_meddled();
    let connection = reader.connection();
    eventually("the topic is there again", || connection.topics().len() == 2).await;
    publish(&hub, "b", "read").await;
    assert_eq!(ready(&mut reader).await, "read@6");
}

/// The page waited for the end of a passage that never came, and took whatever followed for old.
#[tokio::test(start_paused = true)]
async fn r12_history_that_is_lost_inside_a_passage_closes_it() {
    let broker = OpenBroker::default();
    let hub = Hub::with_broker(HubConfig::default(), broker.clone());
    let feed = broker.feed();
    let deliver = |epoch, offset, to: &str| {
        let position = Position {
            epoch: Epoch(epoch),
            offset,
        };
        let data = offset.to_string();
        feed.deliver(position, Publication::new(topic(to), EventName::default(), data));
    };
    for n in 1..=300 {
        deliver(1, n, "b");
    }
    let mut reader = reader(&hub, &["a"]);
    ready(&mut reader).await;
    reader.add(topic("b"), at(&hub, 0)).unwrap();
    assert_eq!(
        reader.next().await.map(|found| word(&found)).unwrap(),
        "added(300)"
    );
    deliver(2, 5, "a");
    let found = ready(&mut reader).await;
    let expected = " 255 256 live(300) heartbeat(0) gap(epoch,4,300) snapshot(5) 5@5 live(5)";
    assert!(found.ends_with(expected), "{found}");
}

/// A broker that takes its time once history is lost.
#[derive(Debug, Default)]
struct SlowReset {
    memory: MemoryBroker,
    is_lost: AtomicU64,
    goes_on: Notify,
}

impl Broker for Arc<SlowReset> {
    fn attach(&self, feed: Feed) {
        self.memory.attach(feed);
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
        self.memory.publish(publication)
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        Box::pin(async {
            let head = self.memory.reset().await;
            self.is_lost.store(1, Ordering::Release);
            self.goes_on.notified().await;
            head
        })
    }
}

/// A stream told of the loss, ended, and its successor told of it again.
#[tokio::test]
async fn r12_a_reset_ends_the_streams_before_it_is_told() {
    let broker = Arc::new(SlowReset::default());
    let hub = Hub::with_broker(HubConfig::default(), broker.clone());
    publish(&hub, "a", "1").await;
    let mut reader = reader(&hub, &["a"]);
    assert_eq!(ready(&mut reader).await, "heartbeat(1)");
    let reset = tokio::spawn({
        let hub = hub.clone();
        async move { hub.reset().await }
    });
    eventually("history is lost", || broker.is_lost.load(Ordering::Acquire) == 1).await;
    assert_eq!(ready(&mut reader).await, "end");
    let mut successor = hub
        .subscribe([topic("a")], Resume::At(reader.position()))
        .unwrap();
    let told = ready(&mut successor).await;
    assert_eq!(told, "heartbeat(0) gap(epoch,0,1) snapshot(0) live(0)");
    broker.goes_on.notify_one();
    assert_eq!(reset.await.unwrap(), Ok(hub.head()));
}
