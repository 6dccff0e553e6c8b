//! A picture of the hub in numbers, for metrics and tests.

use std::collections::BTreeMap;

use super::counters::{Counters, get};
use super::rings::Rings;
use crate::wire::Topic;

/// What [`Hub::stats`](super::Hub::stats) returns.
///
/// ```
/// use leptos_live::server::{Hub, Resume};
/// use leptos_live::{EventName, Topic};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (hub, news) = (Hub::default(), Topic::new("news")?);
/// let reader = hub.subscribe([news.clone()], Resume::Start)?;
/// hub.publish(&news, &EventName::default(), "first").await?;
/// let stats = hub.stats();
/// assert_eq!((stats.published, stats.subscriptions), (1, 1));
/// assert_eq!(stats.topics.get(&news).map(|topic| topic.retained), Some(1));
/// # drop(reader); Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HubStats {
    /// Event streams that are open.
    pub sse_connections: u64,
    /// Sockets that are open.
    pub ws_connections: u64,
    /// Readers of any kind, those of streams and sockets included.
    pub subscriptions: u64,
    /// The topics that are known, with their numbers.
    pub topics: BTreeMap<Topic, TopicStats>,
    /// Events published since the start.
    pub published: u64,
    /// Events handed to readers, each reader counted.
    pub delivered: u64,
    /// Those among them that were published before the reader connected or took up their topic.
    pub replayed: u64,
    /// Times that a reader was told of a gap.
    pub gaps: u64,
    /// Events of transient topics that a slow reader did not get.
    pub dropped: u64,
    /// Events of latest-value topics that a slow reader did not get because a newer one came.
    pub coalesced: u64,
    /// What was refused, by reason.
    pub refused: BTreeMap<&'static str, u64>,
    /// Tasks of this crate that are running.
    pub tasks: u64,
}

/// The numbers of one topic.
///
/// [`HubStats`] has an example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TopicStats {
    /// Readers that are connected.
    pub subscribers: u64,
    /// Events published in this epoch.
    pub published: u64,
    /// Events kept at the moment.
    pub retained: u64,
}

impl HubStats {
    pub(super) fn collect(counters: &Counters, rings: &Rings) -> Self {
        let state = rings.read();
        let topics = state
            .topics()
            .iter()
            .map(|(name, topic)| {
                let stats = TopicStats {
                    subscribers: topic.readers.len() as u64,
                    published: topic.ring.published(),
                    retained: topic.ring.len() as u64,
                };
                (name.clone(), stats)
            })
            .collect();
        Self {
            sse_connections: get(&counters.sse_connections),
            ws_connections: get(&counters.ws_connections),
            subscriptions: state.reader_count() as u64,
            topics,
            published: get(&counters.published),
            delivered: get(&counters.delivered),
            replayed: get(&counters.replayed),
            gaps: get(&counters.gaps),
            dropped: get(&counters.dropped),
            coalesced: get(&counters.coalesced),
            refused: counters.refused(),
            tasks: get(&counters.tasks),
        }
    }
}
