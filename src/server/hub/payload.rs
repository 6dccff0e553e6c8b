//! What an event says, as text that is shared rather than copied.

use bytes::Bytes;
use serde::Serialize;

use crate::server::Fragment;
use crate::wire::{Envelope, MalformedMessage};

/// The payload of an event: HTML from a [`Fragment`], or any text. Clones share one allocation.
///
/// Text is sent as it stands. Where it will be swapped into a page as HTML, publish a `Fragment`.
///
/// ```
/// use leptos_live::server::{Fragment, Payload};
///
/// let text = Payload::from("a < b");
/// let html = Payload::from(Fragment::text("a < b"));
/// assert_eq!((text.as_str(), html.as_str()), ("a < b", "a &lt; b"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload(Bytes);

impl Payload {
    /// A value as JSON, for sources with the codec `Typed`.
    ///
    /// ```
    /// use leptos_live::server::Payload;
    ///
    /// assert_eq!(Payload::json(&[1, 2])?.as_str(), "[1,2]");
    /// # Ok::<(), leptos_live::MalformedMessage>(())
    /// ```
    ///
    /// # Errors
    /// [`MalformedMessage`] when JSON cannot hold the value, such as a map whose keys are no texts.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, MalformedMessage> {
        let text = serde_json::to_string(value).map_err(|error| MalformedMessage {
            kind: "payload",
            expected: "a value that JSON can hold",
            found: error.to_string(),
        })?;
        Ok(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // Only ever made from a `String` or `&str`, so this cannot fail.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The text as shared bytes.
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// The length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Payload {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<Fragment> for Envelope {
    fn from(fragment: Fragment) -> Self {
        Self::new(fragment.into_string())
    }
}

impl From<Fragment> for Payload {
    fn from(fragment: Fragment) -> Self {
        fragment.into_string().into()
    }
}

impl From<&Fragment> for Payload {
    fn from(fragment: &Fragment) -> Self {
        fragment.as_str().into()
    }
}

impl From<Envelope> for Payload {
    fn from(envelope: Envelope) -> Self {
        envelope.to_text().into()
    }
}
