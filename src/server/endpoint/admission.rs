//! How many connections there may be.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Rejection;
use crate::server::Hub;
use crate::server::hub::{Counters, OpenGuard};

/// Counts one more connection as open, unless there are as many as there may be.
pub(super) fn admit(hub: &Hub, gauge: fn(&Counters) -> &AtomicU64) -> Result<OpenGuard, Rejection> {
    let counters = hub.counters();
    let limit = hub.config().max_connections;
    // Counted before it is compared: of two that come at once to the last place, one may be
    // refused needlessly, but the limit is never passed.
    let guard = OpenGuard::new(counters.clone(), gauge);
    let open = counters
        .sse_connections
        .load(Ordering::Relaxed)
        .saturating_add(counters.ws_connections.load(Ordering::Relaxed));
    if open > limit as u64 {
        return Err(Rejection::TooManyConnections { limit });
    }
    Ok(guard)
}
