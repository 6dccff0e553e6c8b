//! What can be wrong with text that arrives from outside; one type per kind of text.

use thiserror::Error;

/// A topic or event name that may not be used.
///
/// ```
/// use leptos_live::{EventName, InvalidName};
///
/// assert_eq!(EventName::new("ll:gap"), Err(InvalidName::Reserved { kind: "event name", found: "ll:gap".to_owned() }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidName {
    /// The text is empty.
    #[error("{kind}: expected at least one character, found an empty name")]
    Empty {
        /// What was being named: `topic` or `event name`.
        kind: &'static str,
    },
    /// The text is longer than a name may be.
    #[error("{kind}: expected at most {limit} bytes, found {found}")]
    TooLong {
        /// What was being named.
        kind: &'static str,
        /// The longest name allowed, in bytes.
        limit: usize,
        /// The length found, in bytes.
        found: usize,
    },
    /// A character that could end a line, hide, or reorder text.
    #[error("{kind}: expected visible characters, found U+{code:04X} at byte {at}")]
    ForbiddenCharacter {
        /// What was being named.
        kind: &'static str,
        /// The character's code point.
        code: u32,
        /// Where it stands, in bytes from the start.
        at: usize,
    },
    /// A name of the `ll:` family, which belongs to control events.
    #[error("{kind}: expected a name without the reserved prefix `ll:`, found `{found}`")]
    Reserved {
        /// What was being named.
        kind: &'static str,
        /// The name found.
        found: String,
    },
}

/// Text that is not a [`Position`](super::Position).
///
/// ```
/// use leptos_live::Position;
///
/// let error = "42".parse::<Position>().unwrap_err();
/// assert_eq!(error.found, "42");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("position: expected `<16 hex digits>-<decimal offset>`, found {found:?}")]
pub struct InvalidPosition {
    /// The text found, cut to its first 64 characters.
    pub found: String,
}

impl InvalidPosition {
    pub(crate) fn new(found: &str) -> Self {
        // A hostile cursor must not be copied whole into logs.
        Self {
            found: found.chars().take(64).collect(),
        }
    }
}

/// A message that does not have the form it should.
///
/// ```
/// use leptos_live::Envelope;
///
/// let error = Envelope::parse("{}").unwrap_err();
/// assert_eq!(error.to_string(), "envelope: expected a JSON object with text in `content`, found neither");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}: expected {expected}, found {found}")]
pub struct MalformedMessage {
    /// The kind of message, such as `form message`.
    pub kind: &'static str,
    /// What would have been right.
    pub expected: &'static str,
    /// What was there instead.
    pub found: String,
}
