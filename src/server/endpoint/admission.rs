//! How many connections there may be, in all and of one client.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Rejection;
use crate::server::access::ClientGuard;
use crate::server::hub::{Counters, OpenGuard};
use crate::server::{Client, Hub};

/// Counts a connection as open for as long as it lives.
pub(super) struct Admission {
    _in_all: OpenGuard,
    _of_client: ClientGuard,
}

/// Counts one more connection as open, unless there are as many as there may be.
pub(super) fn admit(
    hub: &Hub,
    client: &Client,
    gauge: fn(&Counters) -> &AtomicU64,
) -> Result<Admission, Rejection> {
    let counters = hub.counters();
    let limit = hub.config().max_connections;
    // Counted before it is compared: of two that come at once to the last place, one may be
    // refused needlessly, but the limit is never passed.
    let in_all = OpenGuard::new(counters.clone(), gauge);
    let open = counters
        .sse_connections
        .load(Ordering::Relaxed)
        .saturating_add(counters.ws_connections.load(Ordering::Relaxed));
    if open > limit as u64 {
        return Err(Rejection::TooManyConnections { limit });
    }
    Ok(Admission {
        _in_all: in_all,
        _of_client: hub.client_counts().admit(client, hub.config())?,
    })
}
