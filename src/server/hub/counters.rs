//! What the hub counts while it runs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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
    refused: Mutex<BTreeMap<&'static str, u64>>,
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
        let count = refused.entry(reason).or_default();
        *count = count.saturating_add(1);
    }

    pub(super) fn refused(&self) -> BTreeMap<&'static str, u64> {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
