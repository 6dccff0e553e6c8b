//! The value of `hx-params`: which of an element's values are sent.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;

const LANGUAGE: &str = "hx-params";

/// Which values go along: `*`, `none`, `a, b`, `not a, b` (VAL-09).
///
/// ```
/// use leptos_live::grammar::Params;
///
/// let params: Params = "not token, trace".parse()?;
/// assert!(params.allows("text") && !params.allows("token"));
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Params {
    /// `*`: all of them.
    #[default]
    All,
    /// `none`: none at all.
    None,
    /// `a, b`: those with these names.
    Only(Vec<String>),
    /// `not a, b`: all but those with these names.
    Except(Vec<String>),
}

impl Params {
    /// Whether values of this name go along.
    pub fn allows(&self, name: &str) -> bool {
        let is_in = |names: &[String]| names.iter().any(|known| known == name);
        match self {
            Self::All => true,
            Self::None => false,
            Self::Only(names) => is_in(names),
            Self::Except(names) => !is_in(names),
        }
    }
}

/// Names between commas, which may hold anything but a comma.
fn read_names(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Vec<String>, ParseError> {
    let mut names = Vec::new();
    let mut offset = word.offset;
    for text in word.text.split(',') {
        let name = Word { text, offset }.trim();
        if name.text.is_empty() {
            return Err(cursor.error_at(name.offset, "the name of a value"));
        }
        names.push(name.text.to_owned());
        offset += text.len() + 1;
    }
    Ok(names)
}

impl FromStr for Params {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let word = cursor.remainder();
        let (first, rest) = word.split_first_blank();
        match word.text {
            "*" => Ok(Self::All),
            "none" => Ok(Self::None),
            _ if first.text == "not" => read_names(&cursor, rest).map(Self::Except),
            _ => read_names(&cursor, word).map(Self::Only),
        }
    }
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::None => f.write_str("none"),
            Self::Only(names) => f.write_str(&names.join(", ")),
            Self::Except(names) => write!(f, "not {}", names.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[track_caller]
    fn check(input: &str, expected: Params) {
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    #[test]
    fn val_09_values() {
        check("*", Params::All);
        check(" none ", Params::None);
        check("a", Params::Only(names(&["a"])));
        check("a,b , c d", Params::Only(names(&["a", "b", "c d"])));
        check("not a", Params::Except(names(&["a"])));
        check("not  a, b", Params::Except(names(&["a", "b"])));
        // Only a word of its own is a keyword.
        check("nota", Params::Only(names(&["nota"])));
        check("none, a", Params::Only(names(&["none", "a"])));
    }

    #[test]
    fn val_09_what_is_allowed() {
        for (params, expected) in [
            ("*", [true, true]),
            ("none", [false, false]),
            ("a", [true, false]),
            ("not a", [false, true]),
        ] {
            let params: Params = params.parse().unwrap();
            assert_eq!(["a", "b"].map(|name| params.allows(name)), expected, "{params}");
        }
    }

    #[test]
    fn refusals() {
        for (input, offset) in [("", 0), ("not", 3), ("a,", 2), ("a,,b", 2), ("not a, ", 6)] {
            let error = input.parse::<Params>().err();
            assert_eq!(error.map(|e| e.offset()), Some(offset), "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(
            kind in 0..4,
            names in prop::collection::vec("[a-z\\[\\]é.][a-z\\[\\] é-]{0,5}[a-z]", 1..4),
        ) {
            let params = match kind {
                0 => Params::All,
                1 => Params::None,
                2 => Params::Only(names),
                _ => Params::Except(names),
            };
            prop_assume!(params != Params::Only(vec!["none".to_owned()]));
            let begins_as_keyword = format!("{params} ").starts_with("not ");
            prop_assume!(!begins_as_keyword || matches!(params, Params::Except(_)));
            prop_assert_eq!(params.to_string().parse(), Ok(params));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), fragments in "((not|none|\\*|a|,| |é){0,9})") {
            let _ = text.parse::<Params>();
            let _ = fragments.parse::<Params>();
        }
    }
}
