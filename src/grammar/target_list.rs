//! Several targets between commas: the value of `hx-include`, `hx-indicator` and `hx-disabled-elt`, and what
//! `from:` names.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::selector;
use super::target::Target;

const LANGUAGE: &str = "target list";

/// Elements by several ways of naming them: `closest form, #filters, findAll .extra` (TGT-05, VAL-06).
///
/// A comma inside of brackets, strings or `<sel/>` separates nothing.
///
/// ```
/// use leptos_live::grammar::{Target, TargetList};
///
/// let list: TargetList = "inherit, closest form, <#a, #b/>".parse()?;
/// assert!(list.inherits);
/// assert_eq!(list.targets, [Target::Closest("form".into()), Target::Selector("#a, #b".into())]);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetList {
    /// What is named, as it was written.
    pub targets: Vec<Target>,
    /// `inherit`: what the same attribute says further up counts as well.
    pub inherits: bool,
}

const INHERIT: &str = "inherit";

impl TargetList {
    /// Reads the value of an attribute, so that errors name it.
    ///
    /// # Errors
    /// [`ParseError`] for an empty part and for a selector whose brackets or strings are not closed.
    pub fn parse_as(language: &'static str, text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(language, text);
        let word = cursor.remainder();
        Self::read(&cursor, word)
    }

    /// Takes a list out of its word, which may hold blanks and commas.
    pub(crate) fn read(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Self, ParseError> {
        let mut list = Self::default();
        let mut rest = Some(word);
        while let Some(word) = rest {
            let (part, after) = word.split_after(part_length(cursor, word)?);
            match part.trim() {
                Word { text: INHERIT, .. } => list.inherits = true,
                part => list.targets.push(Target::read(cursor, part)?),
            }
            rest = (!after.text.is_empty()).then(|| after.split_after(1).1);
        }
        Ok(list)
    }
}

/// The length up to the comma that ends the first part.
fn part_length(cursor: &Cursor<'_>, word: Word<'_>) -> Result<usize, ParseError> {
    let mut length = 0;
    loop {
        let (_, rest) = word.split_after(length);
        length += selector::length_up_to(cursor, rest, |c| matches!(c, ',' | '<'))?;
        let (_, rest) = word.split_after(length);
        if !rest.text.starts_with('<') {
            return Ok(length);
        }
        length += length_of_bracketed(cursor, rest)?;
    }
}

/// The length of `<selector/>`, whose end is not looked for in strings. What is not closed is the selector's to refuse.
fn length_of_bracketed(cursor: &Cursor<'_>, word: Word<'_>) -> Result<usize, ParseError> {
    let mut length = "<".len();
    loop {
        let (_, rest) = word.split_after(length);
        let before = selector::length_up_to(cursor, rest, |c| c == '/')?;
        let (_, rest) = rest.split_after(before);
        length += before;
        if rest.text.is_empty() {
            return Ok(length);
        }
        let is_end = rest.text.starts_with("/>");
        length += if is_end { "/>".len() } else { "/".len() };
        if is_end {
            return Ok(length);
        }
    }
}

/// Prints targets between commas so that [`TargetList::read`] reads them again.
pub(crate) struct InList<'a>(pub(crate) &'a [Target]);

impl fmt::Display for InList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, target) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            match (target.parts(), target) {
                (Some((relation, selector)), _) if selector::is_list(selector) => {
                    write!(f, "{relation} <{selector}/>")?;
                }
                (None, Target::Selector(selector)) if selector::is_list(selector) || selector == INHERIT => {
                    write!(f, "<{selector}/>")?;
                }
                _ => write!(f, "{target}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for TargetList {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_as(LANGUAGE, text)
    }
}

impl fmt::Display for TargetList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.targets.is_empty() { "" } else { ", " };
        if self.inherits {
            write!(f, "{INHERIT}{separator}")?;
        }
        write!(f, "{}", InList(&self.targets))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::super::target::tests::any_target;
    use super::*;

    pub(crate) fn any_targets() -> impl Strategy<Value = Vec<Target>> {
        prop::collection::vec(any_target(), 1..4)
    }

    #[track_caller]
    fn check<const N: usize>(input: &str, inherits: bool, expected: [Target; N]) {
        let expected = TargetList {
            targets: expected.into(),
            inherits,
        };
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    fn selector(text: &str) -> Target {
        Target::Selector(text.to_owned())
    }

    #[test]
    fn tgt_05_val_06_lists() {
        check("#a", false, [selector("#a")]);
        check(
            " this , closest form ",
            false,
            [Target::This, Target::Closest("form".to_owned())],
        );
        check(
            "next,previous .a,findAll .b",
            false,
            [
                Target::Next(None),
                Target::Previous(Some(".a".to_owned())),
                Target::FindAll(".b".to_owned()),
            ],
        );
        check("inherit", true, []);
        check("inherit, #a", true, [selector("#a")]);
        check("#a,inherit", true, [selector("#a")]);
        // A comma that separates nothing.
        check(":is(a, b), c", false, [selector(":is(a, b)"), selector("c")]);
        check(
            "[name='a,b'], c",
            false,
            [selector("[name='a,b']"), selector("c")],
        );
        check("<a, b/>, c", false, [selector("a, b"), selector("c")]);
        check(
            "closest <a, b/>, c",
            false,
            [Target::Closest("a, b".to_owned()), selector("c")],
        );
        check(
            "<[a='/>'], b/>, c",
            false,
            [selector("[a='/>'], b"), selector("c")],
        );
    }

    #[test]
    fn what_was_read_can_be_written() {
        // A list inside of a selector was taken for a part of it, which could not be written.
        check_error("a <b, c/>", 2);
        check_error("<a <b, c/>/>", 3);
        for text in ["<[a='/>'], b/>, c", "closest <a, '/>'/>", "<inherit/>, inherit"] {
            let list: TargetList = text.parse().unwrap();
            assert_eq!(list.to_string().parse(), Ok(list), "{text}");
        }
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize) {
        let error = TargetList::parse_as("hx-include", input).err();
        assert_eq!(
            error.as_ref().map(|e| (e.language(), e.offset())),
            Some(("hx-include", offset)),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        check_error("", 0);
        check_error("#a,", 3);
        check_error(",#a", 0);
        check_error("#a, closest", 11);
        check_error("#a, b[c", 7);
        check_error("<a, b", 0);
    }

    #[test]
    fn a_megabyte_is_read_at_once() {
        for part in ["#a,", "<b/>,", "closest <a, b/>,", ":is(a,b) ,"] {
            let text = part.repeat(1_000_000 / part.len()) + "c";
            assert!(text.parse::<TargetList>().is_ok(), "{part}");
        }
        for text in [
            "<".repeat(1_000_000),
            "(".repeat(1_000_000),
            "a<b".repeat(300_000),
            "<a/".repeat(300_000),
        ] {
            assert!(text.parse::<TargetList>().is_err());
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(targets in any_targets(), inherits in any::<bool>()) {
            let list = TargetList { targets, inherits };
            prop_assert_eq!(list.to_string().parse(), Ok(list));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((closest|next|inherit|this|#a|\\(|\\]|<|/>|,| |é){0,12})",
        ) {
            let _ = text.parse::<TargetList>();
            let _ = fragments.parse::<TargetList>();
        }
    }
}
