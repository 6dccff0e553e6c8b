//! The value of `hx-target`, and of everything else that names an element relative to another one.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::selector;

const LANGUAGE: &str = "hx-target";

/// Which element is meant, seen from the one that carries the attribute (TGT-01, TGT-02, TGT-05).
///
/// Selectors are kept without the hyperscript form `<sel/>` (TGT-06).
///
/// ```
/// use leptos_live::grammar::Target;
///
/// assert_eq!("closest li".parse(), Ok(Target::Closest("li".into())));
/// assert_eq!("next".parse(), Ok(Target::Next(None)));
/// assert_eq!("<#log/>".parse(), Ok(Target::Selector("#log".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `this`: the element that carries the attribute, also when it is inherited.
    This,
    /// `closest <sel>`: the nearest match upwards, itself included.
    Closest(String),
    /// `find <sel>`: the first match among its descendants.
    Find(String),
    /// `findAll <sel>`: every match among its descendants, where several elements may be meant; else as `find`.
    FindAll(String),
    /// `next`, also as `nextElementSibling`: the next sibling; `next <sel>`: the first match further down in the
    /// document.
    Next(Option<String>),
    /// `previous`, also as `previousElementSibling`: the sibling before; `previous <sel>`: the first match further
    /// up in the document.
    Previous(Option<String>),
    /// `body`: the body of the document.
    Body,
    /// `document`: the document, for listeners.
    Document,
    /// `window`: the window, for listeners.
    Window,
    /// `root`: the document, or the shadow root that the element stands in, for listeners.
    Root,
    /// `host`: the element whose shadow root it stands in.
    Host,
    /// `global <sel>`: a CSS selector, looked up in the whole document also from inside of a shadow root.
    Global(String),
    /// A CSS selector, looked up in the whole document, or in the shadow root that the element stands in.
    Selector(String),
}

/// The words that a selector may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Closest,
    Find,
    FindAll,
    Next,
    Previous,
    Global,
}

impl Relation {
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "closest" => Some(Self::Closest),
            "find" => Some(Self::Find),
            "findAll" => Some(Self::FindAll),
            "next" => Some(Self::Next),
            "previous" => Some(Self::Previous),
            "global" => Some(Self::Global),
            _ => None,
        }
    }

    pub(crate) fn with(self, selector: String) -> Target {
        match self {
            Self::Closest => Target::Closest(selector),
            Self::Find => Target::Find(selector),
            Self::FindAll => Target::FindAll(selector),
            Self::Next => Target::Next(Some(selector)),
            Self::Previous => Target::Previous(Some(selector)),
            Self::Global => Target::Global(selector),
        }
    }

    /// The meaning without a selector, for those that have one (TGT-02).
    pub(crate) fn alone(self) -> Option<Target> {
        match self {
            Self::Closest | Self::Find | Self::FindAll | Self::Global => None,
            Self::Next => Some(Target::Next(None)),
            Self::Previous => Some(Target::Previous(None)),
        }
    }
}

impl Target {
    /// Takes a target out of its word, which may hold blanks.
    pub(crate) fn read(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Self, ParseError> {
        let (first, rest) = word.split_first_blank();
        if let Some(relation) = Relation::named(first.text) {
            return match relation.alone() {
                Some(target) if rest.text.is_empty() => Ok(target),
                _ => Ok(relation.with(selector::check(cursor, rest)?)),
            };
        }
        match Self::named(word.text.trim()) {
            Some(target) => Ok(target),
            None => Ok(Self::Selector(selector::check(cursor, word)?)),
        }
    }

    fn named(word: &str) -> Option<Self> {
        match word {
            "this" => Some(Self::This),
            "body" => Some(Self::Body),
            "document" => Some(Self::Document),
            "window" => Some(Self::Window),
            "root" => Some(Self::Root),
            "host" => Some(Self::Host),
            "nextElementSibling" => Some(Self::Next(None)),
            "previousElementSibling" => Some(Self::Previous(None)),
            _ => None,
        }
    }

    /// The relation and its selector, if it is written as these two words.
    pub(crate) fn parts(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Closest(selector) => Some(("closest", selector)),
            Self::Find(selector) => Some(("find", selector)),
            Self::FindAll(selector) => Some(("findAll", selector)),
            Self::Next(Some(selector)) => Some(("next", selector)),
            Self::Previous(Some(selector)) => Some(("previous", selector)),
            Self::Global(selector) => Some(("global", selector)),
            _ => None,
        }
    }
}

