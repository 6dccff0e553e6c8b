//! What a form sends over a socket: its values and htmx's request headers.
//!
//! Inside, values and headers are kept apart; on the wire they stand in one of the three frames that
//! versions of htmx write ([`FrameFormat`]), and a server reads all of them (SRV-07).

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{FrameFormat, MalformedMessage, acknowledgement};

/// A message from a form: named values and request headers.
///
/// ```
/// use leptos_live::FormMessage;
///
/// let message = FormMessage::parse(r#"{"text":"hi","HEADERS":{"HX-Trigger":"f"}}"#)?;
/// assert_eq!(message.value("text"), Some("hi"));
/// assert_eq!(message.header("HX-Trigger"), Some("f"));
/// # Ok::<(), leptos_live::MalformedMessage>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormMessage {
    /// The form's values; a name that occurs several times holds an array (WSS-09).
    pub values: Map<String, Value>,
    /// The request headers: `HX-Request`, `HX-Trigger`, `HX-Current-URL` and others (WSS-04).
    pub headers: Map<String, Value>,
}

impl FormMessage {
    /// Reads a message in any of the three spellings of htmx.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the text is not a JSON object, or nested deeper than JSON readers allow.
    pub fn parse(text: &str) -> Result<Self, MalformedMessage> {
        let malformed = |found: String| MalformedMessage {
            kind: "form message",
            expected: "a JSON object of values",
            found,
        };
        let parsed: Value = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        let Value::Object(mut object) = parsed else {
            return Err(malformed(kind_of(&parsed).to_owned()));
        };
        if let Some(Value::Object(headers)) = take_if_object(&mut object, "HEADERS") {
            return Ok(Self {
                values: object,
                headers,
            });
        }
        let Some(Value::Object(headers)) = take_if_object(&mut object, "headers") else {
            return Ok(Self {
                values: object,
                headers: Map::new(),
            });
        };
        // `{headers, body}` holds nothing else; `{…values, headers}` may hold a value named body.
        let values = match take_if_object(&mut object, "body") {
            Some(Value::Object(body)) if object.is_empty() => body,
            Some(body) => {
                object.insert("body".to_owned(), body);
                object
            }
            None => object,
        };
        Ok(Self { values, headers })
    }

    /// Writes the flat form of htmx 1.9 and 2.
    ///
    /// A value named `HEADERS` is overwritten by the headers, as in htmx (WSS-07).
    pub fn to_text(&self) -> String {
        self.to_text_as(FrameFormat::Flat)
    }

    /// Writes the message in one of the formats.
    ///
    /// A value under the name that the format keeps for headers is lost, as in htmx (WSS-07); in
    /// [`FrameFormat::HeadersAndBody`] there is no such name.
    pub fn to_text_as(&self, format: FrameFormat) -> String {
        let headers = Value::Object(self.headers.clone());
        let object = match format {
            FrameFormat::Flat | FrameFormat::FlatHeaders => {
                let mut object = self.values.clone();
                object.insert(format.headers_key().to_owned(), headers);
                object
            }
            FrameFormat::HeadersAndBody => Map::from_iter([
                (format.headers_key().to_owned(), headers),
                ("body".to_owned(), Value::Object(self.values.clone())),
            ]),
        };
        Value::Object(object).to_string()
    }

    /// The values as a type of your own, the headers left aside.
    ///
    /// Texts of form controls are texts here as well; numbers and booleans come from `hx-vals`. Fields that the
    /// form may leave out, such as unchecked boxes, need a `#[serde(default)]`.
    ///
    /// ```
    /// use leptos_live::FormMessage;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Said { text: String, room: u32 }
    ///
    /// let message = FormMessage::parse(r#"{"text":"hi","room":7,"HEADERS":{}}"#)?;
    /// let said: Said = message.read()?;
    /// assert_eq!((said.text.as_str(), said.room), ("hi", 7));
    /// # Ok::<(), leptos_live::MalformedMessage>(())
    /// ```
    ///
    /// # Errors
    /// [`MalformedMessage`] when the values do not fit the type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, MalformedMessage> {
        serde_json::from_value(Value::Object(self.values.clone())).map_err(|error| MalformedMessage {
            kind: "form message",
            expected: "the values of its type",
            found: error.to_string(),
        })
    }

    /// The id by which the sender knows an answer as the one to this message (WSM-21): the header
    /// `HX-Request-ID`, if it is one that can be echoed safely.
    pub fn request_id(&self) -> Option<&str> {
        self.header("HX-Request-ID")
            .filter(|id| acknowledgement::is_request_id(id))
    }

    /// The text of the value with this name; the first one where it has several.
    pub fn value(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Value::Array(values) => values.first()?.as_str(),
            value => value.as_str(),
        }
    }

    /// Every text value with this name, in order.
    pub fn all_values(&self, name: &str) -> Vec<&str> {
        match self.values.get(name) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            Some(value) => value.as_str().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.as_str()
    }
}

