//! Readers who were away come back all at once.

use std::time::Instant;

use anyhow::{Context as _, Result};

use super::{BYTES, Bench};
use crate::measurement::{CAUGHT_UP, Figures, PROCESSOR, RATE, per_million};
use crate::usage;

/// So many events have they missed.
const MISSED: u64 = 500;

pub(super) fn run(bench: &mut Bench) -> Result<Figures> {
    let readers = bench.size.of(1_000, 50);
    let topic = bench.load.topic("bench");
    bench.load.readers(topic, 1, None)?;
    bench.load.publishers(1)?;
    bench.load.settle()?;
    bench.load.look_for_id();
    bench.load.publish_all(&[topic], MISSED + 1, 16, BYTES)?;
    let id = bench.load.tally().first_id.clone();
    let id = id.context("the first event had no id")?;
    bench.load.tally().restart();

    let processes = bench.server.processes()?;
    let (began, before) = (Instant::now(), usage::processor_time(&processes)?);
    bench.load.readers(topic, readers, Some(&id))?;
    bench.load.expect_from(topic, 1, readers)?;
    bench.load.until_complete(MISSED)?;
    let took = began.elapsed();
    let cost = usage::processor_time(&processes)?.saturating_sub(before);
    let delivered = bench.load.tally().delivered;
    Ok(vec![
        (PROCESSOR, per_million(cost, delivered)),
        (RATE, delivered as f64 / took.as_secs_f64()),
        (CAUGHT_UP, took.as_secs_f64()),
    ])
}
