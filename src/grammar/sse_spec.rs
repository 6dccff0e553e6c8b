//! The value of `hx-sse`: which stream an element opens and which messages it swaps in.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;

const LANGUAGE: &str = "hx-sse";

/// What `hx-sse="connect:/news swap:headline"` says (SSE-01).
///
/// DIFFERENCE: the order of the words does not matter (ACT-09, SSE-02); an unknown word, an empty value and a
/// second `connect:` (SSE-14) are errors, where htmx ignores the first two and leaks a connection on the
/// last.
///
/// ```
/// use leptos_live::grammar::SseSpec;
///
/// let spec: SseSpec = "swap:headline connect:/news swap:ticker".parse()?;
/// assert_eq!(spec.connect(), Some("/news"));
/// assert_eq!(spec.swaps().collect::<Vec<_>>(), ["headline", "ticker"]);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseSpec {
    /// The words in the order in which they were written; an empty attribute has none.
    pub tokens: Vec<SseToken>,
}

/// One word of `hx-sse`. A value that holds a blank cannot be written in the attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SseToken {
    /// `connect:<url>`: this element owns a connection to that address.
    Connect(String),
    /// `swap:<name>`: messages of that name are swapped in. A comma is part of the name (SSW-05).
    Swap(String),
}

impl SseSpec {
    /// The address of the stream, if this element opens one; the last one if a hand-built value names
    /// several.
    pub fn connect(&self) -> Option<&str> {
        self.tokens.iter().rev().find_map(|token| match token {
            SseToken::Connect(url) => Some(url.as_str()),
            SseToken::Swap(_) => None,
        })
    }

    /// The names of the messages that are swapped in.
    pub fn swaps(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            SseToken::Swap(name) => Some(name.as_str()),
            SseToken::Connect(_) => None,
        })
    }
}

fn read_token(cursor: &Cursor<'_>, word: Word<'_>) -> Result<SseToken, ParseError> {
    let unknown = || cursor.error_at(word.offset, "connect:<url> or swap:<name>");
    let (keyword, value) = word.split_first_colon().ok_or_else(unknown)?;
    let (token, meaning): (fn(String) -> SseToken, _) = match keyword.text {
        "connect" => (SseToken::Connect, "an address after connect:"),
        "swap" => (SseToken::Swap, "a message name after swap:"),
        _ => return Err(unknown()),
    };
    if value.text.is_empty() {
        return Err(cursor.error_at(value.offset, meaning));
    }
    Ok(token(value.text.to_owned()))
}

impl FromStr for SseSpec {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let mut spec = Self::default();
        while let Some(word) = cursor.word() {
            let token = read_token(&cursor, word)?;
            if matches!(token, SseToken::Connect(_)) && spec.connect().is_some() {
                return Err(cursor.error_at(word.offset, "connect: only once"));
            }
            spec.tokens.push(token);
        }
        Ok(spec)
    }
}

impl FromStr for SseToken {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let word = cursor
            .word()
            .ok_or_else(|| cursor.error("connect:<url> or swap:<name>"))?;
        let token = read_token(&cursor, word)?;
        cursor.finish("the end after one word")?;
        Ok(token)
    }
}

/// Prints the words in their order. htmx 1.9 itself needs `connect:` before `swap:` (SSE-02).
impl fmt::Display for SseSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, token) in self.tokens.iter().enumerate() {
            let separator = if position == 0 { "" } else { " " };
            write!(f, "{separator}{token}")?;
        }
        Ok(())
    }
}

impl fmt::Display for SseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(url) => write!(f, "connect:{url}"),
            Self::Swap(name) => write!(f, "swap:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SseToken::{Connect, Swap};
    use super::*;

    type Build = fn(String) -> SseToken;

    fn spec<const N: usize>(tokens: [(Build, &str); N]) -> SseSpec {
        SseSpec {
            tokens: tokens.map(|(token, value)| token(value.to_owned())).into(),
        }
    }

    #[track_caller]
    fn check(input: &str, expected: SseSpec) {
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    #[test]
    fn words_in_any_order() {
        // SSE-01
        check("connect:/news", spec([(Connect, "/news")]));
        check("connect:/a swap:b", spec([(Connect, "/a"), (Swap, "b")]));
        check("swap:a\n\tswap:b ", spec([(Swap, "a"), (Swap, "b")])); // SSW-04
        check("", spec([]));
        check(" ", spec([]));
        // SSE-01: only the first colon separates.
        check("connect:http://h:1/x", spec([(Connect, "http://h:1/x")]));
        check("swap:chat:new", spec([(Swap, "chat:new")]));
        check("swap::", spec([(Swap, ":")]));
        // SSW-05
        check("swap:a,b", spec([(Swap, "a,b")]));
        // DIFFERENCE: ACT-09, SSE-02.
        check("swap:a connect:/x", spec([(Swap, "a"), (Connect, "/x")]));
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize, expected: &str) {
        let error = input.parse::<SseSpec>().err();
        assert_eq!(
            error.map(|e| (e.offset(), e.expected().to_owned())),
            Some((offset, expected.to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        let words = "connect:<url> or swap:<name>";
        // DIFFERENCE: SSE-01, unknown words are ignored by htmx.
        check_error("swap:a open:/x", 7, words);
        check_error("connect", 0, words);
        check_error("/news", 0, words);
        check_error("Connect:/news", 0, words);
        // DIFFERENCE: empty values.
        check_error("connect: swap:a", 8, "an address after connect:");
        check_error("connect:/x swap:", 16, "a message name after swap:");
        // DIFFERENCE: SSE-14.
        check_error("connect:/x connect:/y", 11, "connect: only once");
    }

    #[test]
    fn one_word_alone() {
        assert_eq!(" swap:a ".parse(), Ok(Swap("a".to_owned())));
        for input in ["", "swap:a swap:b", "x"] {
            assert!(input.parse::<SseToken>().is_err(), "{input:?}");
        }
    }

    #[test]
    fn the_last_connection_of_a_built_value_counts() {
        let built = spec([(Connect, "/a"), (Swap, "b"), (Connect, "/c")]);
        assert_eq!(built.connect(), Some("/c"));
        assert_eq!(spec([(Swap, "b")]).connect(), None);
    }

    fn any_spec() -> impl Strategy<Value = SseSpec> {
        let value = "[a-zA-Z0-9:/,.?=&äß-]{1,12}";
        let swaps = prop::collection::vec(value.prop_map(Swap), 0..5);
        (prop::option::of(value), swaps, 0..5_usize).prop_map(|(url, mut tokens, position)| {
            if let Some(url) = url {
                tokens.insert(position.min(tokens.len()), Connect(url));
            }
            SseSpec { tokens }
        })
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(spec in any_spec()) {
            for token in &spec.tokens {
                prop_assert_eq!(token.to_string().parse(), Ok(token.clone()));
            }
            prop_assert_eq!(spec.to_string().parse(), Ok(spec));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((connect|swap|:|/a|,| |é){0,9})",
        ) {
            let _ = text.parse::<SseSpec>();
            let _ = fragments.parse::<SseSpec>();
        }
    }
}
