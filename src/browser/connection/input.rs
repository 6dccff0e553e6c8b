//! What can happen to a connection, and what is to be done about it.

use super::state::CloseReason;

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// Somebody wants the connection.
    Open,
    /// The transport is open.
    Opened,
    /// An event or frame arrived.
    Received,
    /// The server sent a heartbeat, so its silence will mean something from now on.
    Heartbeat,
    /// The server asked for this delay, in milliseconds, before the next connection.
    RetryAfter(u32),
    /// The stream asked for this delay, in milliseconds, before every connection from now on (`retry:`).
    RetryTime(u32),
    /// The transport is gone and will not come back by itself.
    Lost,
    /// The same, and the server is being asked why: a [`Status`](Self::Status) follows, or that there is
    /// [`NoStatus`](Self::NoStatus).
    GivenUp,
    /// The transport lost its connection and is opening a new one by itself.
    BrowserReconnects,
    /// A socket was closed with this code.
    ClosedWith(u16),
    /// The server's answer to a connection that failed, where it could be had.
    Status(u16),
    /// It could not be had.
    NoStatus,
    /// The server wants other credentials, which somebody is getting; this would be the reason to end otherwise.
    Unauthorized(CloseReason),
    /// There are other credentials now.
    Authorized,
    /// There are none.
    Denied,
    /// The delay that was ordered is over.
    TimerFired,
    /// The network is back, or the page is visible again: a good moment to try.
    Nudge,
    /// The page goes into the back/forward cache, or away.
    PageHidden,
    /// The page is back from the cache.
    PageShown,
    /// The connection must be made anew, for example from an older position.
    Restart,
    /// End it for good.
    Close(CloseReason),
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Open the transport.
    Connect,
    /// Close the transport and ignore whatever it still says.
    Disconnect,
    /// Send [`Input::TimerFired`] after this many milliseconds; replaces the timer before it.
    StartTimer(u32),
    /// Forget the timer.
    StopTimer,
}
