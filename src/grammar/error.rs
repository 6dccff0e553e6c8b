//! What a parser of this folder answers when a text is not in its language.
//!
//! An attribute is written by hand, far from the code that reads it, so the message has to point: what was
//! expected, what stands there, and where.

use std::borrow::Cow;
use std::fmt;

use super::hint;

/// Whether a complaint teaches as well: it shows the text, lists what there is to choose from, and guesses what was meant.
///
/// A browser's release build says what was expected, what was found and where, and no more, as every page would load those
/// texts and hardly anybody read them there.
pub(crate) const EXPLAINS: bool = cfg!(any(debug_assertions, not(target_family = "wasm")));

/// What was expected, with all there is to choose from where complaints explain.
pub(crate) const fn in_full(full: &'static str, short: &'static str) -> &'static str {
    if EXPLAINS { full } else { short }
}

/// A text that is not in the language it was read as.
///
/// The message says what was expected and what was found, then shows the text itself with a caret under the place,
/// and ends with a guess at what was meant, if there is a good one. In a browser's release build it is the first of these
/// alone, and there are no guesses.
///
/// ```
/// use leptos_live::grammar::SwapSpec;
///
/// let error = "innerHTML settle:soon".parse::<SwapSpec>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "hx-swap: expected a time such as 500ms, 1s or 1m, found `soon` at column 18\n\
///      innerHTML settle:soon\n\
///      \u{20}                ^"
/// );
/// let error = "innerhtml".parse::<SwapSpec>().unwrap_err();
/// assert_eq!(error.hint().as_deref(), Some("did you mean `innerHTML`?"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(Box<Complaint>);

/// In a box, as it is returned through many hands and hardly ever made.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Complaint {
    language: &'static str,
    input: String,
    offset: usize,
    expected: Cow<'static, str>,
    found: String,
}

impl ParseError {
    #[cold]
    pub(crate) fn new(
        language: &'static str,
        input: &str,
        offset: usize,
        expected: Cow<'static, str>,
        found: String,
    ) -> Self {
        Self(Box::new(Complaint {
            language,
            input: input.to_owned(),
            offset,
            expected,
            found,
        }))
    }

    /// The language that was read, named after its attribute: `hx-swap`, `hx-trigger`, …
    pub fn language(&self) -> &'static str {
        self.0.language
    }

    /// The whole text that was read.
    pub fn input(&self) -> &str {
        &self.0.input
    }

    /// Where the text stops making sense, in bytes from its start.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The same place counted in characters, starting with 1.
    pub fn column(&self) -> usize {
        self.before().chars().count() + 1
    }

    /// What would have been accepted at that place.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What stands at that place.
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// What the author probably meant. A browser's release build does not guess.
    pub fn hint(&self) -> Option<String> {
        if EXPLAINS {
            hint::of(self.language(), self.input(), self.offset())
        } else {
            None
        }
    }

    fn before(&self) -> &str {
        self.input().get(..self.offset()).unwrap_or(self.input())
    }

    /// Line breaks and tabs become blanks: the caret must stay under its character.
    fn line(&self) -> String {
        let letters = self.input().chars();
        letters.map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = self.column();
        let (language, expected, found) = (self.language(), self.expected(), self.found());
        write!(
            f,
            "{language}: expected {expected}, found {found} at column {column}"
        )?;
        if EXPLAINS {
            let caret = " ".repeat(column.saturating_sub(1)) + "^";
            write!(f, "\n{}\n{caret}", self.line())?;
        }
        match self.hint() {
            Some(hint) => write!(f, "\n{hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, offset: usize, expected: &str) {
        let error = ParseError::new("hx-test", input, offset, "a word".into(), "`x`".into());
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        check(
            "ab x",
            3,
            "hx-test: expected a word, found `x` at column 4\nab x\n   ^",
        );
        check("x", 0, "hx-test: expected a word, found `x` at column 1\nx\n^");
        check("", 0, "hx-test: expected a word, found `x` at column 1\n\n^");
    }

    #[test]
    fn columns_count_characters() {
        check(
            "äö x",
            5,
            "hx-test: expected a word, found `x` at column 4\näö x\n   ^",
        );
    }

    #[test]
    fn line_breaks_do_not_move_the_caret() {
        check(
            "a\n\tx",
            3,
            "hx-test: expected a word, found `x` at column 4\na  x\n   ^",
        );
    }

    #[test]
    fn an_offset_outside_the_text_is_its_end() {
        check(
            "ab",
            9,
            "hx-test: expected a word, found `x` at column 3\nab\n  ^",
        );
    }

    #[test]
    fn the_parts_can_be_read() {
        let error = ParseError::new("hx-test", "ab x", 3, "a word".into(), "`x`".into());
        assert_eq!(
            (error.language(), error.input(), error.offset()),
            ("hx-test", "ab x", 3)
        );
        assert_eq!(
            (error.column(), error.expected(), error.found()),
            (4, "a word", "`x`")
        );
    }
}
