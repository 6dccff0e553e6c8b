//! One event as both sides see it.

use super::{EventName, Position};

/// An event of a stream: where it stands, what it is called, and what it says.
///
/// ```
/// use leptos_live::{EventName, LiveEvent};
///
/// let event = LiveEvent { position: None, name: EventName::new("price")?, data: "199".to_owned() };
/// assert_eq!(event.data.parse(), Ok(199));
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    /// The place right after this event; `None` on streams that do not keep positions.
    pub position: Option<Position>,
    /// The name it is dispatched under.
    pub name: EventName,
    /// The payload: HTML for swaps, or any text.
    pub data: String,
}
