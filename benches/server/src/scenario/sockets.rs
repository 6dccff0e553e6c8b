//! WebSockets: an answer to each, and a word to all.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{BYTES, Bench};
use crate::measurement::{Figures, PROCESSOR, RATE, USER_MEMORY, per_million, percentiles};
use crate::usage;

const WINDOW: u64 = 64;

pub(super) fn idle(bench: &mut Bench) -> Result<Figures> {
    let count: u32 = bench.size.of(1_000, 50);
    let topic = bench.load.topic("bench");
    bench.load.sockets("ws", topic, 1)?;
    bench.load.settle()?;
    bench.load.rest(Duration::from_millis(200))?;
    let processes = bench.server.processes()?;
    let before = usage::user_memory(&processes)?;
    bench.load.sockets("ws", topic, count)?;
    bench.load.settle()?;
    bench
        .load
        .rest(Duration::from_millis(bench.size.of(1_000, 200)))?;
    let grown = usage::user_memory(&processes)?.saturating_sub(before);
    Ok(vec![(USER_MEMORY, grown as f64 / f64::from(count) / 1e3)])
}

pub(super) fn echo(bench: &mut Bench) -> Result<Figures> {
    let sockets = bench.size.of(100, 10);
    let topics: Vec<usize> = (0..sockets)
        .map(|n| bench.load.topic(&format!("bench{n}")))
        .collect();
    for topic in &topics {
        bench.load.sockets("echo", *topic, 1)?;
    }
    bench.load.settle()?;
    // What a socket says first when it begins.
    bench.load.rest(Duration::from_millis(200))?;
    let talk = |bench: &mut Bench, count: u64| -> Result<()> {
        for _ in 0..count {
            // All of them at once, and each waits for its own.
            for (socket, topic) in topics.iter().enumerate() {
                bench.load.say(socket, *topic, BYTES)?;
            }
            bench.load.drain()?;
        }
        Ok(())
    };
    talk(bench, bench.size.of(50, 5))?;
    bench.load.tally().restart();
    measured(bench, |bench| talk(bench, bench.size.of(1_000, 20)))
}

pub(super) fn room(bench: &mut Bench) -> Result<Figures> {
    let topic = bench.load.topic("bench");
    bench.load.sockets("ws", topic, bench.size.of(1_000, 50))?;
    bench.load.settle()?;
    bench.load.rest(Duration::from_millis(200))?;
    let talk = |bench: &mut Bench, count: u64| -> Result<()> {
        while bench.load.tally().complete < count {
            let tally = bench.load.tally();
            let free = WINDOW - (tally.published - tally.complete);
            let (complete, more) = (tally.complete, free.min(count - tally.published));
            for _ in 0..more {
                bench.load.say(0, topic, BYTES)?;
            }
            bench.load.until_complete(complete + 1)?;
        }
        Ok(())
    };
    talk(bench, 20)?;
    bench.load.tally().restart();
    measured(bench, |bench| talk(bench, bench.size.of(500, 50)))
}

fn measured(bench: &mut Bench, talk: impl FnOnce(&mut Bench) -> Result<()>) -> Result<Figures> {
    let processes = bench.server.processes()?;
    let (began, before) = (Instant::now(), usage::processor_time(&processes)?);
    talk(bench)?;
    let took = began.elapsed();
    let cost = usage::processor_time(&processes)?.saturating_sub(before);
    let tally = bench.load.tally();
    let mut figures = vec![
        (PROCESSOR, per_million(cost, tally.delivered)),
        (RATE, tally.delivered as f64 / took.as_secs_f64()),
    ];
    figures.extend(percentiles(&mut tally.latencies));
    Ok(figures)
}
