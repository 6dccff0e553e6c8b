//! The `event` prop: one name or several.

/// The names that a component listens to; `message` when none is given (SSW-03).
///
/// ```
/// use leptos_live::EventNames;
///
/// let one: EventNames = "headline".into();
/// let two: EventNames = ["headline", "ticker"].into();
/// assert_eq!(one.iter().count() + two.iter().count(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventNames(Vec<String>);

impl EventNames {
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
