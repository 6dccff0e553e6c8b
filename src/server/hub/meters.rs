//! The hub's numbers in the `metrics` facade, for whichever recorder the app has installed.
//!
//! A handle is asked for once, when the hub is made, because looking one up costs more than counting.
//! Without a recorder, a handle does nothing.

use metrics::{Counter, Gauge, Histogram, Unit, counter, gauge, histogram};
use metrics::{describe_counter, describe_gauge, describe_histogram};

use super::transport::Transport;
use crate::wire::GapReason;

/// The handles.
#[derive(Debug)]
pub(super) struct Meters {
    pub(super) published: Counter,
    pub(super) duplicates: Counter,
    pub(super) dropped: Counter,
    pub(super) coalesced: Counter,
    pub(super) replay_events: Histogram,
    gaps: [Counter; 3],
    transports: [TransportMeters; 3],
}

/// What is told apart by transport.
#[derive(Debug)]
pub(super) struct TransportMeters {
    pub(super) connections: Gauge,
    pub(super) deliveries: Counter,
    pub(super) bytes: Counter,
    pub(super) waiting: Histogram,
    pub(super) latency: Histogram,
}

impl Default for Meters {
    fn default() -> Self {
        describe();
        Self {
            published: counter!("leptos_live_published_total"),
            duplicates: counter!("leptos_live_duplicates_total"),
            dropped: counter!("leptos_live_dropped_total"),
            coalesced: counter!("leptos_live_coalesced_total"),
            replay_events: histogram!("leptos_live_replay_events"),
            gaps: [GapReason::Evicted, GapReason::Epoch, GapReason::Malformed]
                .map(|reason| counter!("leptos_live_gaps_total", "reason" => reason.as_str())),
            transports: [Transport::Sse, Transport::Ws, Transport::Local].map(TransportMeters::new),
        }
    }
}

impl TransportMeters {
    fn new(transport: Transport) -> Self {
        let transport = transport.as_str();
        Self {
            connections: gauge!("leptos_live_connections", "transport" => transport),
            deliveries: counter!("leptos_live_deliveries_total", "transport" => transport),
            bytes: counter!("leptos_live_sent_bytes_total", "transport" => transport),
            waiting: histogram!("leptos_live_waiting_events", "transport" => transport),
            latency: histogram!("leptos_live_publish_to_write_seconds", "transport" => transport),
        }
    }
}

impl Meters {
    pub(super) fn gap(&self, reason: GapReason) -> &Counter {
        let [evicted, epoch, malformed] = &self.gaps;
        match reason {
            GapReason::Evicted => evicted,
            GapReason::Epoch => epoch,
            GapReason::Malformed => malformed,
        }
    }

    pub(super) fn of(&self, transport: Transport) -> &TransportMeters {
        let [sse, ws, local] = &self.transports;
        match transport {
            Transport::Sse => sse,
            Transport::Ws => ws,
            Transport::Local => local,
        }
    }
}

/// The counter of what was refused for one reason; refusals are rare and their reasons many.
pub(super) fn refused(reason: &'static str) -> Counter {
    counter!("leptos_live_refused_total", "reason" => reason)
}

fn describe() {
    describe_gauge!("leptos_live_connections", "Streams and sockets that are open");
    describe_counter!("leptos_live_published_total", "Events published by this process");
    describe_counter!(
        "leptos_live_duplicates_total",
        "Attempts to publish an event again, by their keys"
    );
    describe_counter!(
        "leptos_live_deliveries_total",
        "Events handed to readers, each reader counted"
    );
    describe_counter!(
        "leptos_live_sent_bytes_total",
        Unit::Bytes,
        "Bytes written to readers"
    );
    describe_counter!(
        "leptos_live_dropped_total",
        "Events of transient topics that slow readers did not get"
    );
    describe_counter!(
        "leptos_live_coalesced_total",
        "Values that were replaced before slow readers got them"
    );
    describe_counter!("leptos_live_gaps_total", "Times that a reader was told of a gap");
    describe_counter!(
        "leptos_live_refused_total",
        "Requests, messages and events that were refused"
    );
    describe_histogram!("leptos_live_replay_events", "Events repeated by one resumption");
    describe_histogram!(
        "leptos_live_waiting_events",
        "Events that waited for a reader at once, the most of a second"
    );
    describe_histogram!(
        "leptos_live_publish_to_write_seconds",
        Unit::Seconds,
        "From publishing an event to writing it, one sample per reader and second"
    );
}
