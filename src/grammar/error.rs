//! What a parser of this folder answers when a text is not in its language.
//!
//! An attribute is written by hand, far from the code that reads it, so the message has to point: what was
//! expected, what stands there, and where.

use thiserror::Error;

use super::hint;

/// A text that is not in the language it was read as.
///
/// The message says what was expected and what was found, then shows the text itself with a caret under the place,
/// and ends with a guess at what was meant, if there is a good one.
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
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{language}: expected {expected}, found {found} at column {}\n{}\n{}{}",
    self.column(), self.line(), self.caret_line(), self.hint_line()
)]
#[non_exhaustive]
pub struct ParseError {
    language: &'static str,
    input: String,
    offset: usize,
    expected: String,
    found: String,
}

impl ParseError {
    pub(crate) fn new(
        language: &'static str,
        input: &str,
        offset: usize,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            language,
            input: input.to_owned(),
            offset,
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// The language that was read, named after its attribute: `hx-swap`, `hx-trigger`, …
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The whole text that was read.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// Where the text stops making sense, in bytes from its start.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The same place counted in characters, starting with 1.
    pub fn column(&self) -> usize {
        self.before().chars().count() + 1
    }

    /// What would have been accepted at that place.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What stands at that place.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What the author probably meant.
    pub fn hint(&self) -> Option<String> {
        hint::of(self.language, &self.input, self.offset)
    }

    fn hint_line(&self) -> String {
        self.hint().map(|hint| format!("\n{hint}")).unwrap_or_default()
    }

    fn before(&self) -> &str {
        self.input.get(..self.offset).unwrap_or(&self.input)
    }

    /// Line breaks and tabs become blanks: the caret must stay under its character.
    fn line(&self) -> String {
        self.input
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    }

    fn caret_line(&self) -> String {
        format!("{}^", " ".repeat(self.before().chars().count()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, offset: usize, expected: &str) {
        let error = ParseError::new("hx-test", input, offset, "a word", "`x`");
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
        let error = ParseError::new("hx-test", "ab x", 3, "a word", "`x`");
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
