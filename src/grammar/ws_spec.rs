//! The value of `hx-ws`: which socket an element opens, and whether it sends.

use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use super::error::ParseError;

const LANGUAGE: &str = "hx-ws";

/// What `hx-ws="connect:/chat send"` says (WSC-01).
///
/// The address is kept as it was written; [`resolve_ws_url`](super::resolve_ws_url) gives it a scheme and a
/// host.
///
/// DIFFERENCE: an unknown word, an empty address (X1 and X2 ignore it, WSC-03) and a repeated word are
/// errors.
///
/// ```
/// use leptos_live::grammar::WsSpec;
///
/// let spec: WsSpec = "connect:wss:/chat send".parse()?;
/// assert_eq!(spec.connect.as_deref(), Some("wss:/chat"));
/// assert!(spec.send);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WsSpec {
    /// `connect:<url>`: this element owns a socket to that address, which holds no blank.
    pub connect: Option<String>,
    /// `send`: what this element submits goes out through the nearest socket.
    pub send: bool,
}

impl FromStr for WsSpec {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let mut spec = Self::default();
        let mut seen = Vec::new();
        while let Some(word) = cursor.word() {
            let (keyword, value) = match word.split_first_colon() {
                Some((keyword, value)) => (keyword, Some(value)),
                None => (word, None),
            };
            cursor.only_once(&mut seen, keyword)?;
            match (keyword.text, value) {
                ("send", None) => spec.send = true,
                ("connect", Some(url)) if url.text.is_empty() => {
                    return Err(cursor.error_at(url.offset, "an address after connect:"));
                }
                ("connect", Some(url)) => spec.connect = Some(url.text.to_owned()),
                _ => return Err(cursor.error_at(word.offset, "connect:<url> or send")),
            }
        }
        Ok(spec)
    }
}

impl fmt::Display for WsSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.connect, self.send) {
            (Some(url), true) => write!(f, "connect:{url} send"),
            (Some(url), false) => write!(f, "connect:{url}"),
            (None, true) => f.write_str("send"),
            (None, false) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(input: &str, connect: Option<&str>, send: bool) {
        let connect = connect.map(str::to_owned);
        assert_eq!(input.parse(), Ok(WsSpec { connect, send }), "{input:?}");
    }

    #[test]
    fn words_in_any_order() {
        // WSC-01
        check("connect:/chat", Some("/chat"), false);
        check("send", None, true);
        check("connect:/chat send", Some("/chat"), true);
        check("send\n connect:/chat", Some("/chat"), true);
        check("connect:wss:/chat", Some("wss:/chat"), false);
        check("connect:ws://h:1/x?a=b:c", Some("ws://h:1/x?a=b:c"), false);
        check("", None, false);
        // CON-23: commas do not separate.
        check("connect:/a,b", Some("/a,b"), false);
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize, expected: &str) {
        let error = input.parse::<WsSpec>().err();
        assert_eq!(
            error.map(|e| (e.offset(), e.expected().to_owned())),
            Some((offset, expected.to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        // DIFFERENCE: all of these are accepted or ignored by htmx.
        check_error("connect", 0, "connect:<url> or send");
        check_error("connect:/a receive", 11, "connect:<url> or send");
        check_error("send:", 0, "connect:<url> or send");
        check_error("connect: send", 8, "an address after connect:"); // WSC-03
        check_error("connect:/a connect:/b", 11, "`connect` only once");
        check_error("send send", 5, "`send` only once");
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(
            connect in prop::option::of("[a-zA-Z0-9:/,.?=&äß-]{1,12}"),
            send in any::<bool>(),
        ) {
            let spec = WsSpec { connect, send };
            prop_assert_eq!(spec.to_string().parse(), Ok(spec));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((connect|send|:|/a|,| |é){0,9})",
        ) {
            let _ = text.parse::<WsSpec>();
            let _ = fragments.parse::<WsSpec>();
        }
    }
}
