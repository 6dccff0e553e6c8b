//! Refused requests: a status and a sentence each, which tell nothing about the server's inside.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use thiserror::Error;

use crate::server::SubscribeError;

/// How many seconds a refused reader is asked to stay away where trying again makes sense.
const RETRY_AFTER_SECONDS: &str = "5";

/// Why an endpoint has refused a request.
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
    /// The server is shutting down.
    #[error("server: expected to be running, found it shutting down")]
    ShuttingDown,
    /// A socket was asked for without saying from which origin.
    #[error("origin: expected an `Origin` header, found none")]
    MissingOrigin,
    /// A socket was asked for by a page of another origin.
    #[error("origin: expected this server's own origin, found another")]
    ForeignOrigin,
}

impl Rejection {
    /// The word under which the hub's statistics count it.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::CursorTooLong { .. } => "cursor_too_long",
            Self::TooManyTopics { .. } => "too_many_topics",
            Self::TooManyConnections { .. } => "too_many_connections",
            Self::ShuttingDown => "shutting_down",
            Self::MissingOrigin => "missing_origin",
            Self::ForeignOrigin => "foreign_origin",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::CursorTooLong { .. } | Self::TooManyTopics { .. } => StatusCode::BAD_REQUEST,
            Self::TooManyConnections { .. } | Self::ShuttingDown => StatusCode::SERVICE_UNAVAILABLE,
            Self::MissingOrigin | Self::ForeignOrigin => StatusCode::FORBIDDEN,
        }
    }
}

impl From<SubscribeError> for Rejection {
    fn from(error: SubscribeError) -> Self {
        match error {
            // A connection that is being opened is not closed yet, but were it, this would be why.
            SubscribeError::ShuttingDown | SubscribeError::Closed => Self::ShuttingDown,
            SubscribeError::TooManyTopics { limit } => Self::TooManyTopics { limit },
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
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(
                header::RETRY_AFTER,
                header::HeaderValue::from_static(RETRY_AFTER_SECONDS),
            );
        }
        response
    }
}
