//! The value of `sse-swap`: the names of the messages that an element swaps in.

use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use super::error::ParseError;

const LANGUAGE: &str = "sse-swap";

/// The names in `sse-swap="headline, ticker"`, between commas, without the blanks around them (SSW-04).
///
/// DIFFERENCE: an empty name is an error, where htmx listens for it in vain; one comma too many at the end is forgiven.
///
/// ```
/// use leptos_live::grammar::SseSwapNames;
///
/// let names: SseSwapNames = "headline, ticker".parse()?;
/// assert_eq!(names.0, ["headline", "ticker"]);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseSwapNames(
    /// The names in the order in which they were written. One that holds a comma cannot be written in the attribute.
    pub Vec<String>,
);

impl FromStr for SseSwapNames {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let mut names = Vec::new();
        loop {
            let name = cursor.take_until(|c| c == ',').trim();
            if name.text.is_empty() {
                return Err(cursor.error_at(name.offset, "the name of a message"));
            }
            names.push(name.text.to_owned());
            cursor.eat(",");
            cursor.skip_blanks();
            if cursor.at_end() {
                return Ok(Self(names));
            }
        }
    }
}

impl fmt::Display for SseSwapNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[&str]) {
        let expected = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(input.parse(), Ok(SseSwapNames(expected)), "{input:?}");
    }

    #[test]
    fn ssw_04_names_between_commas() {
        check("a", &["a"]);
        check("a,b", &["a", "b"]);
        check(" a ,\n\tb ", &["a", "b"]);
        check("chat:new", &["chat:new"]);
        // A blank inside belongs to the name, as in htmx.
        check("a b, c", &["a b", "c"]);
        check("a, b,", &["a", "b"]);
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize) {
        let error = input.parse::<SseSwapNames>().err();
        let found = error.map(|error| (error.offset(), error.expected().to_owned()));
        assert_eq!(
            found,
            Some((offset, "the name of a message".to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        // DIFFERENCE: htmx listens for messages without a name.
        check_error("", 0);
        check_error("  ", 2);
        check_error(",a", 0);
        check_error("a,,b", 2);
        check_error("a, ,b", 3);
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(names in prop::collection::vec("[a-zA-Z0-9:/. äß-]{0,6}[a-z]", 1..5)) {
            let names = SseSwapNames(names.iter().map(|name| name.trim().to_owned()).collect());
            prop_assert_eq!(names.to_string().parse(), Ok(names));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), fragments in "((,|a| |é){0,9})") {
            let _ = text.parse::<SseSwapNames>();
            let _ = fragments.parse::<SseSwapNames>();
        }
    }
}
