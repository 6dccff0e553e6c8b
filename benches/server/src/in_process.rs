//! Publishing without a network: how fast events get their places while many tasks publish at once.

use std::sync::Arc;
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
/// The channel loses what its reader is behind by more than that; the topic keeps as many.
const KEPT: usize = 1 << 20;

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
    format!("{task:02}{number:08}{:190}", "")
}

/// The events of each task have to be in order, and nobody's may be missing.
#[derive(Default)]
struct Order([usize; TASKS]);

impl Order {
    fn check(&mut self, text: &str) -> Result<()> {
        let parse = |range| {
            text.get(range)
                .and_then(|digits: &str| digits.parse::<usize>().ok())
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
    let reading = tokio::spawn(async move {
        let (mut order, mut left) = (Order::default(), each * TASKS);
        while left > 0 {
            if let Delivery::Event { bytes, .. } = reader.next().await.context("the stream has ended")? {
                let text = std::str::from_utf8(&bytes)?;
                let (_, data) = text.split_once("data: ").context("no data")?;
                order.check(data)?;
                left -= 1;
            }
        }
        anyhow::Ok(())
    });
    let began = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (hub, topic) = (hub.clone(), topic.clone());
            tokio::spawn(async move {
                let name = EventName::default();
                for number in 0..each {
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
    let reading = tokio::spawn(async move {
        let mut order = Order::default();
        for _ in 0..each * TASKS {
            order.check(&reader.recv().await?)?;
        }
        anyhow::Ok(())
    });
    let began = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let sender = sender.clone();
            tokio::spawn(async move {
                for number in 0..each {
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
