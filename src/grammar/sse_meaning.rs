//! What an element has to do with streams, whatever spelling says so.

use super::error::ParseError;
use super::reading::Reading;
use super::spelling::{Spelling, Written};
use super::sse_spec::SseSpec;
use super::sse_swap_names::SseSwapNames;

/// The attributes of one element, as they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct SseAttributes<'a> {
    /// `hx-sse`, of htmx 1.9.
    pub hx_sse: Option<&'a str>,
    /// `sse-connect`, of the extension.
    pub sse_connect: Option<&'a str>,
    /// `sse-swap`, of the extension.
    pub sse_swap: Option<&'a str>,
    /// `sse-close`, of the extension.
    pub sse_close: Option<&'a str>,
}

/// What the attributes of an element say together (SSE-03, SSW-04, SSX-01).
///
/// Each attribute keeps its own grammar: commas separate names in `sse-swap`, and belong to them in `hx-sse`. Both
/// spellings may stand on one element, for a page that works with both versions of htmx.
///
/// DIFFERENCE: a name that is written twice is heard once, where htmx swaps the message twice.
///
/// ```
/// use leptos_live::grammar::{SseAttributes, SseMeaning};
///
/// let old = SseAttributes { hx_sse: Some("connect:/news swap:a swap:b"), ..Default::default() };
/// let new = SseAttributes { sse_connect: Some("/news"), sse_swap: Some("a, b"), ..Default::default() };
/// assert_eq!(SseMeaning::read(old), SseMeaning::read(new));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseMeaning {
    /// The address of the stream that the element opens.
    pub connect: Option<String>,
    /// The names of the messages that it swaps in, each once.
    pub swaps: Vec<String>,
    /// The name of the message that closes its stream for good.
    pub close: Option<String>,
}

impl SseMeaning {
    /// Reads what the attributes say.
    ///
    /// # Errors
    /// Every attribute that cannot be read, and a second address that differs from the first.
    pub fn read(written: SseAttributes<'_>) -> Result<Self, Vec<ParseError>> {
        let mut reading = Reading::default();
        let words: SseSpec = reading.parsed(written.hx_sse);
        let names: SseSwapNames = reading.parsed(written.sse_swap);
        let address = reading.whole("sse-connect", written.sse_connect, "the address of a stream");
        let close = reading.whole("sse-close", written.sse_close, "the name of a message");
        let first = words.connect().map(str::to_owned);
        let connect = reading.one_address(("hx-sse", first), ("sse-connect", address));
        let mut swaps: Vec<String> = Vec::new();
        for name in words.swaps().chain(names.0.iter().map(String::as_str)) {
            if !swaps.iter().any(|known| known == name) {
                swaps.push(name.to_owned());
            }
        }
        reading.finish(Self {
            connect,
            swaps,
            close,
        })
    }

    /// The attributes that say this. `sse-close` has no counterpart in htmx 1.9 (SSX-07) and is written in both.
    pub fn written(&self, spelling: Spelling) -> Vec<Written> {
        let connect = self.connect.as_deref().map(|url| spelling.sse_connect(url));
        let names = self.swaps.iter().map(String::as_str);
        let swap = (!self.swaps.is_empty()).then(|| spelling.sse_swap(names));
        let close = self.close.clone().map(|text| Written {
            name: "sse-close",
            text,
        });
        let mut written: Vec<Written> = Vec::new();
        for next in connect.into_iter().chain(swap).chain(close) {
            match written.last_mut().filter(|last| last.name == next.name) {
                // `connect:` before `swap:`, which htmx 1.9 needs (SSE-02).
                Some(last) => last.text = format!("{} {}", last.text, next.text),
                None => written.push(next),
            }
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meaning(connect: Option<&str>, swaps: &[&str], close: Option<&str>) -> SseMeaning {
        SseMeaning {
            connect: connect.map(str::to_owned),
            swaps: swaps.iter().map(|name| (*name).to_owned()).collect(),
            close: close.map(str::to_owned),
        }
    }

    /// In the order of the fields.
    fn attributes<'a>(texts: [Option<&'a str>; 4]) -> SseAttributes<'a> {
        let [hx_sse, sse_connect, sse_swap, sse_close] = texts;
        SseAttributes {
            hx_sse,
            sse_connect,
            sse_swap,
            sse_close,
        }
    }

    #[test]
    fn both_spellings_mean_the_same() {
        for (texts, expected) in [
            ([None; 4], meaning(None, &[], None)),
            (
                [Some("connect:/a swap:b"), None, None, None],
                meaning(Some("/a"), &["b"], None),
            ),
            (
                [None, Some("/a"), Some("b"), None],
                meaning(Some("/a"), &["b"], None),
            ),
            // SSW-04, SSW-05: each has its own grammar.
            (
                [Some("swap:a,b"), None, None, None],
                meaning(None, &["a,b"], None),
            ),
            ([None, None, Some("a, b"), None], meaning(None, &["a", "b"], None)),
            // SSX-01: one name, not a list.
            (
                [None, Some(" /a "), None, Some(" a,b ")],
                meaning(Some("/a"), &[], Some("a,b")),
            ),
            // Together, for a page that works with both versions.
            (
                [Some("connect:/a swap:b"), Some("/a"), Some("b,c"), Some("d")],
                meaning(Some("/a"), &["b", "c"], Some("d")),
            ),
        ] {
            assert_eq!(SseMeaning::read(attributes(texts)), Ok(expected), "{texts:?}");
        }
    }

    #[test]
    fn refusals() {
        for (texts, expected) in [
            ([Some("/a"), None, None, None], vec!["hx-sse"]),
            (
                [None, Some(""), Some(","), Some(" ")],
                vec!["sse-swap", "sse-connect", "sse-close"],
            ),
            ([Some("connect:/a"), Some("/b"), None, None], vec!["sse-connect"]),
        ] {
            let errors = SseMeaning::read(attributes(texts)).unwrap_err();
            let languages: Vec<_> = errors.iter().map(ParseError::language).collect();
            assert_eq!(languages, expected, "{texts:?}");
        }
    }

    #[test]
    fn two_addresses_are_told_apart() {
        let errors = SseMeaning::read(attributes([Some("connect:/a"), Some("/b"), None, None])).unwrap_err();
        let text = errors[0].to_string();
        let expected = "sse-connect: expected the same address as in hx-sse, `/a`, found `/b`";
        assert!(text.starts_with(expected), "{text}");
    }

    proptest! {
        #[test]
        fn written_in_either_spelling_it_means_the_same(
            connect in prop::option::of("[a-zA-Z0-9:/.?=&äß-]{1,12}"),
            swaps in prop::collection::btree_set("[a-zA-Z0-9:/.äß-]{1,8}", 0..4),
            close in prop::option::of("[a-z,:]{1,8}"),
            spelling in prop::sample::select(vec![Spelling::Attributes, Spelling::Extensions]),
        ) {
            let meaning = SseMeaning { connect, swaps: swaps.into_iter().collect(), close };
            let written = meaning.written(spelling);
            let of = |name: &str| {
                written.iter().find(|written| written.name == name).map(|written| written.text.as_str())
            };
            let names = ["hx-sse", "sse-connect", "sse-swap", "sse-close"];
            prop_assert!(written.iter().all(|written| names.contains(&written.name)));
            prop_assert_eq!(SseMeaning::read(attributes(names.map(of))), Ok(meaning));
        }

        #[test]
        fn no_text_panics(texts in prop::array::uniform4(prop::option::of(any::<String>()))) {
            let texts = texts.each_ref().map(Option::as_deref);
            let _ = SseMeaning::read(attributes(texts));
        }
    }
}
