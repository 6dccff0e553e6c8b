//! What makes two attempts to publish one event recognisable as the same.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{InvalidName, name_rule};

/// Names an event before it is published, so that a second attempt brings no second event.
///
/// Whoever may try again gives both attempts the same key: the id of a form's message
/// (`FormMessage::request_id`), the number of an order, a job's name with its date. Keys of
/// different topics are different keys. A key is at most 255 bytes of visible characters.
///
/// ```
/// use leptos_live::IdempotencyKey;
///
/// let key: IdempotencyKey = "order-7/paid".parse()?;
/// assert_eq!(key.as_str(), "order-7/paid");
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Arc<str>);

impl IdempotencyKey {
    /// Checks and takes a key.
    ///
    /// # Errors
    /// [`InvalidName`] when the text is empty, too long, or holds a control or invisible character.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidName> {
        let text = text.as_ref();
        name_rule::check("idempotency key", text)?;
        Ok(Self(text.into()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl TryFrom<&str> for IdempotencyKey {
    type Error = InvalidName;

    fn try_from(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdempotencyKey({:?})", &*self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_visible() {
        assert!(IdempotencyKey::new("3f2a-17").is_ok());
        assert!(IdempotencyKey::new("x".repeat(255)).is_ok());
        for text in ["", "a\nb", "a\u{200b}", &"x".repeat(256)] {
            assert!(IdempotencyKey::new(text).is_err(), "{text:?}");
        }
    }
}
