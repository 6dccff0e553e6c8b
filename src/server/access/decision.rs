//! The answers that a policy gives, and what is made of a refusal.

use std::future::{Ready, ready};
use std::time::SystemTime;

use thiserror::Error;

/// What a policy says. Where a future is expected, a decision is one that is ready.
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
