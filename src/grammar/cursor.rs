//! The reader that all parsers of this folder share: a text, a place in it, and errors that know both.

use std::borrow::Cow;

use super::error::ParseError;

/// A text and how far it has been read.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    language: &'static str,
    input: &'a str,
    offset: usize,
}

/// A part of the text that remembers where it stood, so that a later complaint about it can point there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) offset: usize,
}

/// An error quotes at most this many characters of what it found.
const QUOTED: usize = 40;

impl<'a> Cursor<'a> {
    pub(crate) fn new(language: &'static str, input: &'a str) -> Self {
        Self {
            language,
            input,
            offset: 0,
        }
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.from(self.offset)
    }

    fn from(&self, offset: usize) -> &'a str {
        self.input.get(offset..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn at_end(&self) -> bool {
        self.rest().is_empty()
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.offset += next.len_utf8();
        Some(next)
    }

    /// Steps over `text` if it stands here.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let here = self.rest().starts_with(text);
        if here {
            self.offset += text.len();
        }
        here
    }

    pub(crate) fn skip_blanks(&mut self) {
        self.take_until(|c| !c.is_whitespace());
    }

    /// Reads up to the first character that `stop` names, or to the end.
    pub(crate) fn take_until(&mut self, stop: impl Fn(char) -> bool) -> Word<'a> {
        let rest = self.rest();
        self.take(rest.find(stop).unwrap_or(rest.len()))
    }

    /// Reads `length` bytes; the caller got the number from the text itself.
    pub(crate) fn take(&mut self, length: usize) -> Word<'a> {
        let word = Word {
            text: self.rest().get(..length).unwrap_or_default(),
            offset: self.offset,
        };
        self.offset += word.text.len();
        word
    }

    /// The next word between blanks, or nothing at the end of the text.
    pub(crate) fn word(&mut self) -> Option<Word<'a>> {
        self.skip_blanks();
        (!self.at_end()).then(|| self.take_until(char::is_whitespace))
    }

    /// Everything that is left, without the blanks around it.
    pub(crate) fn remainder(&mut self) -> Word<'a> {
        self.skip_blanks();
        let length = self.rest().trim_end().len();
        let word = self.take(length);
        self.skip_blanks();
        word
    }

    /// The whole text as one value, without the blanks around it.
    pub(crate) fn whole(mut self, expected: &'static str) -> Result<String, ParseError> {
        let word = self.remainder();
        if word.text.is_empty() {
            return Err(self.error(expected));
        }
        Ok(word.text.to_owned())
    }

    /// Nothing but blanks may follow.
    pub(crate) fn finish(mut self, expected: &'static str) -> Result<(), ParseError> {
        self.skip_blanks();
        if self.at_end() {
            Ok(())
        } else {
            Err(self.error(expected))
        }
    }

    /// Refuses a modifier that was already written.
    ///
    /// DIFFERENCE: htmx lets the last one win; here nothing that was written is dropped silently.
    pub(crate) fn only_once(&self, seen: &mut Vec<&'a str>, word: Word<'a>) -> Result<(), ParseError> {
        if seen.contains(&word.text) {
            return Err(self.error_at(word.offset, format!("`{}` only once", word.text)));
        }
        seen.push(word.text);
        Ok(())
    }

    pub(crate) fn error(&self, expected: impl Into<Cow<'static, str>>) -> ParseError {
        self.complaint(self.offset, expected.into())
    }

    pub(crate) fn error_at(&self, offset: usize, expected: impl Into<Cow<'static, str>>) -> ParseError {
        self.complaint(offset, expected.into())
    }

    #[cold]
    fn complaint(&self, offset: usize, expected: Cow<'static, str>) -> ParseError {
        let found = quote(self.from(offset));
        ParseError::new(self.language, self.input, offset, expected, found)
    }
}

