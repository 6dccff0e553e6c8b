//! The `swap` prop.

use crate::grammar::SwapSpec;

/// How something is put into its target: a [`SwapStyle`](crate::SwapStyle) or a [`SwapSpec`].
///
/// It is written as `hx-swap` at once, so that nobody links how who says nothing.
///
/// ```
/// use leptos_live::{SwapStyle, SwapText};
///
/// let at_the_end: SwapText = SwapStyle::BeforeEnd.into();
/// # let _ = at_the_end;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapText {
    text: String,
    names_target: bool,
}

impl SwapText {
    /// Whether it says where, besides how.
    pub(super) fn names_target(&self) -> bool {
        self.names_target
    }

    /// The attribute's text.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

impl<T: Into<SwapSpec>> From<T> for SwapText {
    fn from(spec: T) -> Self {
        let spec = spec.into();
        Self {
            text: spec.to_string(),
            names_target: spec.target.is_some(),
        }
    }
}
