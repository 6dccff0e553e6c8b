//! What it costs that an engine gives events their order, so that several nodes can share them, over a hub in memory.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use leptos_live::server::{Delivery, Hub, Resume, Retention, Subscription};
use leptos_live::{Control, EventName, Topic};
use tokio::runtime::Runtime;

use crate::engine::{Engine, EngineServer};
use crate::measurement::{Figures, Measure};
use crate::scenario::Size;
use crate::server::Kind;
use crate::usage;

/// Publishers at the same time, which share what a request to the engine costs.
const PUBLISHERS: u64 = 64;

/// About as much as a row of a table.
const BYTES: usize = 100;

/// The names under which the costs with one broker are told.
struct Names {
    half: Measure,
    most: Measure,
    nodes: Measure,
    engine: Option<Measure>,
    rate: Measure,
}

const MEMORY: Names = Names {
    half: Measure::new("memory: publish to reader, p50", "µs"),
    most: Measure::new("memory: publish to reader, p99", "µs"),
    nodes: Measure::new("memory: CPU of an event", "µs"),
    engine: None,
    rate: Measure::new("memory: 64 publishers", "events / s"),
};

fn names(engine: Engine) -> Names {
    match engine {
        Engine::Redis => Names {
            half: Measure::new("Redis: added to p50", "µs"),
            most: Measure::new("Redis: added to p99", "µs"),
            nodes: Measure::new("Redis: CPU added in both nodes", "µs / event"),
            engine: Some(Measure::new("Redis: CPU of the server", "µs / event")),
            rate: Measure::new("Redis: 64 publishers", "events / s"),
        },
        Engine::Nats => Names {
            half: Measure::new("NATS: added to p50", "µs"),
            most: Measure::new("NATS: added to p99", "µs"),
            nodes: Measure::new("NATS: CPU added in both nodes", "µs / event"),
            engine: Some(Measure::new("NATS: CPU of the server", "µs / event")),
            rate: Measure::new("NATS: 64 publishers", "events / s"),
        },
    }
}

/// What events cost on the way from one node to a reader of another, in microseconds.
struct Costs {
    half: f64,
    most: f64,
    nodes: f64,
    engine: f64,
    rate: f64,
}

impl Costs {
    fn figures(&self, names: &Names, over: Option<&Self>) -> Figures {
        let added = |own: f64, of: fn(&Self) -> f64| own - over.map_or(0.0, of);
        let engine = names.engine.map(|measure| (measure, self.engine));
        [
            (names.half, added(self.half, |costs| costs.half)),
            (names.most, added(self.most, |costs| costs.most)),
            (names.nodes, added(self.nodes, |costs| costs.nodes)),
        ]
        .into_iter()
        .chain(engine)
        .chain([(names.rate, self.rate)])
        .collect()
    }
}

pub(crate) fn run(_: Kind, size: Size) -> Result<Figures> {
    Runtime::new()?.block_on(async {
        let hub = Hub::default();
        let memory = measure(&hub, &hub, None, size).await?;
        let mut figures = memory.figures(&MEMORY, None);
        for engine in Engine::ALL {
            let Some(server) = EngineServer::start(engine).await? else {
                let program = engine.program();
                eprintln!("!!! NOT MEASURED: {program} is not there: apt-get install {program} !!!");
                continue;
            };
            let (publisher, reader) = (server.node().await?, server.node().await?);
            let costs = measure(&publisher, &reader, Some(server.process()), size).await?;
            figures.extend(costs.figures(&names(engine), Some(&memory)));
        }
        Ok(figures)
    })
}

async fn measure(publisher: &Hub, reader: &Hub, engine: Option<u32>, size: Size) -> Result<Costs> {
    let topic = Topic::new("bench")?;
    // Publishers may be faster than the reader, for whom all of it is kept.
    let retention = Retention::Log {
        max_events: 1 << 16,
        max_bytes: 1 << 26,
        max_age: Duration::from_secs(600),
    };
    publisher.declare(topic.clone(), retention);
    reader.declare(topic.clone(), retention);
    let mut reader = reader.subscribe([topic.clone()], Resume::Start)?;
    let (alone, each) = match size {
        Size::Full => (2_000, 200),
        Size::Quick => (50, 2),
    };
    // Until everything is warm.
    one_by_one(publisher, &mut reader, &topic, alone / 10).await?;
    let mut times = one_by_one(publisher, &mut reader, &topic, alone).await?;
    times.sort_unstable();
    let at = |part: usize| {
        let time = times.get(times.len() * part / 1_000).copied();
        time.unwrap_or_default().as_secs_f64() * 1e6
    };
    let own = [std::process::id()];
    let engine: Vec<u32> = engine.into_iter().collect();
    let before = [usage::processor_time(&own)?, usage::processor_time(&engine)?];
    let rate = together(publisher, &mut reader, &topic, each).await?;
    let after = [usage::processor_time(&own)?, usage::processor_time(&engine)?];
    let of_an_event = |before: Duration, after: Duration| {
        after.saturating_sub(before).as_secs_f64() * 1e6 / (PUBLISHERS * each) as f64
    };
    let ([own_before, engine_before], [own_after, engine_after]) = (before, after);
    Ok(Costs {
        half: at(500),
        most: at(990),
        nodes: of_an_event(own_before, own_after),
        engine: of_an_event(engine_before, engine_after),
        rate,
    })
}

/// Publishes events, each when the one before has arrived.
async fn one_by_one(
    publisher: &Hub,
    reader: &mut Subscription,
    topic: &Topic,
    count: u64,
) -> Result<Vec<Duration>> {
    let name = EventName::default();
    let mut times = Vec::new();
    for number in 0..count {
        let text = format!("{number:0BYTES$}");
        let began = Instant::now();
        publisher.publish(topic, &name, text.clone()).await?;
        let found = next(reader).await?;
        times.push(began.elapsed());
        ensure!(found == text, "expected event {text}, found {found}");
    }
    Ok(times)
}

/// Publishes from many tasks, and says how many events a second have arrived.
async fn together(publisher: &Hub, reader: &mut Subscription, topic: &Topic, each: u64) -> Result<f64> {
    let began = Instant::now();
    let tasks: Vec<_> = (0..PUBLISHERS)
        .map(|_| {
            let (hub, topic) = (publisher.clone(), topic.clone());
            tokio::spawn(async move {
                for _ in 0..each {
                    hub.publish(&topic, &EventName::default(), "x".repeat(BYTES))
                        .await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    let count = PUBLISHERS * each;
    for _ in 0..count {
        next(reader).await?;
    }
    for task in tasks {
        task.await??;
    }
    Ok(count as f64 / began.elapsed().as_secs_f64())
}

/// The data of the next event.
async fn next(reader: &mut Subscription) -> Result<String> {
    loop {
        match reader.next().await.context("the stream has ended")? {
            Delivery::Event { bytes, .. } => {
                let text = std::str::from_utf8(&bytes)?;
                let (_, data) = text.split_once("data: ").context("no data")?;
                return Ok(data.trim_end().to_owned());
            }
            Delivery::Control(Control::Gap(gap)) => bail!("expected the next event, found {gap:?}"),
            Delivery::Control(_) => {}
        }
    }
}
