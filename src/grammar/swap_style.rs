//! Where a payload goes in relation to its target.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::{ParseError, in_full};

const LANGUAGE: &str = "hx-swap";
pub(crate) const EXPECTED: &str = in_full(
    "a swap style (innerHTML, outerHTML, beforebegin, afterbegin, beforeend, afterend, delete, none, textContent, \
     innerMorph, outerMorph, outerSync)",
    "a swap style",
);

/// How a payload is put into or next to its target (SWP-01 to SWP-11).
///
/// ```
/// use leptos_live::grammar::SwapStyle;
///
/// assert_eq!("beforeend".parse(), Ok(SwapStyle::BeforeEnd));
/// assert_eq!("append".parse(), Ok(SwapStyle::BeforeEnd));
/// assert_eq!(SwapStyle::default().as_str(), "innerHTML");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SwapStyle {
    /// `innerHTML`: replace all children of the target (SWP-01). The default (SWP-14).
    #[default]
    InnerHtml,
    /// `outerHTML`: replace the target itself (SWP-02).
    OuterHtml,
    /// `beforebegin`, in htmx 4 `before`: insert before the target (SWP-03).
    BeforeBegin,
    /// `afterbegin`, in htmx 4 `prepend`: insert as the first children (SWP-04).
    AfterBegin,
    /// `beforeend`, in htmx 4 `append`: insert as the last children (SWP-05).
    BeforeEnd,
    /// `afterend`, in htmx 4 `after`: insert after the target (SWP-06).
    AfterEnd,
    /// `delete`: remove the target, whatever the payload says (SWP-07).
    Delete,
    /// `none`: leave the target alone; out-of-band parts are still placed (SWP-08).
    None,
    /// `textContent`: put the payload in as plain text, unparsed (SWP-09).
    TextContent,
    /// `innerMorph`: make the children of the target like those of the payload, and keep what is the same (SWP-10).
    ///
    /// Elements are matched by `id`, by `data-key` among siblings, by their content, and by their place. One that is
    /// kept keeps focus, caret, scroll position, typed text, playing media and whatever lives on it; one whose order
    /// changed is moved. `hx-morph-skip` on an element of the page leaves it as it is, `hx-morph-skip-children` leaves
    /// its children as they are, and `hx-preserve` in the payload keeps the page's element with the same id.
    /// What a user has entered stays while the payload repeats what it said about it. Children that Leptos has built in
    /// the browser are not kept, because their handlers need the owner that ends with the first swap; those that the
    /// server has rendered are.
    ///
    /// The app calls `attributes::enable_morphing` once.
    InnerMorph,
    /// `outerMorph`: make the target itself like the payload's element, and keep what is the same (SWP-10).
    ///
    /// Better than `outerHTML` wherever a component's own element is the target: Leptos keeps a handle to that
    /// element, and here it stays the same one. A payload with another tag replaces the target.
    ///
    /// The app calls `attributes::enable_morphing` once.
    OuterMorph,
    /// `outerSync`: give the target the attributes of the payload's element, and its children for all of its own (SWP-11).
    ///
    /// The app calls `attributes::enable_morphing` once.
    OuterSync,
}

/// Every style with the attribute's spelling, and the aliases of htmx 4 (SWP-12) after them.
const SPELLINGS: [(&str, SwapStyle); 16] = [
    ("innerHTML", SwapStyle::InnerHtml),
    ("outerHTML", SwapStyle::OuterHtml),
    ("beforebegin", SwapStyle::BeforeBegin),
    ("afterbegin", SwapStyle::AfterBegin),
    ("beforeend", SwapStyle::BeforeEnd),
    ("afterend", SwapStyle::AfterEnd),
    ("delete", SwapStyle::Delete),
    ("none", SwapStyle::None),
    ("textContent", SwapStyle::TextContent),
    ("innerMorph", SwapStyle::InnerMorph),
    ("outerMorph", SwapStyle::OuterMorph),
    ("outerSync", SwapStyle::OuterSync),
    ("before", SwapStyle::BeforeBegin),
    ("prepend", SwapStyle::AfterBegin),
    ("append", SwapStyle::BeforeEnd),
    ("after", SwapStyle::AfterEnd),
];

