//! What one run of a scenario gives: some figures, each with a name and a unit.

use std::time::Duration;

/// A figure's name and unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Measure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
}

impl Measure {
    pub(crate) const fn new(name: &'static str, unit: &'static str) -> Self {
        Self { name, unit }
    }
}

pub(crate) const PROCESSOR: Measure = Measure::new("server CPU", "s / million");
pub(crate) const RATE: Measure = Measure::new("deliveries", "1 / s");
pub(crate) const P50: Measure = Measure::new("p50", "ms");
pub(crate) const P99: Measure = Measure::new("p99", "ms");
/// Of the same load on the same server, right before a reader stalls.
pub(crate) const P99_BEFORE: Measure = Measure::new("p99 before it stalls", "ms");
pub(crate) const P99_RATIO: Measure = Measure::new("p99, to that before", "×");
pub(crate) const P999: Measure = Measure::new("p99.9", "ms");
pub(crate) const USER_MEMORY: Measure = Measure::new("user memory", "kB / stream");
pub(crate) const KERNEL_MEMORY: Measure = Measure::new("kernel memory, both ends", "kB / stream");
pub(crate) const GROWTH: Measure = Measure::new("memory grown by", "MB");
pub(crate) const CAUGHT_UP: Measure = Measure::new("all caught up after", "s");
pub(crate) const PAGE: Measure = Measure::new("one page", "µs");
pub(crate) const PUBLISHES: Measure = Measure::new("publishes", "1 / s");

/// The figures of one run.
pub(crate) type Figures = Vec<(Measure, f64)>;

/// Seconds of processor time for a million of something.
pub(crate) fn per_million(time: Duration, count: u64) -> f64 {
    time.as_secs_f64() * 1e6 / count.max(1) as f64
}

/// The percentiles of latencies in microseconds.
pub(crate) fn percentiles(latencies: &mut [u32]) -> Figures {
    latencies.sort_unstable();
    let at = |part: f64| {
        let index = (latencies.len() as f64 * part) as usize;
        let latency = latencies.get(index.min(latencies.len().saturating_sub(1)));
        f64::from(latency.copied().unwrap_or_default()) / 1e3
    };
    vec![(P50, at(0.5)), (P99, at(0.99)), (P999, at(0.999))]
}

/// The middle of some values, of which there is at least one, else 0.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    if sorted.len().is_multiple_of(2) && middle > 0 {
        (at(middle - 1) + at(middle)) / 2.0
    } else {
        at(middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(&[]), 0.0);
        let mut latencies: Vec<u32> = (0..1000).rev().map(|n| n * 1000).collect();
        let figures = percentiles(&mut latencies);
        assert_eq!(figures, [(P50, 500.0), (P99, 990.0), (P999, 999.0)]);
    }
}
