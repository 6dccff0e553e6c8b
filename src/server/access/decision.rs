//! The answers that a policy gives, and what is made of a refusal.

use std::future::{Ready, ready};
use std::time::SystemTime;

use thiserror::Error;

/// What a policy says. Where a future is expected, a decision is one that is ready.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use leptos_live::server::Decision;
///
/// /// As long as the token is good, and ten minutes at most.
/// fn until(expiry: SystemTime) -> Decision {
///     let soon = SystemTime::now() + Duration::from_secs(600);
///     Decision::AllowedUntil(expiry.min(soon))
/// }
/// # let _ = until;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Until it is revoked.
    Allowed,
    /// Until this instant, such as the end of a token's life; then the policy is asked again, and the stream ends unless
    /// it names a later one.
    AllowedUntil(SystemTime),
    /// Not before the client has signed in, or has signed in anew: 401, and on sockets the close code 4401. A page that can
    /// refresh its token does so and comes back.
    Unauthenticated,
    /// Not for this client: 403, and on sockets the close code 4403. A page does not come back.
    Forbidden,
}

impl IntoFuture for Decision {
    type Output = Self;
    type IntoFuture = Ready<Self>;

    fn into_future(self) -> Ready<Self> {
        ready(self)
    }
}

/// Why a client may not do what it wants.
///
/// ```
/// use http::StatusCode;
/// use leptos_live::server::{Denied, PublishError};
///
/// /// What a handler answers when a client's event was not published.
/// fn status(error: &PublishError) -> StatusCode {
///     match error {
///         PublishError::Denied(Denied::Unauthenticated) => StatusCode::UNAUTHORIZED,
///         PublishError::Denied(Denied::Forbidden) => StatusCode::FORBIDDEN,
///         PublishError::PayloadTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
///         _ => StatusCode::SERVICE_UNAVAILABLE,
///     }
/// }
/// # assert_eq!(status(&Denied::Forbidden.into()), 403);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Denied {
    /// See [`Decision::Unauthenticated`].
    #[error("access: expected a client that has signed in, found one that has not")]
    Unauthenticated,
    /// See [`Decision::Forbidden`].
    #[error("access: expected a client that may do this, found one that may not")]
    Forbidden,
    /// The policy did not answer in time.
    #[error("access: expected a decision in time, found none")]
    Undecided,
}
