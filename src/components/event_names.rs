//! The `event` prop: one name, several, or every one.

use crate::browser::connection::fetch_transport;
use crate::browser::consumers::ANY_NAME;

/// The names that a component listens to; `message` when none is given (SSW-03).
///
/// ```
/// use leptos_live::EventNames;
///
/// let one: EventNames = "headline".into();
/// let two: EventNames = ["headline", "ticker"].into();
/// let every = EventNames::any();
/// assert_eq!(one.iter().count() + two.iter().count(), 3);
/// assert_eq!(every.iter().collect::<Vec<_>>(), ["*"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventNames(Vec<String>);

impl EventNames {
    /// Every event, whatever its name; control events (`ll:…`) never.
    ///
    /// An `EventSource` tells only of names that it was asked for, so the source is then read by a request of our own,
    /// as with a [`StreamRequest`](crate::StreamRequest). In markup it is written `*`.
    ///
    /// DIFFERENCE: htmx has no such name (SSW-03).
    pub fn any() -> Self {
        fetch_transport::enter();
        Self(vec![ANY_NAME.to_owned()])
    }

    /// The names, in the order given.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Default for EventNames {
    fn default() -> Self {
        "message".into()
    }
}

impl From<&str> for EventNames {
    fn from(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }
}

impl From<String> for EventNames {
    fn from(name: String) -> Self {
        Self(vec![name])
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for EventNames {
    fn from(names: [S; N]) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<String>> From<Vec<S>> for EventNames {
    fn from(names: Vec<S>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{EventNames, SseSwap, SseTrigger};

    #[test]
    fn ssw_03_every_name_is_written_as_a_star() {
        assert_eq!(
            rendered(|| view! { <SseSwap event=EventNames::any()/> }),
            r#"<div hx-sse="swap:*"></div>"#
        );
        assert_eq!(
            rendered(|| view! { <SseTrigger event=EventNames::any() get="/g"/> }),
            r#"<div hx-trigger="sse:*" hx-get="/g"></div>"#
        );
    }
}
