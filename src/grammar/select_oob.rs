//! The value of `hx-select-oob`: which parts of a payload the receiver sends elsewhere.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::selector;
use super::swap_oob::SwapOob;

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

/// A selector may hold colons itself, so the value begins at the first one after which a value can be read.
fn read_entry(cursor: &Cursor<'_>, entry: Word<'_>) -> Result<SelectedPart, ParseError> {
    let colons = entry.text.match_indices(':').map(|(at, _)| at);
    let split = colons.filter_map(|at| {
        let (selector, value) = (entry.text.get(..at)?, entry.text.get(at + 1..)?);
        let place = value
            .parse::<SwapOob>()
            .ok()
            .filter(|_| !value.trim().is_empty())?;
        Some((
            Word {
                text: selector,
                ..entry
            },
            place,
        ))
    });
    let (word, place) = split.take(1).next().unwrap_or((entry, SwapOob::default()));
    let selector = selector::check(cursor, word)?;
    let is_id = selector
        .chars()
        .all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    Ok(SelectedPart {
        selector: if is_id { format!("#{selector}") } else { selector },
        place,
    })
}

impl fmt::Display for SelectOob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, SelectedPart { selector, place }) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{selector}:{place}")?;
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
        check("#a:beforeend settle:1s", &[("#a", "beforeend settle:1s")]);
        check(
            "p[title='a,b'], #c",
            &[("p[title='a,b']", "true"), ("#c", "true")],
        );
    }

    #[test]
    fn refusals() {
        for text in ["", ",", "#a,", "#a,,#b", "a[b", ":beforeend"] {
            assert!(text.parse::<SelectOob>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), fragments in "((#a|:|,|beforeend|\\(| |é|true){0,12})") {
            let _ = text.parse::<SelectOob>();
            let _ = fragments.parse::<SelectOob>();
        }
    }
}
