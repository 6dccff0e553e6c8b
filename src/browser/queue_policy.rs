//! How many messages may wait for a socket, and what becomes of those for which there is no room.

/// The queue of messages that wait while a socket is not open, or behind one whose files are being read (WSQ-04,
/// CON-06).
///
/// Whatever is lost is told: to the sender's `on_error` and as `htmx:wsError` on its element.
///
/// ```
/// use leptos_live::{QueuePolicy, QueueRule};
///
/// // Of each slider only the newest value is worth sending.
/// let queue = QueuePolicy { capacity: 20, rule: QueueRule::CoalesceBySender };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePolicy {
    /// How many messages may wait; a hundred by default.
    pub capacity: u32,
    /// What happens when there are more.
    pub rule: QueueRule,
}

/// What becomes of messages for which a queue has no room.
///
/// [`QueuePolicy`] has an example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueRule {
    /// A new message is refused: its sender gets an error.
    #[default]
    RefuseNewest,
    /// The message that has waited longest gives way, also one whose files are still being read.
    DropOldest,
    /// A new message takes the place of the one that the same element has waiting; it stands at the end, as the newest.
    /// When all are of other elements and there is no room, the new one is refused.
    CoalesceBySender,
}

impl Default for QueuePolicy {
    fn default() -> Self {
        Self {
            capacity: 100,
            rule: QueueRule::default(),
        }
    }
}
