//! The `event` prop: one name, several, or every one.

use std::borrow::Cow;

use leptos::prelude::Oco;

use crate::browser::connection::fetch_transport;
use crate::browser::consumers::ANY_NAME;
use crate::grammar::{Spelling, Written};

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
pub struct EventNames(Names);

/// One, as there mostly is, costs nothing beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Names {
    One(Oco<'static, str>),
    Several(Vec<Oco<'static, str>>),
}

impl EventNames {
    /// Every event, whatever its name; control events (`ll:…`) never.
    ///
    /// An `EventSource` tells only of names that it was asked for, so the source is then read by a request of our own,
    /// as with a [`StreamRequest`](crate::StreamRequest). In markup it is written `*`.
    ///
    /// DIFFERENCE: htmx has no such name (SSW-03).
    pub fn any() -> Self {
        fetch_transport::enter();
        ANY_NAME.into()
    }

    /// The names as they are written, which takes their texts where nobody else needs them.
    pub(super) fn written(self, spelling: Spelling) -> Written {
        match self.0 {
            Names::One(name) => spelling.sse_swap([Cow::from(name)]),
            Names::Several(_) => spelling.sse_swap(self.iter()),
        }
    }

    /// The names, in the order given.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let names = match &self.0 {
            Names::One(name) => std::slice::from_ref(name),
            Names::Several(names) => names,
        };
        names.iter().map(Oco::as_str)
    }
}

impl Default for EventNames {
    fn default() -> Self {
        "message".into()
    }
}

impl From<&'static str> for EventNames {
    fn from(name: &'static str) -> Self {
        Self(Names::One(Oco::Borrowed(name)))
    }
}

impl From<String> for EventNames {
    fn from(name: String) -> Self {
        Self(Names::One(Oco::Owned(name)))
    }
}

impl<S: Into<String>> FromIterator<S> for EventNames {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let names = names.into_iter().map(|name| Oco::Owned(name.into()));
        Self(Names::Several(names.collect()))
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for EventNames {
    fn from(names: [S; N]) -> Self {
        names.into_iter().collect()
    }
}

impl<S: Into<String>> From<Vec<S>> for EventNames {
    fn from(names: Vec<S>) -> Self {
        names.into_iter().collect()
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
