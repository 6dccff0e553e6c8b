//! Messages to many: in a burst, one at a time, at a pace, over many topics, and past one who takes nothing.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{BYTES, Bench};
use crate::measurement::{
    Figures, GROWTH, P99, P99_BEFORE, P99_RATIO, PROCESSOR, RATE, per_million, percentiles,
};
use crate::usage;

/// How many messages may be undelivered in a burst.
const WINDOW: u64 = 64;

/// Enough that everything is warm: compiled, allocated, and in the processor's caches.
const WARM_UP: u64 = 20;

impl Bench {
    /// Topics with readers, a publisher, and everybody has got the first events.
    fn audience(&mut self, topics: u32, readers_each: u32) -> Result<Vec<usize>> {
        let topics: Vec<usize> = (0..topics)
            .map(|n| self.load.topic(&format!("bench{n}")))
            .collect();
        for topic in &topics {
            self.load.readers(*topic, readers_each, None)?;
        }
        self.load.publishers(1)?;
        self.load.settle()?;
        self.warm_up(&topics)?;
        Ok(topics)
    }

    fn warm_up(&mut self, topics: &[usize]) -> Result<()> {
        let count = WARM_UP.max(topics.len() as u64);
        self.load.publish_all(topics, count, WINDOW, BYTES)?;
        self.load.tally().restart();
        Ok(())
    }

    /// Publishes so many messages, and says what they cost.
    fn measured(&mut self, publish: impl FnOnce(&mut Self) -> Result<()>) -> Result<Figures> {
        let processes = self.server.processes()?;
        let (began, before) = (Instant::now(), usage::processor_time(&processes)?);
        publish(self)?;
        let took = began.elapsed();
        let cost = usage::processor_time(&processes)?.saturating_sub(before);
        let tally = self.load.tally();
        let mut figures = vec![
            (PROCESSOR, per_million(cost, tally.delivered)),
            (RATE, tally.delivered as f64 / took.as_secs_f64()),
        ];
        figures.extend(percentiles(&mut tally.latencies));
        Ok(figures)
    }
}

pub(super) fn burst(bench: &mut Bench) -> Result<Figures> {
    let topics = bench.audience(1, bench.size.of(1_000, 50))?;
    let count = bench.kind.share(bench.size.of(1_000, 100));
    bench.measured(|bench| bench.load.publish_all(&topics, count, WINDOW, BYTES))
}

pub(super) fn lockstep(bench: &mut Bench) -> Result<Figures> {
    let topics = bench.audience(1, bench.size.of(1_000, 50))?;
    let count = bench.kind.share(bench.size.of(300, 50));
    bench.measured(|bench| bench.load.publish_all(&topics, count, 1, BYTES))
}

pub(super) fn paced(bench: &mut Bench) -> Result<Figures> {
    let topics = bench.audience(1, bench.size.of(1_000, 50))?;
    let (count, pause) = (bench.size.of(80, 20), Duration::from_millis(50));
    bench.measured(|bench| {
        let began = Instant::now();
        for number in 1..=count {
            for topic in &topics {
                bench.load.publish(*topic, BYTES)?;
            }
            bench.load.flush()?;
            let due = began + pause * number;
            bench.load.rest(due.saturating_duration_since(Instant::now()))?;
        }
        bench.load.drain()
    })
}

pub(super) fn topics(bench: &mut Bench) -> Result<Figures> {
    let topics = bench.audience(bench.size.of(1_000, 50), 2)?;
    let count = bench.kind.share(bench.size.of(100_000, 1_000));
    let mut figures = bench.measured(|bench| bench.load.publish_all(&topics, count, WINDOW, BYTES))?;
    // Two readers each: publishing is a large part of it.
    figures.truncate(4);
    Ok(figures)
}

/// The same load twice on one server: while all of them read, and past one who does not.
pub(super) fn stalled(bench: &mut Bench) -> Result<Figures> {
    let topics = bench.audience(1, bench.size.of(999, 49))?;
    // Past whatever the kernel's buffers hold.
    let count = bench.kind.share(bench.size.of(1_000, 100));
    let publish = |bench: &mut Bench| bench.load.publish_all(&topics, count, WINDOW, 8 * BYTES);
    let before = p99(&bench.measured(publish)?);
    for topic in &topics {
        bench.load.stalled_reader(*topic)?;
    }
    bench.load.rest(Duration::from_millis(100))?;
    bench.load.tally().restart();
    bench.warm_up(&topics)?;
    let processes = bench.server.processes()?;
    let held = usage::user_memory(&processes)?;
    let mut figures = bench.measured(publish)?;
    let grown = usage::user_memory(&processes)?.saturating_sub(held);
    let ratio = p99(&figures) / before.max(f64::MIN_POSITIVE);
    figures.extend([
        (P99_BEFORE, before),
        (P99_RATIO, ratio),
        (GROWTH, grown as f64 / 1e6),
    ]);
    Ok(figures)
}

fn p99(figures: &Figures) -> f64 {
    let found = figures.iter().find(|(measure, _)| *measure == P99);
    found.map_or(0.0, |(_, value)| *value)
}
