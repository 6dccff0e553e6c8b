//! CSS selectors as parts of other languages: where one ends, and how one is written so that it can be read
//! again.
//!
//! Whether a selector is valid CSS only the browser can say. This file checks what it needs itself: that
//! brackets and quotation marks are closed, because otherwise the end of the selector would be a guess.

use std::fmt;

use super::cursor::{Cursor, Word};
use super::error::ParseError;

/// Reads a selector inside a list of words: bare up to a blank or comma, or in parentheses, braces or
/// quotation marks (TRG-05, OOB-11).
///
/// DIFFERENCE: htmx ends a bare selector at every blank or comma and a bracketed one at the first closing
/// bracket, so that it cuts `input[name="a b"]` and `(ul :not(.x))`. Here nested brackets and strings belong
/// to the selector.
pub(crate) fn read_word(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let word = read_raw_word(cursor)?;
    check(cursor, word)
}

/// As [`read_word`], but the text is given as it stands, for callers that look for keywords in it first.
pub(crate) fn read_raw_word<'a>(cursor: &mut Cursor<'a>) -> Result<Word<'a>, ParseError> {
    let opener = cursor.peek();
    match opener {
        Some(open @ ('(' | '{')) => {
            let close = if open == '(' { ')' } else { '}' };
            cursor.bump();
            let word = read_balanced(cursor, |c| c == close)?;
            close_with(cursor, close)?;
            Ok(word)
        }
        Some(quote @ ('"' | '\'')) => {
            cursor.bump();
            let word = cursor.take_until(|c| c == quote);
            close_with(cursor, quote)?;
            Ok(word)
        }
        _ => read_balanced(cursor, ends_bare_word),
    }
}

fn close_with(cursor: &mut Cursor<'_>, close: char) -> Result<(), ParseError> {
    if cursor.bump() == Some(close) {
        Ok(())
    } else {
        Err(cursor.error(format!("a closing `{close}`")))
    }
}

/// Reads up to the first character outside all brackets and strings that `stop` names.
pub(crate) fn read_balanced<'a>(
    cursor: &mut Cursor<'a>,
    stop: impl Fn(char) -> bool,
) -> Result<Word<'a>, ParseError> {
    match balanced_length(cursor.rest(), stop) {
        Ok(length) => Ok(cursor.take(length)),
        Err(unbalanced) => Err(unbalanced.error(cursor, cursor.offset())),
    }
}

/// How far a part of a word goes: up to the first character outside all brackets and strings that `stop` names.
pub(crate) fn length_up_to(
    cursor: &Cursor<'_>,
    word: Word<'_>,
    stop: impl Fn(char) -> bool,
) -> Result<usize, ParseError> {
    balanced_length(word.text, stop).map_err(|unbalanced| unbalanced.error(cursor, word.offset))
}

/// Where the colons stand outside all brackets and strings, up to the first place where those stop matching.
pub(crate) fn outer_colons(text: &str) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let at = balanced_length(rest, |c| c == ':')
            .ok()
            .filter(|at| *at < rest.len())?;
        let colon = from + at;
        from = colon + 1;
        Some(colon)
    })
}

/// True if a comma in the selector would end it where commas separate.
pub(crate) fn is_list(selector: &str) -> bool {
    balanced_length(selector, |c| c == ',').is_ok_and(|length| length < selector.len())
}

/// Takes a selector out of its word: trimmed, without the hyperscript form `<sel/>` (TGT-06), not empty, all
/// brackets closed. No selector has a `<` outside of them, which is where another one would begin.
pub(crate) fn check(cursor: &Cursor<'_>, word: Word<'_>) -> Result<String, ParseError> {
    let mut bare = word.trim();
    if let Some(inner) = bare.text.strip_prefix('<') {
        let text = inner
            .strip_suffix("/>")
            .ok_or_else(|| cursor.error_at(word.offset, "a selector, or one written as `<selector/>`"))?;
        bare = Word {
            text,
            offset: bare.offset + 1,
        }
        .trim();
    }
    let Word { text, offset: start } = bare;
    if text.is_empty() || text.starts_with('<') {
        return Err(cursor.error_at(word.offset, "a selector"));
    }
    match balanced_length(text, |c| c == '<') {
        Ok(length) if length == text.len() => Ok(text.to_owned()),
        Ok(length) => Err(cursor.error_at(start + length, "a selector without `<` in it")),
        Err(unbalanced) => Err(unbalanced.error(cursor, start)),
    }
}

fn ends_bare_word(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// Where brackets or strings stop matching, counted from the start of the text looked at.
struct Unbalanced {
    at: usize,
    missing: Option<char>,
}

impl Unbalanced {
    fn error(&self, cursor: &Cursor<'_>, start: usize) -> ParseError {
        let expected = match self.missing {
            Some('\\') => "a character after the `\\`".to_owned(),
            Some(closer) => format!("a closing `{closer}`"),
            None => "a selector without a stray closing bracket".to_owned(),
        };
        cursor.error_at(start + self.at, expected)
    }
}

/// The length of `text` up to the first character outside all brackets and strings that `stop` names.
fn balanced_length(text: &str, stop: impl Fn(char) -> bool) -> Result<usize, Unbalanced> {
    let mut open: Vec<char> = Vec::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let in_string = matches!(open.last(), Some('"' | '\''));
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if open.last() == Some(&c) => {
                open.pop();
            }
            _ if in_string => {}
            _ if open.is_empty() && stop(c) => return Ok(at),
            '"' | '\'' => open.push(c),
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => {
                return Err(Unbalanced {
                    at,
                    missing: open.pop(),
                });
            }
            _ => {}
        }
    }
    let missing = if escaped { Some('\\') } else { open.pop() };
    match missing {
        None => Ok(text.len()),
        Some(_) => Err(Unbalanced {
            at: text.len(),
            missing,
        }),
    }
}