impl<'a> Word<'a> {
    /// Splits at the first colon, which belongs to neither part.
    pub(crate) fn split_first_colon(self) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(':')?;
        Some(self.parts(before, after))
    }

    /// Splits at the last colon, which belongs to neither part.
    pub(crate) fn split_last_colon(self) -> Option<(Self, Self)> {
        let (before, after) = self.text.rsplit_once(':')?;
        Some(self.parts(before, after))
    }

    /// Splits after the first run of characters without blanks; both parts come without blanks around them.
    pub(crate) fn split_first_blank(self) -> (Self, Self) {
        let word = self.trim();
        let length = word.text.find(char::is_whitespace);
        let (before, after) = length
            .and_then(|length| word.text.split_at_checked(length))
            .unwrap_or((word.text, ""));
        let (before, after) = word.parts(before, after);
        (before, after.trim())
    }

    /// Splits after so many bytes; the caller got the number from the text itself.
    pub(crate) fn split_after(self, length: usize) -> (Self, Self) {
        let (before, after) = self.text.split_at_checked(length).unwrap_or((self.text, ""));
        self.parts(before, after)
    }

    /// The same place without the blanks around it.
    pub(crate) fn trim(self) -> Self {
        let start = self.text.trim_start();
        Word {
            text: start.trim_end(),
            offset: self.offset + self.text.len() - start.len(),
        }
    }

    fn parts(self, before: &'a str, after: &'a str) -> (Self, Self) {
        let after_offset = self.offset + self.text.len() - after.len();
        (
            Word { text: before, ..self },
            Word {
                text: after,
                offset: after_offset,
            },
        )
    }
}

fn quote(text: &str) -> String {
    let word: &str = text.split(char::is_whitespace).next().unwrap_or_default();
    if text.is_empty() {
        "the end of the text".to_owned()
    } else if word.is_empty() {
        "a blank".to_owned()
    } else if word.chars().nth(QUOTED).is_some() {
        format!("`{}…`", word.chars().take(QUOTED).collect::<String>())
    } else {
        format!("`{word}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_words(input: &str, expected: &[(usize, &str)]) {
        let mut cursor = Cursor::new("hx-test", input);
        let words: Vec<_> = std::iter::from_fn(|| cursor.word())
            .map(|word| (word.offset, word.text))
            .collect();
        assert_eq!(words, expected, "{input:?}");
    }

    #[test]
    fn words_know_where_they_stand() {
        check_words("", &[]);
        check_words("  \t\n", &[]);
        check_words("a", &[(0, "a")]);
        check_words("  a:b \n ö c ", &[(2, "a:b"), (8, "ö"), (11, "c")]);
    }

    #[track_caller]
    fn check_found(rest: &str, expected: &str) {
        let error = Cursor::new("hx-test", rest).error("x");
        assert_eq!(error.found(), expected, "{rest:?}");
    }

    #[test]
    fn an_error_quotes_the_next_word() {
        check_found("", "the end of the text");
        check_found(" a", "a blank");
        check_found("a b", "`a`");
        check_found(&"ä".repeat(40), &format!("`{}`", "ä".repeat(40)));
        check_found(&"ä".repeat(41), &format!("`{}…`", "ä".repeat(40)));
    }

    #[test]
    fn splitting_keeps_the_offsets() {
        let word = Word {
            text: "a:b:c",
            offset: 7,
        };
        let word_at = |text, offset| Word { text, offset };
        assert_eq!(
            word.split_first_colon(),
            Some((word_at("a", 7), word_at("b:c", 9)))
        );
        assert_eq!(
            word.split_last_colon(),
            Some((word_at("a:b", 7), word_at("c", 11)))
        );
        assert_eq!(word_at("abc", 0).split_first_colon(), None);
        assert_eq!(
            word_at(" ab  c d ", 7).split_first_blank(),
            (word_at("ab", 8), word_at("c d", 12))
        );
        assert_eq!(
            word_at("ab", 7).split_first_blank(),
            (word_at("ab", 7), word_at("", 9))
        );
    }
}
