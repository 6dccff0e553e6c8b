//! The `select_oob` prop.

use crate::grammar::SelectOob;

/// What goes elsewhere of what arrives: the text of `hx-select-oob`, or a [`SelectOob`].
///
/// It is the attribute's text, so that nobody links how one is written who says nothing. A text is read when a message
/// arrives: if it cannot be, `htmx:swapError` and a warning say what was expected and where, and the message is lost.
///
/// ```
/// use leptos_live::SelectOobText;
/// use leptos_live::grammar::SelectOob;
///
/// let text: SelectOobText = "#alert, #log:beforeend".into();
/// // The same, whose mistakes are found here.
/// let parts: SelectOob = "#alert, #log:beforeend".parse()?;
/// let checked: SelectOobText = parts.into();
/// # let _ = (text, checked);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOobText(String);

impl SelectOobText {
    /// The attribute's text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

impl From<&str> for SelectOobText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for SelectOobText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<SelectOob> for SelectOobText {
    fn from(parts: SelectOob) -> Self {
        Self(parts.to_string())
    }
}