fn take_if_object(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    object
        .get(name)?
        .is_object()
        .then(|| object.remove(name))
        .flatten()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, values: &str, headers: &str) {
        let message = FormMessage::parse(text).unwrap();
        assert_eq!(Value::Object(message.values).to_string(), values);
        assert_eq!(Value::Object(message.headers).to_string(), headers);
    }

    #[test]
    fn srv_07_three_spellings_are_read() {
        let headers = r#"{"HX-Request":"true"}"#;
        check(
            r#"{"a":"1","HEADERS":{"HX-Request":"true"}}"#,
            r#"{"a":"1"}"#,
            headers,
        );
        check(
            r#"{"headers":{"HX-Request":"true"},"body":{"a":"1"}}"#,
            r#"{"a":"1"}"#,
            headers,
        );
        check(
            r#"{"a":"1","headers":{"HX-Request":"true"}}"#,
            r#"{"a":"1"}"#,
            headers,
        );
        check(r#"{"a":"1"}"#, r#"{"a":"1"}"#, "{}");
        check(
            r#"{"headers":"mine","a":"1"}"#,
            r#"{"a":"1","headers":"mine"}"#,
            "{}",
        );
        check(r#"{"HEADERS":null,"a":"1"}"#, r#"{"HEADERS":null,"a":"1"}"#, "{}");
        check(
            r#"{"body":{"x":1},"a":"1","headers":{}}"#,
            r#"{"a":"1","body":{"x":1}}"#,
            "{}",
        );
    }

    #[test]
    fn s21_anything_else_is_an_error() {
        for text in [
            "",
            "null",
            "[]",
            "1",
            "\"x\"",
            "{",
            "{\"a\":}",
            "nonsense",
            &"[".repeat(100_000),
        ] {
            assert!(FormMessage::parse(text).is_err(), "{:?}", text.get(..20));
        }
    }

    #[test]
    fn con_05_each_format_is_written() {
        let message = FormMessage::parse(r#"{"a":"1","HEADERS":{"HX-Request":"true"}}"#).unwrap();
        for (format, expected) in [
            (FrameFormat::Flat, r#"{"HEADERS":{"HX-Request":"true"},"a":"1"}"#),
            (
                FrameFormat::HeadersAndBody,
                r#"{"body":{"a":"1"},"headers":{"HX-Request":"true"}}"#,
            ),
            (
                FrameFormat::FlatHeaders,
                r#"{"a":"1","headers":{"HX-Request":"true"}}"#,
            ),
        ] {
            assert_eq!(message.to_text_as(format), expected, "{format:?}");
        }
    }

    #[test]
    fn values_are_read_as_a_type() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Said {
            text: String,
            #[serde(default)]
            tags: Vec<String>,
        }
        let message = FormMessage::parse(r#"{"text":"hi","tags":["a"],"HEADERS":{}}"#).unwrap();
        let said = Said {
            text: "hi".to_owned(),
            tags: vec!["a".to_owned()],
        };
        assert_eq!(message.read::<Said>(), Ok(said));
        let error = FormMessage::default().read::<Said>().unwrap_err().to_string();
        assert!(error.contains("missing field `text`"), "{error}");
    }

    #[test]
    fn wsm_21_only_ids_that_can_be_echoed_count() {
        let id = |text: &str| {
            let text = format!(r#"{{"HEADERS":{{"HX-Request-ID":{text}}}}}"#);
            FormMessage::parse(&text).unwrap().request_id().map(str::to_owned)
        };
        assert_eq!(id(r#""3f-1""#).as_deref(), Some("3f-1"));
        assert_eq!(id("1"), None);
        assert_eq!(id(r#""a\"b""#), None);
    }

    proptest! {
        #[test]
        fn srv_07_what_is_written_is_read(
            values in proptest::collection::btree_map("[a-z]{1,8}", "\\PC{0,8}", 0..6),
            headers in proptest::collection::btree_map("[A-Z][a-z-]{1,8}", "\\PC{0,8}", 0..4),
        ) {
            let object = |pairs: std::collections::BTreeMap<String, String>| {
                pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect::<Map<_, _>>()
            };
            let message = FormMessage { values: object(values), headers: object(headers) };
            for format in FrameFormat::ALL {
                let mut expected = message.clone();
                if format != FrameFormat::HeadersAndBody {
                    expected.values.remove(format.headers_key());
                }
                prop_assert_eq!(FormMessage::parse(&message.to_text_as(format)), Ok(expected));
            }
        }
    }

    #[test]
    fn wss_03_the_flat_form_is_written() {
        let text = r#"{"HEADERS":{"HX-Request":"true"},"tag":["a","b"],"text":"hi"}"#;
        let message = FormMessage::parse(text).unwrap();
        assert_eq!(message.to_text(), text);
        assert_eq!(message.all_values("tag"), ["a", "b"]);
        assert_eq!(message.value("tag"), Some("a"));
        assert_eq!(message.value("none"), None);
    }
}
