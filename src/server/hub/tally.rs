//! What one reader has got, added up where nobody else counts.
//!
//! Deliveries are what a hub does most, to thousands of readers at once; if each of them were counted in
//! one place, that place would be what they all wait for. So a reader counts for itself. Its sums go to
//! the statistics with the last event of each batch, and to the metrics about once a second.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::Span;

use super::counters::{Counters, add};
use super::event::StoredEvent;
use super::transport::Transport;
use crate::wire::Gap;

/// How long sums may be kept from the metrics while there are events; a quiet reader hands them over with
/// its heartbeat, and each with its end.
const INTERVAL: Duration = Duration::from_secs(1);

/// The sums, and the span in which the reader lives.
#[derive(Debug)]
pub(super) struct Tally {
    counters: Arc<Counters>,
    transport: Transport,
    span: Span,
    /// Not yet in the statistics.
    delivered: u64,
    replayed: u64,
    /// Not yet in the metrics.
    deliveries: u64,
    bytes: u64,
    waiting: usize,
    has_sample: bool,
    told_at: Instant,
    /// How many events the resumption has repeated so far, while it lasts.
    replay: Option<u64>,
    total: u64,
}

impl Tally {
    pub(super) fn new(
        counters: Arc<Counters>,
        transport: Transport,
        tag: Option<&str>,
        topics: usize,
        resumes: bool,
    ) -> Self {
        let name = transport.as_str();
        // Nothing that a request has brought is a field: addresses and cookies hold secrets.
        let span = tracing::info_span!("live_connection", transport = name, tag, topics);
        tracing::debug!(parent: &span, "opened");
        counters.meters.of(transport).connections.increment(1.0);
        Self {
            counters,
            transport,
            span,
            delivered: 0,
            replayed: 0,
            deliveries: 0,
            bytes: 0,
            waiting: 0,
            has_sample: false,
            told_at: Instant::now(),
            replay: resumes.then_some(0),
            total: 0,
        }
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// An event was taken; one that is older than the reader is a repetition.
    pub(super) fn took(&mut self, event: &StoredEvent, is_repeated: bool) {
        self.delivered = self.delivered.saturating_add(1);
        if is_repeated {
            self.replayed = self.replayed.saturating_add(1);
        } else if !self.has_sample {
            self.has_sample = true;
            let latency = event.at.elapsed().as_secs_f64();
            self.counters.meters.of(self.transport).latency.record(latency);
        }
    }

    pub(super) fn wrote(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    pub(super) fn told(&self, gap: &Gap) {
        add(&self.counters.gaps, 1);
        self.counters.meters.gap(gap.reason).increment(1);
        let (reason, to) = (gap.reason.as_str(), gap.to);
        tracing::debug!(parent: &self.span, reason, %to, "gap");
    }

    /// A batch was read; some events of it or before it are gone, which the reader is not told.
    pub(super) fn read(&mut self, events: usize, dropped: u64, coalesced: u64) {
        self.waiting = self.waiting.max(events);
        if dropped > 0 {
            add(&self.counters.dropped, dropped);
            self.counters.meters.dropped.increment(dropped);
        }
        if coalesced > 0 {
            add(&self.counters.coalesced, coalesced);
            self.counters.meters.coalesced.increment(coalesced);
        }
    }

    /// All of a batch was taken.
    pub(super) fn end_batch(&mut self) {
        if self.delivered == 0 {
            return;
        }
        add(&self.counters.delivered, self.delivered);
        if self.replayed > 0 {
            add(&self.counters.replayed, self.replayed);
            self.replay = self.replay.map(|so_far| so_far.saturating_add(self.replayed));
        }
        self.deliveries = self.deliveries.saturating_add(self.delivered);
        self.total = self.total.saturating_add(self.delivered);
        (self.delivered, self.replayed) = (0, 0);
    }

    /// Everything that was published before the reader came has been sent.
    pub(super) fn end_replay(&mut self) {
        if let Some(events) = self.replay.take() {
            self.counters.meters.replay_events.record(events as f64);
        }
    }

    /// Hands the sums to the metrics if it is time, at about this moment.
    pub(super) fn tell_if_due(&mut self, now: Instant) {
        if now.saturating_duration_since(self.told_at) >= INTERVAL {
            self.told_at = now;
            self.tell();
        }
    }

    fn tell(&mut self) {
        let meters = self.counters.meters.of(self.transport);
        if self.deliveries > 0 {
            meters.deliveries.increment(self.deliveries);
            meters.waiting.record(self.waiting as f64);
        }
        if self.bytes > 0 {
            meters.bytes.increment(self.bytes);
        }
        (self.deliveries, self.bytes, self.waiting) = (0, 0, 0);
        self.has_sample = false;
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.end_batch();
        self.end_replay();
        self.tell();
        let meters = self.counters.meters.of(self.transport);
        meters.connections.decrement(1.0);
        tracing::debug!(parent: &self.span, deliveries = self.total, "closed");
    }
}
