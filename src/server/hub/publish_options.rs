//! Choices for publishing one event.

use crate::wire::{ConnectionId, IdempotencyKey};

/// How many connections one event can leave out: the streams and sockets of one page, not an audience.
pub(crate) const MAX_EXCEPT: usize = 16;

/// Choices for [`Hub::publish_with`](super::Hub::publish_with).
///
/// ```
/// use leptos_live::server::{Hub, PublishOptions};
/// use leptos_live::{EventName, IdempotencyKey, Topic};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (hub, orders) = (Hub::default(), Topic::new("orders")?);
/// let once = PublishOptions::new().key(IdempotencyKey::new("order-7/paid")?);
/// let first = hub.publish_with(&orders, &EventName::default(), "paid", once.clone()).await?;
/// // The payment service calls twice, as such services do.
/// let again = hub.publish_with(&orders, &EventName::default(), "paid", once).await?;
/// assert_eq!((again, hub.head()), (first, first));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishOptions {
    pub(super) key: Option<IdempotencyKey>,
    pub(super) except: Vec<ConnectionId>,
}

impl PublishOptions {
    /// None: the event goes to everybody, as often as it is published.
    pub fn new() -> Self {
        Self::default()
    }

    /// Publishes the event unless one with this key was published to the same topic within
    /// [`HubConfig::idempotency_window`](super::HubConfig::idempotency_window); then that one's position
    /// is returned. What the second event would have said is not looked at.
    pub fn key(mut self, key: IdempotencyKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Leaves out these connections: the [`Sender`](crate::server::Sender) of a request, or
    /// [`WsSession::connection_id`](crate::server::WsSession::connection_id). They move past the event as if
    /// they had got it. At most 16; the first of them count.
    pub fn except(mut self, connections: impl IntoIterator<Item = ConnectionId>) -> Self {
        let room = MAX_EXCEPT.saturating_sub(self.except.len());
        self.except.extend(connections.into_iter().take(room));
        self
    }
}
