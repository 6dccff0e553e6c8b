//! The way from a broker into the hub.

use std::sync::Arc;

use super::rings::Rings;
use super::{HubConfig, Revocation};
use crate::server::broker::Publication;
use crate::wire::Position;

/// What a broker hands its events to, in the order of their offsets.
#[derive(Clone, Debug)]
pub struct Feed {
    rings: Arc<Rings>,
}

impl Feed {
    pub(super) fn new(rings: Arc<Rings>) -> Self {
        Self { rings }
    }

    /// The hub's settings, of which a broker keeps the window and number of idempotency keys.
    pub fn config(&self) -> &HubConfig {
        self.rings.config()
    }

    /// Begins a history whose head is at this position; what the hub kept of an earlier one is
    /// lost, and readers are told so.
    pub fn begin(&self, head: Position) {
        self.rings.begin(head);
    }

    /// Hands over a revocation that another node has announced.
    pub fn revoke(&self, revocation: &Revocation) {
        self.rings.revoke(revocation);
    }

    /// Hands over the event at this position.
    ///
    /// An event at or before the head is one that the hub already has and is passed over. One of
    /// another epoch begins that epoch.
    pub fn deliver(&self, position: Position, publication: Publication) {
        let head = self.rings.read().head();
        if position.epoch != head.epoch {
            self.rings.begin(Position {
                epoch: position.epoch,
                offset: position.offset.saturating_sub(1),
            });
        } else if position.offset <= head.offset {
            tracing::warn!(%position, %head, "hub: expected an event after the head; passed over");
            return;
        }
        self.rings.append(position, publication);
    }
}
