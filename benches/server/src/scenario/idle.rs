//! Streams on which nothing happens: what they take up.

use std::time::Duration;

use anyhow::Result;

use super::{BYTES, Bench};
use crate::measurement::{Figures, KERNEL_MEMORY, USER_MEMORY};
use crate::usage;

pub(super) fn two_thousand(bench: &mut Bench) -> Result<Figures> {
    idle(bench, bench.size.of(2_000, 100))
}

pub(super) fn fifteen_thousand(bench: &mut Bench) -> Result<Figures> {
    idle(bench, bench.size.of(15_000, 200))
}

fn idle(bench: &mut Bench, count: u32) -> Result<Figures> {
    let topic = bench.load.topic("bench");
    bench.load.publishers(1)?;
    bench.load.readers(topic, 1, None)?;
    bench.load.settle()?;
    bench.load.publish_all(&[topic], 1, 1, BYTES)?;
    let processes = bench.server.processes()?;
    let before = (usage::user_memory(&processes)?, usage::kernel_memory()?);
    bench.load.readers(topic, count, None)?;
    bench.load.settle()?;
    // Each has been of use once, so nothing is missing that is made when it is first needed.
    bench.load.publish_all(&[topic], 5, 1, BYTES)?;
    bench
        .load
        .rest(Duration::from_millis(bench.size.of(2_000, 100)))?;
    let after = (usage::user_memory(&processes)?, usage::kernel_memory()?);
    let each = |after: u64, before: u64| after.saturating_sub(before) as f64 / f64::from(count) / 1e3;
    Ok(vec![
        (USER_MEMORY, each(after.0, before.0)),
        (KERNEL_MEMORY, each(after.1, before.1)),
    ])
}
