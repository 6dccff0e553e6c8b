//! The name of one connection, by which a page says that an event is its own doing.
//!
//! A stream tells its page the id by an `ll:connection` event; the page's requests bring it back in a
//! header, and whoever publishes leaves that connection out. Whoever knows an id can keep events from
//! its page, so ids cannot be guessed, and are written into no log.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::MalformedMessage;

/// The request header in which a page names its connections, separated by commas.
pub(crate) const CONNECTION_HEADER: &str = "LL-Connection";

/// Names one event stream or socket for as long as it is open; no other ever has the same id.
///
/// ```
/// use leptos_live::ConnectionId;
///
/// let id: ConnectionId = "0123456789abcdef0123456789abcdef".parse()?;
/// assert_eq!(id.to_string(), "0123456789abcdef0123456789abcdef");
/// assert_eq!(format!("{id:?}"), "ConnectionId(…)"); // not for logs
/// # Ok::<(), leptos_live::MalformedMessage>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionId(u128);

impl ConnectionId {
    /// The length of the text in bytes, which are hex digits.
    pub const TEXT_BYTES: usize = 32;

    /// An id of these bits; they should come from a source that cannot be guessed.
    pub fn from_bits(bits: u128) -> Self {
        Self(bits)
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectionId(…)")
    }
}

impl FromStr for ConnectionId {
    type Err = MalformedMessage;

    /// Reads exactly what `Display` writes.
    fn from_str(text: &str) -> Result<Self, MalformedMessage> {
        let is_id =
            text.len() == Self::TEXT_BYTES && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let bits = is_id.then(|| u128::from_str_radix(text, 16).ok()).flatten();
        bits.map(Self).ok_or_else(|| MalformedMessage {
            kind: "connection id",
            expected: "32 hex digits",
            // What was meant as one may be a secret with a typing error in it.
            found: format!("{} bytes of something else", text.len()),
        })
    }
}

impl TryFrom<String> for ConnectionId {
    type Error = MalformedMessage;

    fn try_from(text: String) -> Result<Self, MalformedMessage> {
        text.parse()
    }
}

impl From<ConnectionId> for String {
    fn from(id: ConnectionId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn s33_what_is_no_id_is_refused_and_not_repeated() {
        for text in [
            "",
            "0",
            "secret",
            &"g".repeat(32),
            &"A".repeat(32),
            &"0".repeat(33),
            "+0123456789abcdef0123456789abcde",
        ] {
            let error = text.parse::<ConnectionId>().unwrap_err().to_string();
            assert!(
                error.starts_with("connection id: expected 32 hex digits"),
                "{error}"
            );
            assert!(!error.contains("secret"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back(bits: u128) {
            let id = ConnectionId::from_bits(bits);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<ConnectionId>(&json).unwrap(), id);
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            if let Ok(id) = text.parse::<ConnectionId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
