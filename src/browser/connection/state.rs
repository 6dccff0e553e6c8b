//! What a connection can be, as everybody outside sees it.

use std::fmt;

/// The state of a live connection: a signal of the source, and its `data-state` attribute.
///
/// ```
/// use leptos_live::{CloseReason, ConnectionState};
///
/// fn notice(state: &ConnectionState) -> Option<String> {
///     match state {
///         ConnectionState::Reconnecting { attempt, .. } if *attempt > 2 => Some("The connection is lost".to_owned()),
///         ConnectionState::Closed { reason: CloseReason::Refused(401) } => Some("Please sign in again".to_owned()),
///         ConnectionState::Closed { reason } => Some(format!("No more news: {reason}")),
///         _ => None,
///     }
/// }
/// # assert_eq!(notice(&ConnectionState::Idle), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ConnectionState {
    /// Not connected and not trying: before the page is live, until its trigger comes, while the source is paused, or
    /// while the page lies in the back/forward cache.
    #[default]
    Idle,
    /// The first attempt is under way.
    Connecting,
    /// Events can arrive.
    Open,
    /// The connection was lost and will be opened again.
    Reconnecting {
        /// How many attempts have failed in a row.
        attempt: u32,
        /// Milliseconds until the next attempt; 0 while it is under way, waits for other credentials, or the server is
        /// asked why it has refused the last one.
        delay: u32,
    },
    /// Over, until somebody opens it again.
    Closed {
        /// Why.
        reason: CloseReason,
    },
}

/// Why a connection is over.
///
/// ```
/// use leptos_live::CloseReason;
///
/// assert_eq!(CloseReason::Refused(403).to_string(), "refused with status 403");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The last element that used it is gone, or somebody closed it.
    Released,
    /// The server said that the stream is over, by status 204 or a control event; where a stream is finite, by
    /// ending it.
    EndedByServer,
    /// The server refused with this HTTP status (401 or 403).
    Refused(u16),
    /// A socket was closed with a code that is not retried.
    Code(u16),
    /// The retry policy allows no further attempt.
    Exhausted,
    /// The address, or what was to be sent to it, cannot be used at all.
    BadAddress,
    /// The app refused the request before it was sent.
    Vetoed,
}

impl ConnectionState {
    /// One word for the state: `idle`, `connecting`, `open`, `reconnecting`, `closed`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open => "open",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Closed { .. } => "closed",
        }
    }

    /// Whether events can arrive now.
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Released => f.write_str("released"),
            Self::EndedByServer => f.write_str("ended by the server"),
            Self::Refused(status) => write!(f, "refused with status {status}"),
            Self::Code(code) => write!(f, "closed with code {code}"),
            Self::Exhausted => f.write_str("gave up"),
            Self::BadAddress => f.write_str("bad address"),
            Self::Vetoed => f.write_str("refused by the app"),
        }
    }
}
