//! Refused requests: a status and a sentence each, which tell nothing about the server's inside.

use std::sync::Once;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use thiserror::Error;

use crate::server::{Denied, SubscribeError};

/// How many seconds a refused reader is asked to stay away where trying again makes sense.
const RETRY_AFTER_SECONDS: &str = "5";

/// Whoever answers 401 has to name a scheme. Pages do not read it, and this is one for which no browser asks for a password.
const CHALLENGE: header::HeaderValue = header::HeaderValue::from_static("Bearer");

/// Why an endpoint has refused a request.
///
/// ```
/// use leptos_live::server::Rejection;
///
/// let refused = Rejection::TooManyTopics { limit: 100 };
/// assert_eq!((refused.status().as_u16(), refused.reason()), (400, "too_many_topics"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The cursor is far longer than any position.
    #[error("last event id: expected at most {limit} bytes, found {found}")]
    CursorTooLong {
        /// The longest text that is looked at.
        limit: usize,
        /// The length found.
        found: usize,
    },
    /// More topics than one connection may carry.
    #[error("topics: expected at most {limit} on one connection, found more")]
    TooManyTopics {
        /// The limit.
        limit: usize,
    },
    /// The server has as many connections as it takes.
    #[error("connections: expected at most {limit}, found as many open")]
    TooManyConnections {
        /// The limit.
        limit: usize,
    },
    /// The user has as many connections as one may have.
    #[error("connections: expected at most {limit} of one user, found as many open")]
    TooManyConnectionsOfUser {
        /// The limit.
        limit: usize,
    },
    /// The client's address has as many connections as one may have.
    #[error("connections: expected at most {limit} from one address, found as many open")]
    TooManyConnectionsOfAddress {
        /// The limit.
        limit: usize,
    },
    /// The server is shutting down.
    #[error("server: expected to be running, found it shutting down")]
    ShuttingDown,
    /// The reader comes from another process, and this one cannot find out what has happened there.
    #[error("broker: expected to be reachable, found it out of reach")]
    Behind,
    /// A socket was asked for, or something posted with cookies, without saying from which origin.
    #[error("origin: expected an `Origin` header, found none")]
    MissingOrigin,
    /// The request comes from a page of another origin.
    #[error("origin: expected this server's own origin, found another")]
    ForeignOrigin,
    /// The request has cookies, and the app has not said what they mean.
    #[error(
        "cookies: expected none, as their use is not declared, found some; the server's `AccessConfig::cookies` has to \
         be `Cookies::Authenticate` if they say who a visitor is, `Cookies::Ignored` if nothing depends on them"
    )]
    CookiesUndeclared,
    /// The policy does not allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl Rejection {
    /// The word under which the hub's statistics count it.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::CursorTooLong { .. } => "cursor_too_long",
            Self::TooManyTopics { .. } => "too_many_topics",
            Self::TooManyConnections { .. } => "too_many_connections",
            Self::TooManyConnectionsOfUser { .. } => "too_many_connections_of_user",
            Self::TooManyConnectionsOfAddress { .. } => "too_many_connections_of_address",
            Self::ShuttingDown => "shutting_down",
            Self::Behind => "behind",
            Self::MissingOrigin => "missing_origin",
            Self::ForeignOrigin => "foreign_origin",
            Self::CookiesUndeclared => "cookies_undeclared",
            Self::Denied(Denied::Unauthenticated) => "unauthenticated",
            Self::Denied(Denied::Forbidden) => "forbidden",
            Self::Denied(Denied::Undecided) => "undecided",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::CursorTooLong { .. } | Self::TooManyTopics { .. } => StatusCode::BAD_REQUEST,
            Self::Denied(Denied::Unauthenticated) => StatusCode::UNAUTHORIZED,
            Self::MissingOrigin
            | Self::ForeignOrigin
            | Self::CookiesUndeclared
            | Self::Denied(Denied::Forbidden) => StatusCode::FORBIDDEN,
            Self::TooManyConnectionsOfUser { .. } | Self::TooManyConnectionsOfAddress { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::TooManyConnections { .. }
            | Self::ShuttingDown
            | Self::Behind
            | Self::Denied(Denied::Undecided) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Tells the operator what only the operator can mend, once, and everything else to whoever debugs.
    pub(crate) fn log(&self) {
        static CAN_BE_MENDED: [Once; 2] = [const { Once::new() }; 2];
        let [cookies, address] = &CAN_BE_MENDED;
        match self {
            Self::CookiesUndeclared => cookies.call_once(|| tracing::warn!("refused: {self}")),
            Self::TooManyConnectionsOfAddress { .. } => address.call_once(|| {
                tracing::warn!(
                    "refused: {self}; if that is a proxy, name it in `AccessConfig::trusted_proxies`"
                );
            }),
            _ => tracing::debug!("refused: {self}"),
        }
    }
}

impl From<SubscribeError> for Rejection {
    fn from(error: SubscribeError) -> Self {
        match error {
            // A connection that is being opened is not closed yet, but were it, this would be why.
            SubscribeError::ShuttingDown | SubscribeError::Closed => Self::ShuttingDown,
            SubscribeError::TooManyTopics { limit } => Self::TooManyTopics { limit },
            SubscribeError::Denied(denied) => Self::Denied(denied),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        );
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if matches!(
            self.status(),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            headers.insert(
                header::RETRY_AFTER,
                header::HeaderValue::from_static(RETRY_AFTER_SECONDS),
            );
        }
        response
    }
}