/// True if [`read_word`] reads the bare text as exactly this selector.
fn can_stand_bare(selector: &str) -> bool {
    !selector.starts_with(['(', '{', '"', '\''])
        && balanced_length(selector, ends_bare_word).is_ok_and(|length| length == selector.len())
}

/// Prints a selector so that [`read_word`] reads it again, in parentheses where it needs any.
pub(crate) struct InParentheses<'a>(pub(crate) &'a str);

impl fmt::Display for InParentheses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if can_stand_bare(self.0) {
            f.write_str(self.0)
        } else {
            write!(f, "({})", self.0)
        }
    }
}

/// The same with quotation marks, as htmx 4 writes it in `hx-swap-oob`.
pub(crate) struct InQuotes<'a>(pub(crate) &'a str);

impl fmt::Display for InQuotes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if can_stand_bare(self.0) {
            f.write_str(self.0)
        } else if !self.0.contains('"') {
            write!(f, "\"{}\"", self.0)
        } else if !self.0.contains('\'') {
            write!(f, "'{}'", self.0)
        } else {
            write!(f, "({})", self.0)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Selectors of all the shapes that matter to a reader: nested brackets, strings, escapes, lists.
    pub(crate) fn any_selector() -> BoxedStrategy<String> {
        let simple = prop_oneof![
            "[a-z]{1,4}",
            "#[a-z]{1,4}",
            r#"\[[a-z]="[ ,:()a-z']{0,4}"\]"#,
            r"\[[a-z]='[ ,:\]a-z]{0,4}'\]",
            r":not\([a-z], \.[a-z]\)",
            r"#a\\[ :,)]b",
            "once|next|closest|window|body|none|this|delay:1s",
        ];
        (simple.clone(), prop_oneof!["", " ", " > ", ", "], simple)
            .prop_map(|(left, between, right)| format!("{left}{between}{right}"))
            .boxed()
    }

    #[track_caller]
    fn check_read(input: &str, expected: &str, rest: &str) {
        let mut cursor = Cursor::new("hx-test", input);
        assert_eq!(read_word(&mut cursor), Ok(expected.to_owned()), "{input:?}");
        assert_eq!(cursor.rest(), rest, "{input:?}");
    }

    #[test]
    fn words() {
        check_read("#a", "#a", "");
        check_read("#a once", "#a", " once");
        check_read("#a, click", "#a", ", click");
        check_read("(#a .b) once", "#a .b", " once"); // TRG-05
        check_read("{#a .b} once", "#a .b", " once");
        check_read("\"#a .b\" once", "#a .b", " once"); // OOB-11
        check_read("'#a .b' once", "#a .b", " once");
        check_read("( #a )", "#a", "");
        check_read("<#a/> once", "#a", " once"); // TGT-06
        check_read("(<#a .b/>)", "#a .b", "");
        check_read(r"#a\ b c", r"#a\ b", " c");
        // DIFFERENCE: nested brackets and strings.
        check_read("(ul :not(.x)) once", "ul :not(.x)", " once");
        check_read(":is(a, b) once", ":is(a, b)", " once");
        check_read("[name=\"a b\"] once", "[name=\"a b\"]", " once");
        check_read("([name=\")\"] b)", "[name=\")\"] b", "");
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize, expected: &str) {
        let error = read_word(&mut Cursor::new("hx-test", input)).err();
        assert_eq!(
            error.map(|e| (e.offset(), e.expected().to_owned())),
            Some((offset, expected.to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        check_error("", 0, "a selector");
        check_error("()", 1, "a selector");
        check_error("</>", 0, "a selector");
        check_error("<<a/>/>", 0, "a selector");
        check_error("<a", 0, "a selector, or one written as `<selector/>`");
        check_error("(a <b, c/>)", 3, "a selector without `<` in it");
        check_error("(<a/>, <b/>)", 7, "a selector without `<` in it");
        check_error("(a", 2, "a closing `)`");
        check_error("{a", 2, "a closing `}`");
        check_error("'a", 2, "a closing `'`");
        check_error("a[b", 3, "a closing `]`");
        check_error("a[b)", 3, "a closing `]`");
        check_error("a)", 1, "a selector without a stray closing bracket");
        check_error("a\\", 2, "a character after the `\\`");
        check_error("'a(b'", 4, "a closing `)`");
    }

    #[test]
    fn colons_outside_of_everything() {
        for (text, expected) in [
            ("", &[][..]),
            ("a:b::c", &[1, 3, 4]),
            ("a:is(b:c):d", &[1, 9]),
            ("[a=':']:é:", &[7, 10]),
            ("a\\:b:c", &[4]),
            ("a:b[c:d", &[1]),
        ] {
            assert_eq!(outer_colons(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(selector in any_selector()) {
            for text in [InParentheses(&selector).to_string(), InQuotes(&selector).to_string()] {
                let mut cursor = Cursor::new("hx-test", &text);
                prop_assert_eq!(read_word(&mut cursor), Ok(selector.clone()));
                prop_assert!(cursor.at_end());
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), fragments in r#"[(){}\[\]"'\\<>/a, é]{0,20}"#) {
            let _ = read_word(&mut Cursor::new("hx-test", &text));
            let _ = read_word(&mut Cursor::new("hx-test", &fragments));
        }
    }
}
