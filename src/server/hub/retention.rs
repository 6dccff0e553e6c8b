//! What a topic keeps of its events, and so what a reader that comes late or falls behind gets.

use std::time::Duration;

/// How much of a topic's history is kept.
///
/// ```
/// use std::time::Duration;
/// use leptos_live::Topic;
/// use leptos_live::server::{Hub, Retention};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::default();
/// let an_hour = Retention::Log { max_events: 10_000, max_bytes: 8 << 20, max_age: Duration::from_secs(60 * 60) };
/// hub.declare(Topic::new("orders")?, an_hour);
/// hub.declare(Topic::new("prices")?, Retention::Latest);
/// hub.declare(Topic::new("typing")?, Retention::Transient);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Every event matters: the newest are kept within three bounds, whichever is hit first. A
    /// reader whose cursor lies before what is kept is told of the gap.
    ///
    /// The newest event is kept whatever its size, until it is too old.
    Log {
        /// At most this many events.
        max_events: usize,
        /// At most this many bytes of names and payloads.
        max_bytes: usize,
        /// None older than this.
        max_age: Duration,
    },
    /// Only the present state matters: the newest event of each name is kept. A late reader gets
    /// it as a snapshot, a slow one gets the newest only, and nobody is ever told of a gap.
    Latest,
    /// Only this moment matters: nothing is kept for late readers, and a reader that is too slow
    /// for the topic's small buffer misses events, which the statistics count as dropped.
    Transient,
}

impl Retention {
    pub(crate) fn is_log(self) -> bool {
        matches!(self, Self::Log { .. })
    }
}

impl Default for Retention {
    /// A log of 1,000 events, 1 MiB and five minutes.
    fn default() -> Self {
        Self::Log {
            max_events: 1_000,
            max_bytes: 1 << 20,
            max_age: Duration::from_secs(5 * 60),
        }
    }
}
