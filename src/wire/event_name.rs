//! The checked name under which an event is dispatched in the browser.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{InvalidName, name_rule};

/// The prefix of control events, refused to everybody else.
pub(crate) const RESERVED_PREFIX: &str = "ll:";

/// The name of events that carry none.
const MESSAGE: &str = "message";

/// The name of an event: what `hx-sse="swap:<name>"` and `hx-trigger="sse:<name>"` listen to.
///
/// An event without a name is called `message`, as in the event-stream format (SSW-02); so
/// `message` is the [`Default`]. Names are compared exactly, case included (SSW-01).
///
/// ```
/// use leptos_live::EventName;
///
/// let name: EventName = "headline".parse()?;
/// assert_eq!(name.as_str(), "headline");
/// assert_eq!(EventName::default().as_str(), "message");
/// assert!("ll:gap".parse::<EventName>().is_err()); // reserved for control events
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct EventName(
    /// `None` is `message`, always: most events have this name, and it costs neither an allocation nor a count that
    /// publishers on several processors would pass to and fro.
    Option<Arc<str>>,
);

impl EventName {
    /// Checks and takes a name.
    ///
    /// # Errors
    /// [`InvalidName`] when the text is empty, too long, holds a control or invisible character,
    /// or begins with `ll:`.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidName> {
        let text = text.as_ref();
        name_rule::check("event name", text)?;
        if text.starts_with(RESERVED_PREFIX) {
            return Err(InvalidName::Reserved {
                kind: "event name",
                found: text.to_owned(),
            });
        }
        Ok(Self((text != MESSAGE).then(|| text.into())))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or(MESSAGE)
    }

    /// Whether this is `message`, the name of events that carry none.
    pub fn is_message(&self) -> bool {
        self.0.is_none()
    }
}

impl Ord for EventName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for EventName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for EventName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl TryFrom<&str> for EventName {
    type Error = InvalidName;

    fn try_from(text: &str) -> Result<Self, InvalidName> {
        Self::new(text)
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventName({:?})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, valid: bool) {
        assert_eq!(EventName::new(text).is_ok(), valid, "{text:?}");
    }

    #[test]
    fn s10_reserved_and_forging_names_are_refused() {
        check("headline", true);
        check("price update", true);
        check("Event1,Event2", true); // SSW-05: a comma is part of a name
        check("ll", true);
        check("ll:heartbeat", false);
        check("ll:anything", false);
        check("a\nevent: b", false);
        check("a\rb", false);
        check("a\0b", false);
    }

    #[test]
    fn the_name_of_events_without_one_is_a_name_like_others() {
        let written = EventName::new("message").unwrap();
        assert_eq!(written, EventName::default());
        assert!(written.is_message());
        assert_eq!(written.to_string(), "message");
        let mut names = ["news", "message", "alarm"].map(|name| EventName::new(name).unwrap());
        names.sort();
        assert_eq!(
            names.each_ref().map(EventName::as_str),
            ["alarm", "message", "news"]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_name_as_it_stands_or_none(text in any::<String>(), words in "(a|ll:|/|,| |\n|\r|\0|é){0,9}") {
            for text in [text, words] {
                if let Ok(name) = EventName::new(&text) {
                    prop_assert_eq!(name.as_str(), &*text);
                    prop_assert!(!text.is_empty() && !text.contains(char::is_control));
                }
            }
        }
    }
}
