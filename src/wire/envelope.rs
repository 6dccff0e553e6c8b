//! The JSON envelope of htmx 4: HTML with a word on where it goes (WSM-15, WSM-16, WSM-18).
//!
//! Where htmx 4 has no word for something, the envelope has a name of its own that htmx ignores: the event's
//! name and position.

use serde_json::{Map, Value};

use super::{EventName, FormMessage, MalformedMessage, Position};

/// A frame of a socket: HTML and where it goes. A source reads it with the codec `JsonEnvelope`.
///
/// ```
/// use leptos_live::Envelope;
///
/// let frame = Envelope::new("<li>hi</li>").target("#log").swap("beforeend");
/// assert_eq!(frame.to_text(), r##"{"content":"<li>hi</li>","swap":"beforeend","target":"#log"}"##);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The HTML. What is published should come from a `Fragment`, which escapes what users have written.
    pub content: String,
    /// The element that it goes to, in the language of `hx-target`; the receiver's own target by default.
    pub target: Option<String>,
    /// How it is put there, in the language of `hx-swap`; the receiver's own way by default.
    pub swap: Option<String>,
    /// A selector of what is used of the content.
    pub select: Option<String>,
    /// The message that this is the answer to.
    pub request_id: Option<String>,
    /// The place right after the event that this was.
    pub position: Option<Position>,
}

impl Envelope {
    /// An envelope that leaves everything else to the receiver.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// Says where it goes.
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Says how it is put there.
    pub fn swap(mut self, swap: impl Into<String>) -> Self {
        self.swap = Some(swap.into());
        self
    }

    /// Says what is used of it.
    pub fn select(mut self, select: impl Into<String>) -> Self {
        self.select = Some(select.into());
        self
    }

    /// Makes it the answer to a message: it is swapped where the sending element says, and ends its waiting
    /// (WSM-21). Without an id in the message it is an ordinary envelope.
    pub fn answering(mut self, message: &FormMessage) -> Self {
        self.request_id = message.request_id().map(str::to_owned);
        self
    }

    /// The frame.
    pub fn to_text(&self) -> String {
        let mut object = Map::new();
        object.insert("content".to_owned(), Value::from(self.content.as_str()));
        let position = self.position.map(|position| position.to_string());
        for (name, value) in [
            ("target", &self.target),
            ("swap", &self.swap),
            ("select", &self.select),
            ("request_id", &self.request_id),
            ("position", &position),
        ] {
            if let Some(value) = value {
                object.insert(name.to_owned(), Value::from(value.as_str()));
            }
        }
        Value::Object(object).to_string()
    }

    /// Reads a frame, for clients that are no pages.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the text is no JSON object with text in `content` (or `payload`, its old name).
    pub fn parse(text: &str) -> Result<Self, MalformedMessage> {
        let malformed = |found: String| MalformedMessage {
            kind: "envelope",
            expected: "a JSON object with text in `content`",
            found,
        };
        let parsed: Value = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        let field = |name: &str| parsed.get(name).and_then(Value::as_str).map(str::to_owned);
        let content = field("content").or_else(|| field("payload"));
        Ok(Self {
            content: content.ok_or_else(|| malformed("neither".to_owned()))?,
            target: field("target"),
            swap: field("swap"),
            select: field("select"),
            request_id: field("request_id").or_else(|| field("HX-Request-ID")),
            position: field("position").and_then(|text| text.parse().ok()),
        })
    }
}

/// An event's payload in an envelope, with its name and, unless it is to be taken wherever the receiver stands, its position.
///
/// ```
/// use leptos_live::{EventName, encode_enveloped_event};
///
/// let frame = encode_enveloped_event(&EventName::new("news")?, None, "<b>Hi</b>");
/// assert_eq!(frame, r#"{"event":"news","content":"<b>Hi</b>"}"#);
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
pub fn encode_enveloped_event(name: &EventName, position: Option<Position>, html: &str) -> String {
    let (name, html) = (Value::from(name.as_str()), Value::from(html));
    match position {
        Some(position) => format!("{{\"event\":{name},\"position\":\"{position}\",\"content\":{html}}}"),
        None => format!("{{\"event\":{name},\"content\":{html}}}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Epoch;

    #[test]
    fn wsm_15_content_and_its_old_name() {
        let content = |text: &str| Envelope::parse(text).map(|envelope| envelope.content);
        assert_eq!(content(r#"{"content":"a","payload":"b"}"#).unwrap(), "a");
        assert_eq!(content(r#"{"payload":"b"}"#).unwrap(), "b");
        for text in ["", "[]", "null", "{}", r#"{"content":1}"#, "<p>"] {
            assert!(content(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_event_says_where_it_stands() {
        let position = Position {
            epoch: Epoch(1),
            offset: 7,
        };
        let name = EventName::new("news").unwrap();
        let text = encode_enveloped_event(&name, Some(position), "<b title=\"x\">");
        assert_eq!(
            text,
            r#"{"event":"news","position":"0000000000000001-7","content":"<b title=\"x\">"}"#
        );
        let read = Envelope::parse(&text).unwrap();
        assert_eq!(
            (read.content.as_str(), read.position),
            ("<b title=\"x\">", Some(position))
        );
    }

    #[test]
    fn wsm_21_an_answer_names_its_message() {
        let message = FormMessage::parse(r#"{"HEADERS":{"HX-Request-ID":"a-1"}}"#).unwrap();
        let answer = Envelope::new("ok").answering(&message);
        assert_eq!(answer.to_text(), r#"{"content":"ok","request_id":"a-1"}"#);
        assert_eq!(
            Envelope::new("ok").answering(&FormMessage::default()),
            Envelope::new("ok")
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            content in any::<String>(),
            target in any::<Option<String>>(),
            swap in any::<Option<String>>(),
            select in any::<Option<String>>(),
            request_id in any::<Option<String>>(),
            offset in any::<Option<u64>>(),
        ) {
            let position = offset.map(|offset| Position { epoch: Epoch(3), offset });
            let envelope = Envelope { content, target, swap, select, request_id, position };
            prop_assert_eq!(Envelope::parse(&envelope.to_text()), Ok(envelope));
        }
    }
}