/// True for a selector that would be read as one of the keywords.
fn reads_as_keyword(selector: &str) -> bool {
    let first = selector.split_whitespace().next().unwrap_or_default();
    Target::named(selector).is_some() || Relation::named(first).is_some()
}

impl FromStr for Target {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let word = cursor.remainder();
        Self::read(&cursor, word)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((relation, selector)) = self.parts() {
            return write!(f, "{relation} {selector}");
        }
        f.write_str(match self {
            Self::This => "this",
            Self::Next(_) => "next",
            Self::Previous(_) => "previous",
            Self::Body => "body",
            Self::Document => "document",
            Self::Window => "window",
            Self::Root => "root",
            Self::Host => "host",
            Self::Selector(selector) if reads_as_keyword(selector) => return write!(f, "<{selector}/>"),
            Self::Selector(selector)
            | Self::Closest(selector)
            | Self::Find(selector)
            | Self::FindAll(selector)
            | Self::Global(selector) => selector,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::super::selector::tests::any_selector;
    use super::*;

    pub(crate) fn any_target() -> BoxedStrategy<Target> {
        let keyword = "(closest|find|findAll|next|previous|this|body|document|window|root|host|global)( x)?";
        prop_oneof![
            Just(Target::This),
            Just(Target::Body),
            Just(Target::Document),
            Just(Target::Window),
            Just(Target::Root),
            Just(Target::Host),
            any_selector().prop_map(Target::Closest),
            any_selector().prop_map(Target::Find),
            any_selector().prop_map(Target::FindAll),
            any_selector().prop_map(Target::Global),
            prop::option::of(any_selector()).prop_map(Target::Next),
            prop::option::of(any_selector()).prop_map(Target::Previous),
            any_selector().prop_map(Target::Selector),
            keyword.prop_map(Target::Selector),
        ]
        .boxed()
    }

    fn text(selector: &str) -> String {
        selector.to_owned()
    }

    #[track_caller]
    fn check(input: &str, expected: Target) {
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    #[test]
    fn tgt_01_tgt_02_tgt_05_targets() {
        // TGT-01
        check("this", Target::This);
        check("#log", Target::Selector(text("#log")));
        check("ul > li, ol", Target::Selector(text("ul > li, ol")));
        check("closest li", Target::Closest(text("li")));
        check("find .a .b", Target::Find(text(".a .b")));
        // TGT-02
        check("next", Target::Next(None));
        check(" next  .error ", Target::Next(Some(text(".error"))));
        check("previous", Target::Previous(None));
        check("previous\n.error", Target::Previous(Some(text(".error"))));
        // TGT-05
        check("body", Target::Body);
        check("document", Target::Document);
        check("window", Target::Window);
        check("root", Target::Root);
        check("host", Target::Host);
        check("findAll .a", Target::FindAll(text(".a")));
        check("global #a .b", Target::Global(text("#a .b")));
        check("nextElementSibling", Target::Next(None));
        check("previousElementSibling", Target::Previous(None));
        // Only whole words are keywords.
        check("nextish", Target::Selector(text("nextish")));
        check("body .a", Target::Selector(text("body .a")));
    }

    #[test]
    fn tgt_06_hyperscript_selectors() {
        check("<#log/>", Target::Selector(text("#log")));
        check("< .a .b />", Target::Selector(text(".a .b")));
        check("closest <li/>", Target::Closest(text("li")));
        check("next <li/>", Target::Next(Some(text("li"))));
        check("<body/>", Target::Selector(text("body")));
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize) {
        assert_eq!(
            input.parse::<Target>().err().map(|e| e.offset()),
            Some(offset),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        check_error("", 0);
        check_error("  ", 2);
        check_error("closest", 7);
        check_error("find ", 4);
        check_error("findAll", 7);
        check_error("global", 6);
        check_error("<>", 0);
        check_error("closest <li", 8);
        check_error("a[b", 3);
        check_error("next a)", 6);
    }

    #[track_caller]
    fn check_print(input: Target, expected: &str) {
        assert_eq!(input.to_string(), expected);
    }

    #[test]
    fn canonical_text() {
        check_print(Target::Next(Some(text("li"))), "next li");
        check_print(Target::Selector(text("#a .b")), "#a .b");
        check_print(Target::Selector(text("body")), "<body/>");
        check_print(Target::Selector(text("next li")), "<next li/>");
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(target in any_target()) {
            prop_assert_eq!(target.to_string().parse(), Ok(target));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((closest|next|find|this|#a|\\(|\\]|<|/>|,| |é){0,9})",
        ) {
            let _ = text.parse::<Target>();
            let _ = fragments.parse::<Target>();
        }
    }
}
