//! What can go wrong between a hub and its broker.

use thiserror::Error;

/// A broker that could not do what it was asked.
///
/// ```
/// use leptos_live::server::{BrokerError, Hub, PublishError, PublishOptions};
/// use leptos_live::{EventName, IdempotencyKey, Position, Topic};
///
/// /// Tries once more where the engine did not answer. It may have taken the first attempt, so both have one key.
/// async fn publish(hub: &Hub, topic: &Topic, key: IdempotencyKey, text: &str) -> Result<Position, PublishError> {
///     let (name, options) = (EventName::default(), PublishOptions::new().key(key));
///     match hub.publish_with(topic, &name, text, options.clone()).await {
///         Err(PublishError::Broker(BrokerError::Unavailable { .. })) => {
///             hub.publish_with(topic, &name, text, options).await
///         }
///         outcome => outcome,
///     }
/// }
/// # let _ = publish;
/// ```
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
