//! What a form sends over a socket: its values and htmx's request headers.
//!
//! Inside, values and headers are kept apart; on the wire they are written as htmx 1.9 and 2 write
//! them, one flat JSON object with the headers under `HEADERS` (WSS-03). A server also reads the two
//! spellings of htmx 4 (SRV-07).

use serde_json::{Map, Value};

use super::MalformedMessage;

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
        let mut object = self.values.clone();
        object.insert("HEADERS".to_owned(), Value::Object(self.headers.clone()));
        Value::Object(object).to_string()
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
    fn wss_03_the_flat_form_is_written() {
        let text = r#"{"HEADERS":{"HX-Request":"true"},"tag":["a","b"],"text":"hi"}"#;
        let message = FormMessage::parse(text).unwrap();
        assert_eq!(message.to_text(), text);
        assert_eq!(message.all_values("tag"), ["a", "b"]);
        assert_eq!(message.value("tag"), Some("a"));
        assert_eq!(message.value("none"), None);
    }
}
