//! The checked name of a stream of events on the server.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{InvalidName, name_rule};

/// The name of a stream of events, such as `news` or `room/7`.
///
/// A topic is at most 255 bytes of visible characters. It is an address on the server, not a part
/// of what the browser sees. Clones share one allocation.
///
/// ```
/// use leptos_live::Topic;
///
/// let topic: Topic = "room/7".parse()?;
/// assert_eq!(topic.as_str(), "room/7");
/// assert!("two\nlines".parse::<Topic>().is_err());
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(Arc<str>);

impl Topic {
    /// Checks and takes a name.
    ///
    /// # Errors
    /// [`InvalidName`] when the text is empty, too long, or holds a control or invisible character.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidName> {
        let text = text.as_ref();
        name_rule::check("topic", text)?;
        Ok(Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Topic {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl TryFrom<&str> for Topic {
    type Error = InvalidName;

    fn try_from(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Topic({:?})", &*self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, valid: bool) {
        assert_eq!(Topic::new(text).is_ok(), valid, "{text:?}");
    }

    #[test]
    fn s08_names_cannot_hold_line_breaks_or_hidden_characters() {
        check("news", true);
        check("room/7 of 9", true);
        check("größe", true);
        check(&"x".repeat(255), true);
        check("", false);
        check(&"x".repeat(256), false);
        for hidden in [
            "\n", "\r", "\0", "\u{7f}", "\u{85}", "\u{200b}", "\u{202e}", "\u{2028}", "\u{feff}",
        ] {
            check(&format!("a{hidden}b"), false);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_name_as_it_stands_or_none(text in any::<String>(), words in "(a|ll:|/|,| |\n|\r|\0|é){0,9}") {
            for text in [text, words] {
                if let Ok(name) = Topic::new(&text) {
                    prop_assert_eq!(name.as_str(), &*text);
                    prop_assert!(!text.is_empty() && !text.contains(char::is_control));
                }
            }
        }
    }
}