impl SwapStyle {
    /// The spelling that htmx 1 and 2 know; for the last three, which they do not have, that of htmx 4.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InnerHtml => "innerHTML",
            Self::OuterHtml => "outerHTML",
            Self::BeforeBegin => "beforebegin",
            Self::AfterBegin => "afterbegin",
            Self::BeforeEnd => "beforeend",
            Self::AfterEnd => "afterend",
            Self::Delete => "delete",
            Self::None => "none",
            Self::TextContent => "textContent",
            Self::InnerMorph => "innerMorph",
            Self::OuterMorph => "outerMorph",
            Self::OuterSync => "outerSync",
        }
    }

    /// Whether the payload's element stands for the target itself, and not for something in it or next to it.
    pub(crate) const fn is_outer(self) -> bool {
        matches!(self, Self::OuterHtml | Self::OuterMorph | Self::OuterSync)
    }

    /// Whether it keeps what is the same, or the target itself.
    pub(crate) fn keeps_nodes(self) -> bool {
        matches!(self, Self::InnerMorph | Self::OuterMorph | Self::OuterSync)
    }

    /// Every word that names a style.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        SPELLINGS.iter().map(|(name, _)| *name)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        SPELLINGS
            .iter()
            .find(|(spelling, _)| *spelling == name)
            .map(|(_, style)| *style)
    }

    /// DIFFERENCE: an unknown style is an error, where htmx 1 and 2 fall back to the default (SWP-13).
    pub(crate) fn read(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Self, ParseError> {
        Self::named(word.text).ok_or_else(|| cursor.error_at(word.offset, EXPECTED))
    }
}

impl FromStr for SwapStyle {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let word = cursor.remainder();
        Self::read(&cursor, word)
    }
}

impl fmt::Display for SwapStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn any_style() -> impl Strategy<Value = SwapStyle> {
        prop::sample::select(SPELLINGS.map(|(_, style)| style).to_vec())
    }

    #[track_caller]
    fn check(input: &str, style: SwapStyle, printed: &str) {
        assert_eq!(input.parse(), Ok(style), "{input:?}");
        assert_eq!(style.to_string(), printed);
    }

    #[test]
    fn styles() {
        check("innerHTML", SwapStyle::InnerHtml, "innerHTML"); // SWP-01
        check("outerHTML", SwapStyle::OuterHtml, "outerHTML"); // SWP-02
        check("beforebegin", SwapStyle::BeforeBegin, "beforebegin"); // SWP-03
        check("afterbegin", SwapStyle::AfterBegin, "afterbegin"); // SWP-04
        check("beforeend", SwapStyle::BeforeEnd, "beforeend"); // SWP-05
        check("afterend", SwapStyle::AfterEnd, "afterend"); // SWP-06
        check("delete", SwapStyle::Delete, "delete"); // SWP-07
        check(" none ", SwapStyle::None, "none"); // SWP-08
        check("textContent", SwapStyle::TextContent, "textContent"); // SWP-09
        check("innerMorph", SwapStyle::InnerMorph, "innerMorph"); // SWP-10
        check("outerMorph", SwapStyle::OuterMorph, "outerMorph"); // SWP-10
        check("outerSync", SwapStyle::OuterSync, "outerSync"); // SWP-11
    }

    #[test]
    fn styles_that_are_about_the_target_itself() {
        let outer: Vec<_> = SPELLINGS.iter().filter(|(_, style)| style.is_outer()).collect();
        let outer: Vec<_> = outer.into_iter().map(|(spelling, _)| *spelling).collect();
        assert_eq!(outer, ["outerHTML", "outerMorph", "outerSync"]);
    }

    #[test]
    fn aliases() {
        // SWP-12
        check("before", SwapStyle::BeforeBegin, "beforebegin");
        check("prepend", SwapStyle::AfterBegin, "afterbegin");
        check("append", SwapStyle::BeforeEnd, "beforeend");
        check("after", SwapStyle::AfterEnd, "afterend");
    }

    #[test]
    fn the_default_replaces_the_children() {
        assert_eq!(SwapStyle::default(), SwapStyle::InnerHtml); // SWP-14
    }

    #[test]
    fn refusals() {
        // DIFFERENCE: SWP-13.
        for input in [
            "",
            "innerhtml",
            "morph",
            "innermorph",
            "innerHTML outerHTML",
            "innerHTML:#a",
        ] {
            let error = input.parse::<SwapStyle>().err();
            assert_eq!(
                error.as_ref().map(ParseError::expected),
                Some(EXPECTED),
                "{input:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(style in any_style()) {
            prop_assert_eq!(style.to_string().parse(), Ok(style));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<SwapStyle>();
        }
    }
}
