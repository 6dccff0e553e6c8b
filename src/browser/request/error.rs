//! What can go wrong with a request.

use thiserror::Error;

/// Why a request was not sent, or its answer not used.
///
/// The same is told on the element as an `htmx:…` event: `htmx:targetError`, `htmx:invalidPath`, `htmx:sendError`,
/// `htmx:timeout`, `htmx:responseError` or `htmx:badResponseUrl`.
///
/// ```
/// use leptos_live::RequestError;
///
/// /// Whether it is worth telling that the server is out of reach.
/// fn is_out_of_reach(error: &RequestError) -> bool {
///     matches!(error, RequestError::Network { .. } | RequestError::TimedOut { .. } | RequestError::BrokenOff { .. })
/// }
/// # assert!(!is_out_of_reach(&RequestError::Target(String::new())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// There is nowhere to put the answer; the text says what was looked for.
    #[error("{0}")]
    Target(String),
    /// The address cannot be read, or leads to another origin, where markup sends nothing.
    #[error("expected an address of this origin, found {url:?}")]
    Address {
        /// The address as it would have been requested.
        url: String,
    },
    /// As many requests as may wait are waiting already.
    #[error("expected room for a request, found {waiting} waiting ones, which is the most")]
    QueueFull {
        /// How many there are.
        waiting: usize,
    },
    /// No answer came.
    #[error("{url}: expected an answer, found none ({reason})")]
    Network {
        /// The address that was requested.
        url: String,
        /// The browser's own words.
        reason: String,
    },
    /// The answer broke off. Of a stream, the messages up to there were used.
    #[error("{url}: expected the rest of the answer, found none ({reason})")]
    BrokenOff {
        /// The address that was requested.
        url: String,
        /// The browser's own words.
        reason: String,
    },
    /// No answer came in the time that `hx-request` allows.
    #[error("{url}: expected an answer within {milliseconds} ms, found none")]
    TimedOut {
        /// The address that was requested.
        url: String,
        /// The time.
        milliseconds: u32,
    },
    /// The answer says that it is none.
    #[error("{url}: expected a successful answer, found status {status}")]
    Status {
        /// The address that was requested.
        url: String,
        /// The HTTP status, 400 or more.
        status: u16,
    },
    /// The answer is a stream of events, and nothing in this app reads one.
    #[error("{url}: expected an answer that ends, found a stream of events")]
    Stream {
        /// The address that was requested.
        url: String,
    },
    /// The answer leads to another origin, or to no address at all.
    #[error("expected a redirection within this origin, found {url:?}")]
    Redirection {
        /// Where it leads.
        url: String,
    },
}
