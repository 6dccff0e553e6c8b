//! Where a reader says that it left off.

use crate::wire::{Position, WITH_LATEST};

/// The place from which a reader wants to go on. What a request says about it is read by
/// [`SseRequest`](crate::server::SseRequest).
///
/// ```
/// use leptos_live::server::Resume;
///
/// assert_eq!(Resume::from_text(""), Resume::Start);
/// assert!(matches!(Resume::from_text("000000000000feed-42"), Resume::At(_)));
/// assert!(matches!(Resume::from_text("000000000000feed-42,latest"), Resume::AtWithLatest(_)));
/// assert_eq!(Resume::from_text("yesterday"), Resume::Malformed);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// From now on; the reader has seen nothing.
    #[default]
    Start,
    /// After this position: everything up to it has been seen.
    At(Position),
    /// After this position, and besides the newest values of topics that keep them, however old: some
    /// place on the page is new and has not seen them. On the wire it is the position and `,latest`.
    AtWithLatest(Position),
    /// The reader sent something that is no position. It is told of a gap rather than refused,
    /// because a refused `EventSource` is dead and would bring the same text again.
    Malformed,
}

impl Resume {
    /// Reads a cursor as a request brings it; an empty one is none.
    pub fn from_text(text: &str) -> Self {
        let (position, with_latest) = match text.strip_suffix(WITH_LATEST) {
            Some(position) => (position, true),
            None => (text, false),
        };
        match position.parse() {
            Ok(position) if with_latest => Self::AtWithLatest(position),
            Ok(position) => Self::At(position),
            Err(_) if text.is_empty() => Self::Start,
            Err(_) => Self::Malformed,
        }
    }
}
