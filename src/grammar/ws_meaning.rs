//! What an element has to do with sockets, whatever spelling says so.

use super::error::ParseError;
use super::reading::Reading;
use super::spelling::{Spelling, Written};
use super::ws_spec::WsSpec;

/// The attributes of one element, as they are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct WsAttributes<'a> {
    /// `hx-ws`, of htmx 1.9.
    pub hx_ws: Option<&'a str>,
    /// `ws-connect`, of the extension.
    pub ws_connect: Option<&'a str>,
    /// Whether there is a `ws-send`, of the extension. Its value means nothing.
    pub ws_send: bool,
}

/// What the attributes of an element say together (WSC-01, WSC-02).
///
/// DIFFERENCE: an empty `ws-connect` is an error, which htmx ignores (WSC-03); `hx-ws="connect:/chat send"` also sends,
/// which the extension overlooks (ACT-14).
///
/// ```
/// use leptos_live::grammar::{WsAttributes, WsMeaning};
///
/// let old = WsAttributes { hx_ws: Some("connect:/chat send"), ..Default::default() };
/// let new = WsAttributes { ws_connect: Some("/chat"), ws_send: true, ..Default::default() };
/// assert_eq!(WsMeaning::read(old), WsMeaning::read(new));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WsMeaning {
    /// The address of the socket that the element opens, as it was written.
    pub connect: Option<String>,
    /// Whether what the element submits goes out through the nearest socket.
    pub send: bool,
}

impl WsMeaning {
    /// Reads what the attributes say.
    ///
    /// # Errors
    /// Every attribute that cannot be read, and a second address that differs from the first.
    pub fn read(written: WsAttributes<'_>) -> Result<Self, Vec<ParseError>> {
        let mut reading = Reading::default();
        let words: WsSpec = reading.parsed(written.hx_ws);
        let address = reading.whole("ws-connect", written.ws_connect, "the address of a socket");
        let connect = reading.one_address(("hx-ws", words.connect), ("ws-connect", address));
        let send = words.send || written.ws_send;
        reading.finish(Self { connect, send })
    }

    /// The attributes that say this.
    pub fn written(&self, spelling: Spelling) -> Vec<Written> {
        let connect = self.connect.as_deref().map(|url| spelling.ws_connect(url));
        let send = self.send.then(|| spelling.ws_send());
        match (connect, send) {
            (Some(connect), Some(send)) if connect.name == send.name => vec![Written {
                name: connect.name,
                text: format!("{} {}", connect.text, send.text),
            }],
            (connect, send) => connect.into_iter().chain(send).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_spellings_mean_the_same() {
        for (hx_ws, ws_connect, ws_send, connect, send) in [
            (None, None, false, None, false),
            (Some("connect:/a"), None, false, Some("/a"), false),
            (None, Some(" /a "), false, Some("/a"), false),
            (Some("send"), None, false, None, true),
            (None, None, true, None, true),
            (Some("connect:/a send"), None, false, Some("/a"), true), // ACT-14
            (None, Some("/a b"), true, Some("/a b"), true),           // WSC-15
            (Some("connect:/a"), Some("/a"), true, Some("/a"), true),
        ] {
            let written = WsAttributes {
                hx_ws,
                ws_connect,
                ws_send,
            };
            let connect = connect.map(str::to_owned);
            assert_eq!(
                WsMeaning::read(written),
                Ok(WsMeaning { connect, send }),
                "{written:?}"
            );
        }
    }

    #[test]
    fn refusals() {
        for (hx_ws, ws_connect, expected) in [
            (Some("/a"), None, vec!["hx-ws"]),
            (None, Some(" "), vec!["ws-connect"]), // WSC-03
            (Some("connect:/a"), Some("/b"), vec!["ws-connect"]),
        ] {
            let written = WsAttributes {
                hx_ws,
                ws_connect,
                ws_send: true,
            };
            let errors = WsMeaning::read(written).unwrap_err();
            let languages: Vec<_> = errors.iter().map(ParseError::language).collect();
            assert_eq!(languages, expected, "{written:?}");
        }
    }

    proptest! {
        #[test]
        fn written_in_either_spelling_it_means_the_same(
            connect in prop::option::of("[a-zA-Z0-9:/.?=&äß-]{1,12}"),
            send in any::<bool>(),
            spelling in prop::sample::select(vec![Spelling::Attributes, Spelling::Extensions]),
        ) {
            let meaning = WsMeaning { connect, send };
            let written = meaning.written(spelling);
            let of = |name: &str| {
                written.iter().find(|written| written.name == name).map(|written| written.text.as_str())
            };
            let read = WsMeaning::read(WsAttributes {
                hx_ws: of("hx-ws"),
                ws_connect: of("ws-connect"),
                ws_send: of("ws-send").is_some(),
            });
            prop_assert_eq!(read, Ok(meaning));
        }
    }
}
