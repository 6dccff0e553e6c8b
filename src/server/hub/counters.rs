//! What the hub counts while it runs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use metrics::Counter;

use super::meters::{self, Meters};

/// Counts that only grow, and gauges of what is open.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) sse_connections: AtomicU64,
    pub(crate) ws_connections: AtomicU64,
    pub(crate) tasks: AtomicU64,
    pub(super) published: AtomicU64,
    pub(super) delivered: AtomicU64,
    pub(super) replayed: AtomicU64,
    pub(super) gaps: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) coalesced: AtomicU64,
    refused: Mutex<BTreeMap<&'static str, Refusals>>,
    pub(super) meters: Meters,
}

#[derive(Debug)]
struct Refusals {
    count: u64,
    metric: Counter,
}

pub(super) fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

pub(super) fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Counters {
    pub(crate) fn refuse(&self, reason: &'static str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let refusals = refused.entry(reason).or_insert_with(|| Refusals {
            count: 0,
            metric: meters::refused(reason),
        });
        refusals.count = refusals.count.saturating_add(1);
        refusals.metric.increment(1);
        drop(refused);
        tracing::debug!(reason, "refused");
    }

    /// An event was published, or was found to have been.
    pub(super) fn publish(&self, is_new: bool) {
        if is_new {
            add(&self.published, 1);
            self.meters.published.increment(1);
        } else {
            self.meters.duplicates.increment(1);
        }
    }

    pub(super) fn refused(&self) -> BTreeMap<&'static str, u64> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused
            .iter()
            .map(|(reason, refusals)| (*reason, refusals.count))
            .collect()
    }
}

/// Counts something as open for as long as it lives, however it ends.
#[derive(Debug)]
pub(crate) struct OpenGuard {
    counters: Arc<Counters>,
    gauge: fn(&Counters) -> &AtomicU64,
}

impl OpenGuard {
    pub(crate) fn new(counters: Arc<Counters>, gauge: fn(&Counters) -> &AtomicU64) -> Self {
        add(gauge(&counters), 1);
        Self { counters, gauge }
    }
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        (self.gauge)(&self.counters).fetch_sub(1, Ordering::Relaxed);
    }
}
