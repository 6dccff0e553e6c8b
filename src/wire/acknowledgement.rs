//! What a server says when it has dealt with a message: `{"ll:ack":"<request id>"}`.
//!
//! htmx has no such thing (WSS-29): a page that runs it takes the frame for text without an element
//! and ignores it. The id is the `HX-Request-ID` header of the message (WSM-21).

use super::MalformedMessage;

/// The longest id that is echoed, in bytes; a UUID has 36.
const MAX_ID_BYTES: usize = 64;

const BEFORE: &str = "{\"ll:ack\":\"";
const AFTER: &str = "\"}";

/// Whether this can be a request id. What stands in it comes from a client and goes out again inside of JSON.
pub(crate) fn is_request_id(text: &str) -> bool {
    (1..=MAX_ID_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The frame that acknowledges the message with this id.
///
/// # Errors
/// [`MalformedMessage`] when it is no request id: 1 to 64 ASCII letters, digits and dashes.
///
/// ```
/// assert_eq!(leptos_live::encode_acknowledgement("7f-3")?, r#"{"ll:ack":"7f-3"}"#);
/// # Ok::<(), leptos_live::MalformedMessage>(())
/// ```
pub fn encode_acknowledgement(id: &str) -> Result<String, MalformedMessage> {
    if is_request_id(id) {
        return Ok(format!("{BEFORE}{id}{AFTER}"));
    }
    Err(MalformedMessage {
        kind: "acknowledgement",
        expected: "a request id of 1 to 64 ASCII letters, digits and dashes",
        found: format!("{:?}", id.chars().take(MAX_ID_BYTES).collect::<String>()),
    })
}

/// The id of the message that this frame acknowledges, if it is such a frame.
pub(crate) fn parse_acknowledgement(frame: &str) -> Option<&str> {
    let id = frame.trim().strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    is_request_id(id).then_some(id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wsm_21_what_is_no_id_is_refused() {
        let long = "x".repeat(65);
        for id in ["", "a b", "a\"b", "ü", long.as_str()] {
            let error = encode_acknowledgement(id).unwrap_err().to_string();
            assert!(error.contains("expected a request id"), "{error}");
        }
    }

    #[test]
    fn other_frames_acknowledge_nothing() {
        for frame in [
            "",
            r#"{"ll:ack":""}"#,
            r#"{"ll:ack":"a b"}"#,
            r#"{"ll:ack":"a","b":1}"#,
            r#"{"ll:heartbeat":"a"}"#,
        ] {
            assert_eq!(parse_acknowledgement(frame), None, "{frame}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(id in "[A-Za-z0-9-]{1,64}") {
            let frame = encode_acknowledgement(&id).unwrap();
            prop_assert_eq!(parse_acknowledgement(&frame), Some(id.as_str()));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = parse_acknowledgement(&text);
            let _ = encode_acknowledgement(&text);
        }
    }
}
