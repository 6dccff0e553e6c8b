//! Publishing without a network: how fast events get their places while many tasks publish at once.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use leptos_live::server::{Delivery, Hub, Resume, Retention};
use leptos_live::{EventName, Topic};
use tokio::runtime::Runtime;
use tokio::sync::broadcast;

use crate::measurement::{Figures, PUBLISHES};
use crate::scenario::Size;
use crate::server::Kind;

const TASKS: usize = 16;
/// With the ten digits before it, 200 bytes.
const REST: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const TEXT_BYTES: usize = 10 + REST.len();
/// What a reader is behind by more than that, the channel loses and the topic as well.
const KEPT: usize = 1 << 14;
/// So publishers wait for the reader before it comes to that.
const MOST_BEHIND: usize = KEPT / 2;

pub(crate) fn publish(kind: Kind, size: Size) -> Result<Figures> {
    let each = match size {
        Size::Full => 20_000,
        Size::Quick => 100,
    };
    let runtime = Runtime::new()?;
    let rate = runtime.block_on(async {
        match kind {
            Kind::Ours => through_the_hub(each).await,
            _ => through_a_channel(each).await,
        }
    })?;
    Ok(vec![(PUBLISHES, rate)])
}

fn text(task: usize, number: usize) -> String {
    let mut text = String::with_capacity(TEXT_BYTES);
    // Writing into a string does not fail.
    let _ = write!(text, "{task:02}{number:08}");
    text.push_str(REST);
    text
}

/// How far the reader is behind the publishers.
#[derive(Clone, Default)]
struct Behind(Arc<AtomicUsize>);

impl Behind {
    async fn publish(&self) {
        while self.0.load(Ordering::Relaxed) > MOST_BEHIND {
            tokio::task::yield_now().await;
        }
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The events of each task have to be in order, and nobody's may be missing.
#[derive(Default)]
struct Order([usize; TASKS]);

impl Order {
    fn check(&mut self, text: &[u8]) -> Result<()> {
        let parse = |range| {
            let digits = std::str::from_utf8(text.get(range)?).ok()?;
            digits.parse::<usize>().ok()
        };
        let (task, number) = parse(0..2).zip(parse(2..10)).context("not one of ours")?;
        let next = self.0.get_mut(task).context("no such task")?;
        ensure!(number == *next, "task {task}: expected {next}, found {number}");
        *next += 1;
        Ok(())
    }
}

async fn through_the_hub(each: usize) -> Result<f64> {
    let hub = Hub::default();
    let topic = Topic::new("bench")?;
    let retention = Retention::Log {
        max_events: KEPT,
        max_bytes: 1 << 30,
        max_age: std::time::Duration::from_secs(60),
    };
    hub.declare(topic.clone(), retention);
    let mut reader = hub.subscribe([topic.clone()], Resume::Start)?;
    let published = Behind::default();
    let behind = published.clone();
    let reading = tokio::spawn(async move {
        let (mut order, mut left) = (Order::default(), each * TASKS);
        while left > 0 {
            if let Delivery::Event { bytes, .. } = reader.next().await.context("the stream has ended")? {
                // Looked at from behind, which costs as little as to look at what comes out of the channel.
                let text = bytes.strip_suffix(b"\n\n").context("no end")?;
                let (fields, data) = text
                    .split_at_checked(text.len().saturating_sub(TEXT_BYTES))
                    .context("too short")?;
                ensure!(fields.ends_with(b"\ndata: "), "no data");
                order.check(data)?;
                behind.read();
                left -= 1;
            }
        }
        anyhow::Ok(())
    });
    let began = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (hub, topic, published) = (hub.clone(), topic.clone(), published.clone());
            tokio::spawn(async move {
                let name = EventName::default();
                for number in 0..each {
                    published.publish().await;
                    hub.publish(&topic, &name, text(task, number)).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let took = began.elapsed();
    reading.await??;
    Ok((each * TASKS) as f64 / took.as_secs_f64())
}

async fn through_a_channel(each: usize) -> Result<f64> {
    let (sender, mut reader) = broadcast::channel::<Arc<str>>(KEPT);
    let published = Behind::default();
    let behind = published.clone();
    let reading = tokio::spawn(async move {
        let mut order = Order::default();
        for _ in 0..each * TASKS {
            order.check(reader.recv().await?.as_bytes())?;
            behind.read();
        }
        anyhow::Ok(())
    });
    let began = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (sender, published) = (sender.clone(), published.clone());
            tokio::spawn(async move {
                for number in 0..each {
                    published.publish().await;
                    sender.send(text(task, number).into())?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let took = began.elapsed();
    reading.await??;
    Ok((each * TASKS) as f64 / took.as_secs_f64())
}
