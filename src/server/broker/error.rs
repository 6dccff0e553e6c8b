//! What can go wrong between a hub and its broker.

use thiserror::Error;

/// A broker that could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BrokerError {
    /// The broker belongs to no hub yet, so there is nobody to hand the event to.
    #[error("broker: expected to be attached to a hub before publishing, found no hub")]
    NotAttached,
    /// The broker cannot be reached or has refused.
    #[error("broker {broker}: expected the event to be taken, found {reason}")]
    Unavailable {
        /// Which broker.
        broker: &'static str,
        /// What it or the connection to it said.
        reason: String,
    },
}
