//! Files that came in a form's message over a socket (WSS-28).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use crate::wire::{FormMessage, MalformedMessage};

/// A file that a form with `Files::base64` has sent.
///
/// ```
/// use leptos_live::FormMessage;
/// use leptos_live::server::FormFile;
///
/// let text = r#"{"doc":{"name":"a.txt","type":"text/plain","size":2,"data":"aGk="},"HEADERS":{}}"#;
/// let files = FormFile::all(&FormMessage::parse(text)?, "doc")?;
/// assert_eq!((files[0].name.as_str(), &files[0].data[..]), ("a.txt", &b"hi"[..]));
/// # Ok::<(), leptos_live::MalformedMessage>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormFile {
    /// The name on the visitor's computer, as the page has told it: not one to write a file under.
    pub name: String,
    /// The type that the visitor's browser has guessed; empty where it knows none.
    pub content_type: String,
    /// What is in it.
    pub data: Bytes,
}

impl FormFile {
    /// The files of a field, in order; none where the message has no such field.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the field holds something else.
    pub fn all(message: &FormMessage, field: &str) -> Result<Vec<Self>, MalformedMessage> {
        match message.values.get(field) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => values.iter().map(Self::read).collect(),
            Some(value) => Ok(vec![Self::read(value)?]),
        }
    }

    fn read(value: &Value) -> Result<Self, MalformedMessage> {
        let malformed = |found: &str| MalformedMessage {
            kind: "file in a form message",
            expected: "an object with `name`, `type`, `size` and `data` in base64",
            found: found.to_owned(),
        };
        let text = |name: &str| {
            let found = value.get(name).and_then(Value::as_str);
            found.ok_or_else(|| malformed(&format!("no text in `{name}`")))
        };
        let data = STANDARD
            .decode(text("data")?)
            .map_err(|error| malformed(&error.to_string()))?;
        if value.get("size").and_then(Value::as_u64) != Some(data.len() as u64) {
            return Err(malformed("another size"));
        }
        Ok(Self {
            name: text("name")?.to_owned(),
            content_type: text("type")?.to_owned(),
            data: data.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(field: &str) -> Result<Vec<FormFile>, MalformedMessage> {
        FormFile::all(&FormMessage::parse(&format!(r#"{{"f":{field}}}"#)).unwrap(), "f")
    }

    #[test]
    fn wss_28_files_are_read_back() {
        let empty = r#"{"name":"e","type":"","size":0,"data":""}"#;
        let two = files(&format!(
            r#"[{empty},{{"name":"b","type":"x/y","size":3,"data":"AAEC"}}]"#
        ))
        .unwrap();
        let read: Vec<_> = two
            .iter()
            .map(|file| (file.name.as_str(), &file.data[..]))
            .collect();
        assert_eq!(read, [("e", &b""[..]), ("b", &[0, 1, 2])]);
        assert_eq!(files(empty).unwrap().len(), 1);
        assert!(FormFile::all(&FormMessage::default(), "f").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_file_is_an_error() {
        for field in [
            "{}",
            "\"a.txt\"",
            r#"{"name":"a","type":"","size":1,"data":"!"}"#,
            r#"{"name":"a","type":"","size":9,"data":"AA=="}"#,
            r#"{"type":"","size":1,"data":"AA=="}"#,
        ] {
            let error = files(field).unwrap_err().to_string();
            assert!(
                error.starts_with("file in a form message: expected"),
                "{field}: {error}"
            );
        }
    }
}
