//! The `select_oob` prop.

use crate::grammar::SelectOob;

/// What goes elsewhere of what arrives: a [`SelectOob`].
///
/// It is written as `hx-select-oob` at once, so that nobody links how who says nothing.
///
/// ```
/// use leptos_live::SelectOobText;
/// use leptos_live::grammar::SelectOob;
///
/// let parts: SelectOob = "#alert, #log:beforeend".parse()?;
/// let text: SelectOobText = parts.into();
/// # let _ = text;
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

impl<T: Into<SelectOob>> From<T> for SelectOobText {
    fn from(parts: T) -> Self {
        Self(parts.into().to_string())
    }
}
