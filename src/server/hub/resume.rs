//! Where a reader says that it left off.

use crate::wire::Position;

/// The place from which a reader wants to go on.
///
/// As an axum extractor it reads the `Last-Event-ID` header, else the `last-event-id` query
/// parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// From now on; the reader has seen nothing.
    #[default]
    Start,
    /// After this position: everything up to it has been seen.
    At(Position),
    /// The reader sent something that is no position. It is told of a gap rather than refused,
    /// because a refused `EventSource` is dead and would bring the same text again.
    Malformed,
}

impl Resume {
    /// Reads a cursor as a request brings it; an empty one is none.
    pub fn from_text(text: &str) -> Self {
        match text.parse() {
            Ok(position) => Self::At(position),
            Err(_) if text.is_empty() => Self::Start,
            Err(_) => Self::Malformed,
        }
    }
}
