//! The two ways in which htmx's live attributes are written.

use std::borrow::Cow;

/// How live attributes are written in markup. Both mean the same; see [`SseMeaning`](super::SseMeaning) and
/// [`WsMeaning`](super::WsMeaning).
///
/// Pages are read in both at any time. This says how components write theirs, so that the page also works with that
/// version of htmx in place of the wasm.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Spelling, SseSource};
///
/// #[component]
/// fn News() -> impl IntoView {
///     view! { <SseSource connect="/news" spelling=Spelling::Extensions>"…"</SseSource> }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// `hx-sse="connect:/news swap:headline"`, `hx-ws="connect:/chat"`, `hx-ws="send"`: the attributes of htmx 1.9.
    #[default]
    Attributes,
    /// `sse-connect="/news"`, `sse-swap="headline"`, `ws-connect="/chat"`, `ws-send`, below `hx-ext`: the extensions
    /// of htmx 1.9 and 2.
    Extensions,
}

/// An attribute as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The attribute's name.
    pub name: &'static str,
    /// The attribute's value.
    pub text: String,
}

impl Written {
    fn new(name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { name, text }
    }
}

impl Spelling {
    /// The value of `hx-ext` without which htmx would not read what is written in this spelling.
    pub fn extension(self, name: &'static str) -> Option<&'static str> {
        (self == Self::Extensions).then_some(name)
    }

    /// A source of events. Blanks in the address are escaped, which would otherwise end it in an attribute of words.
    pub fn sse_connect(self, url: &str) -> Written {
        match self {
            Self::Attributes => Written::new("hx-sse", format!("connect:{}", word(url))),
            Self::Extensions => Written::new("sse-connect", url.trim()),
        }
    }

    /// A consumer of events of some names. What would separate names is escaped in them.
    pub fn sse_swap<'a, N: Into<Cow<'a, str>>>(self, names: impl IntoIterator<Item = N>) -> Written {
        let mut text = String::new();
        for (index, name) in names.into_iter().enumerate() {
            let (name, is_first) = (name.into(), index == 0);
            match self {
                Self::Attributes if is_first => {
                    // A page may have hundreds of these, each with one name that nobody else needs.
                    text = word(name).into_owned();
                    text.insert_str(0, "swap:");
                }
                Self::Attributes => {
                    text.push_str(" swap:");
                    text.push_str(&word(name));
                }
                Self::Extensions => {
                    text.push_str(if is_first { "" } else { "," });
                    text.push_str(&name.trim().replace(',', "%2C"));
                }
            }
        }
        let name = match self {
            Self::Attributes => "hx-sse",
            Self::Extensions => "sse-swap",
        };
        Written { name, text }
    }

    /// A source that owns a socket.
    pub fn ws_connect(self, url: &str) -> Written {
        match self {
            Self::Attributes => Written::new("hx-ws", format!("connect:{}", word(url))),
            Self::Extensions => Written::new("ws-connect", url.trim()),
        }
    }

    /// An element that sends.
    pub fn ws_send(self) -> Written {
        match self {
            Self::Attributes => Written::new("hx-ws", "send"),
            Self::Extensions => Written::new("ws-send", ""),
        }
    }
}

fn word<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = text.into();
    if text.contains(char::is_whitespace) {
        Cow::Owned(text.trim().replace(char::is_whitespace, "%20"))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Spelling::{Attributes, Extensions};
    use super::*;

    #[track_caller]
    fn check(written: Written, name: &str, text: &str) {
        assert_eq!((written.name, written.text.as_str()), (name, text));
    }

    #[test]
    fn both_spellings() {
        check(Attributes.sse_connect("/a?b=c"), "hx-sse", "connect:/a?b=c");
        check(Extensions.sse_connect("/a?b=c"), "sse-connect", "/a?b=c");
        check(Attributes.sse_swap(["a", "b"]), "hx-sse", "swap:a swap:b"); // SSW-04
        check(Extensions.sse_swap(["a", "b"]), "sse-swap", "a,b");
        check(Attributes.ws_connect("/a"), "hx-ws", "connect:/a");
        check(Extensions.ws_connect("/a"), "ws-connect", "/a");
        check(Attributes.ws_send(), "hx-ws", "send");
        check(Extensions.ws_send(), "ws-send", "");
        assert_eq!(
            (Attributes.extension("sse"), Extensions.extension("sse")),
            (None, Some("sse"))
        );
    }

    #[test]
    fn what_separates_is_escaped() {
        check(Attributes.sse_connect(" /a b "), "hx-sse", "connect:/a%20b");
        check(
            Attributes.sse_swap(["a,b", "c d"]),
            "hx-sse",
            "swap:a,b swap:c%20d",
        ); // SSW-05
        check(Extensions.sse_swap(["a,b", "c d"]), "sse-swap", "a%2Cb,c d");
    }
}
