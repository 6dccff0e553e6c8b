//! The way from a broker into the hub.

use std::sync::Arc;

use super::rings::{PastEvent, Rings};
use super::{HubConfig, Revocation};
use crate::server::broker::Publication;
use crate::wire::Position;

/// What a broker hands its events to, in the order of their offsets.
///
/// ```
/// use leptos_live::server::{Feed, Publication};
/// use leptos_live::{Epoch, Position};
///
/// /// A broker of which the hub's history is the only one, when it is attached and then whenever it is given something.
/// fn begin(feed: &Feed, epoch: u64) {
///     feed.begin(Position { epoch: Epoch(epoch), offset: 0 });
/// }
///
/// fn take(feed: &Feed, publication: Publication) -> Position {
///     feed.append(publication)
/// }
/// # let _ = (begin, take);
/// ```
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
        self.restore(head.offset, head, []);
    }

    /// Begins a history that an engine has kept, in one step: `past` are its events after `floor` and up to `head`, in order.
    /// Before the floor there may have been more, which are lost. Readers of another history are told that it is over, and get
    /// what is kept of this one as a snapshot.
    pub fn restore(&self, floor: u64, head: Position, past: impl IntoIterator<Item = PastEvent>) {
        self.rings.restore(floor, head, past);
    }

    /// Says that events up to this position will not come any more. Readers of logs are told of a gap, as they may have been of
    /// any topic. A position of another epoch, or before the head, says nothing.
    pub fn lose(&self, up_to: Position) {
        let head = self.rings.read().head();
        if up_to.epoch == head.epoch && up_to.offset > head.offset {
            tracing::warn!(%head, %up_to, "hub: events of this range are lost, readers are told");
            self.rings.lose(up_to.offset);
        }
    }

    /// Says that there is no event at the positions up to this one: what stands there is for brokers alone.
    pub fn pass(&self, up_to: Position) {
        if up_to.epoch == self.rings.read().head().epoch {
            self.rings.pass(up_to.offset);
        }
    }

    /// Says whether the engine behind the broker is out of reach. Streams stay open meanwhile, and are told of each change by
    /// `ll:upstream`, so that a page can show that what it shows may be old.
    pub fn set_cut_off(&self, is_cut_off: bool) {
        self.rings.set_cut_off(is_cut_off);
    }

    /// Hands over a revocation that another node has announced.
    pub fn revoke(&self, revocation: &Revocation) {
        self.rings.revoke(revocation);
    }

    /// Says that revocations may have been lost: whoever was let in by a policy gets nothing more until it was asked again.
    pub fn ask_again(&self) {
        self.rings.ask_again();
    }

    /// Hands over the event that comes next, and returns the position that it has got: the one after the head, in the step in
    /// which it is appended. For brokers whose only history is the hub's, once they have said [`Feed::begin`]: before that there
    /// is no history in which a position would mean anything.
    pub fn append(&self, publication: Publication) -> Position {
        self.rings.append_next(publication)
    }

    /// Hands over the event at this position.
    ///
    /// An event at or before the head is one that the hub already has and is passed over. One of
    /// another epoch begins that epoch.
    pub fn deliver(&self, position: Position, publication: Publication) {
        if let Err(head) = self.rings.append(position, publication) {
            tracing::warn!(%position, %head, "hub: expected an event after the head; passed over");
        }
    }
}
