//! Telling control frames from messages.
//!
//! A page cannot see the pings of a socket, so the server's heartbeat is a frame too:
//! `{"ll:heartbeat":"<position>"}`. For htmx it would be text without an element, which it ignores.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

use crate::wire::{Control, ControlKind, Gap, parse_acknowledgement};

/// `{`
const BRACE: f64 = 123.0;

/// What arrived on a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The server is alive and will say so regularly.
    Heartbeat,
    /// Come back no sooner than after this many milliseconds.
    RetryAfter(u32),
    /// What was sent meanwhile is lost, and how much of it.
    Gap(Gap),
    /// The server has dealt with the message of this id.
    Acknowledged(String),
    /// Whether the server is in touch with where its events come from.
    Upstream(bool),
    /// The server ends the connection for good.
    Close,
    /// The version of what the server sends.
    Version(u32),
    /// A control frame that says nothing to a page, or nothing that it understands.
    Other,
    /// Anything else.
    Message,
}

/// Looks at a frame; only those that begin as a control frame are copied out of JavaScript.
pub(crate) fn read(data: &JsValue) -> Frame {
    match data.dyn_ref::<JsString>() {
        // HTML never begins like that, and a number is sooner asked for than a text.
        Some(text) if text.char_code_at(0) == BRACE && text.starts_with("{\"ll:", 0) => {
            control(&String::from(text))
        }
        _ => Frame::Message,
    }
}

fn control(text: &str) -> Frame {
    if let Some(id) = parse_acknowledgement(text) {
        return Frame::Acknowledged(id.to_owned());
    }
    let inner = text
        .trim()
        .strip_prefix("{\"")
        .and_then(|text| text.strip_suffix("\"}"));
    let control = inner
        .and_then(|inner| inner.split_once("\":\""))
        .and_then(|(name, data)| Control::parse(ControlKind::from_event_name(name)?, data).ok());
    match control {
        Some(Control::Heartbeat(_)) => Frame::Heartbeat,
        Some(Control::Retry(delay)) => Frame::RetryAfter(delay),
        Some(Control::Gap(gap)) => Frame::Gap(gap),
        Some(Control::Upstream(is_up)) => Frame::Upstream(is_up),
        Some(Control::Close) => Frame::Close,
        Some(Control::Version(version)) => Frame::Version(version),
        _ => Frame::Other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gap_is_told_and_no_message() {
        let frame = control(r#"{"ll:gap":"evicted 0000000000000001-9"}"#);
        assert!(
            matches!(frame, Frame::Gap(gap) if gap.to.offset == 9),
            "{frame:?}"
        );
    }

    #[test]
    fn control_frames() {
        for (text, expected) in [
            (r#"{"ll:heartbeat":"0000000000000001-2"}"#, Frame::Heartbeat),
            (r#"{"ll:retry":"1500"}"#, Frame::RetryAfter(1500)),
            (r#"{"ll:retry":"soon"}"#, Frame::Other),
            (r#"{"ll:close":"close"}"#, Frame::Close),
            (r#"{"ll:version":"2"}"#, Frame::Version(2)),
            (r#"{"ll:upstream":"down"}"#, Frame::Upstream(false)),
            (r#"{"ll:ack":"3f-1"}"#, Frame::Acknowledged("3f-1".to_owned())),
            (r#"{"ll:ack":"3f 1"}"#, Frame::Other),
            (r#"{"ll:live":"0000000000000001-2"}"#, Frame::Other),
            (r#"{"ll:other":"x"}"#, Frame::Other),
            (r#"{"ll:"#, Frame::Other),
        ] {
            assert_eq!(control(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_some_frame(
            rest in any::<String>(),
            words in r#"(heartbeat|gap|retry|close|evicted|"|:|\}| |[0-9a-f]{16}-1|7){0,12}"#,
        ) {
            for rest in [rest, words] {
                let frame = control(&format!("{{\"ll:{rest}"));
                prop_assert_ne!(frame, Frame::Message);
            }
        }
    }
}
