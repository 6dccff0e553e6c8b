//! The value of `hx-select-oob`: which parts of a payload the receiver sends elsewhere.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::selector::{self, InQuotes};
use super::swap_oob::SwapOob;
use super::swap_style::SwapStyle;

const LANGUAGE: &str = "hx-select-oob";

/// `#alert, #log:beforeend`: elements of the payload that are placed out of band, each with the value that its own
/// `hx-swap-oob` would have (OOB-13).
///
/// A bare word is an id, as in htmx 1 and 2.
///
/// ```
/// use leptos_live::grammar::{SelectOob, SwapStyle};
///
/// let SelectOob(parts) = "#alert, #log:beforeend".parse()?;
/// assert_eq!(parts[1].selector, "#log");
/// assert_eq!(parts[1].place.spec.style, SwapStyle::BeforeEnd);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectOob(pub Vec<SelectedPart>);

/// One entry of [`SelectOob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedPart {
    /// What is taken out of the payload.
    pub selector: String,
    /// Where it goes, and how.
    pub place: SwapOob,
}

impl FromStr for SelectOob {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let mut parts = Vec::new();
        loop {
            let entry = selector::read_balanced(&mut cursor, |c| c == ',')?;
            parts.push(read_entry(&cursor, entry.trim())?);
            if !cursor.eat(",") {
                return Ok(Self(parts));
            }
        }
    }
}

fn read_entry(cursor: &Cursor<'_>, entry: Word<'_>) -> Result<SelectedPart, ParseError> {
    let (word, place) = match find_value(entry) {
        Some((word, value)) => (word, value.text.parse()?),
        None => (entry, SwapOob::default()),
    };
    let selector = selector::check(cursor, word)?;
    let is_id = selector
        .chars()
        .all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    Ok(SelectedPart {
        selector: if is_id { format!("#{selector}") } else { selector },
        place,
    })
}

/// A selector may hold colons itself, so the value begins at the first one outside of brackets that a style follows.
///
/// Only the word after each colon is looked at: reading on from each of them would take quadratic time.
fn find_value(entry: Word<'_>) -> Option<(Word<'_>, Word<'_>)> {
    let mut splits = selector::outer_colons(entry.text).map(|colon| {
        let (word, rest) = entry.split_after(colon);
        (word, rest.split_after(1).1)
    });
    splits.find(|(_, value)| begins_value(value.text))
}

fn begins_value(text: &str) -> bool {
    let mut words = text.trim_start().split(|c: char| c.is_whitespace() || c == ':');
    words
        .next()
        .is_some_and(|word| word == "true" || SwapStyle::named(word).is_some())
}

impl fmt::Display for SelectOob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, SelectedPart { selector, place }) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            match &place.selector {
                // In the short form a comma would end the entry.
                Some(targets) if targets.contains(',') => {
                    let targets = InQuotes(targets);
                    write!(f, "{separator}{selector}:{} target:{targets}", place.spec)?;
                }
                _ => write!(f, "{separator}{selector}:{place}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[(&str, &str)]) {
        let parts = expected.iter().map(|(selector, place)| SelectedPart {
            selector: (*selector).to_owned(),
            place: place.parse().unwrap(),
        });
        let expected = SelectOob(parts.collect());
        assert_eq!(input.parse(), Ok(expected.clone()), "{input:?}");
        assert_eq!(expected.to_string().parse(), Ok(expected), "printed {input:?}");
    }

    #[test]
    fn oob_13_entries() {
        check("#a", &[("#a", "true")]);
        check("a", &[("#a", "true")]);
        check("#a, #b:beforeend", &[("#a", "true"), ("#b", "beforeend")]);
        check("#a:true", &[("#a", "true")]);
        check(".x:hover", &[(".x:hover", "true")]);
        check(".x:hover:delete", &[(".x:hover", "delete")]);
        check("#a:innerHTML:#b", &[("#a", "innerHTML:#b")]);
        check("#a:delete:b, c", &[("#a", "delete:b"), ("#c", "true")]);
        check("#a:delete target:(b, c)", &[("#a", "delete:b, c")]);
        check("a[b=':true']:delete", &[("a[b=':true']", "delete")]);
        check("#a:beforeend settle:1s", &[("#a", "beforeend settle:1s")]);
        check(
            "p[title='a,b'], #c",
            &[("p[title='a,b']", "true"), ("#c", "true")],
        );
    }

    #[test]
    fn refusals() {
        for text in [
            "",
            ",",
            "#a,",
            "#a,,#b",
            "a[b",
            ":beforeend",
            "#a:beforeend b",
            "#a:true:b",
        ] {
            assert!(text.parse::<SelectOob>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_can_be_read_again(
            text in any::<String>(),
            fragments in "((#a|b|:|:|,|beforeend|innerHTML:|target:|settle:1s|\\(|\\)|'| |é|true){0,12})",
        ) {
            for text in [text, fragments] {
                if let Ok(parts) = text.parse::<SelectOob>() {
                    prop_assert_eq!(parts.to_string().parse(), Ok(parts));
                }
            }
        }
    }
}
