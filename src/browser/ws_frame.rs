//! Telling control frames from messages.
//!
//! A page cannot see the pings of a socket, so the server's heartbeat is a frame too:
//! `{"ll:heartbeat":"<position>"}`. For htmx it would be text without an element, which it ignores.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// What arrived on a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The server is alive and will say so regularly.
    Heartbeat,
    /// Come back no sooner than after this many milliseconds.
    RetryAfter(u32),
    /// The server ends the connection for good.
    Close,
    /// Anything else.
    Message,
}

/// Looks at a frame; only those that begin as a control frame are copied out of JavaScript.
pub(crate) fn read(data: &JsValue) -> Frame {
    match data.dyn_ref::<JsString>() {
        Some(text) if text.starts_with("{\"ll:", 0) => control(&String::from(text)),
        _ => Frame::Message,
    }
}

fn control(text: &str) -> Frame {
    let inner = text
        .trim()
        .strip_prefix("{\"")
        .and_then(|text| text.strip_suffix("\"}"));
    match inner.and_then(|inner| inner.split_once("\":\"")) {
        Some(("ll:heartbeat", _)) => Frame::Heartbeat,
        Some(("ll:close", _)) => Frame::Close,
        Some(("ll:retry", delay)) => delay.parse().map_or(Frame::Message, Frame::RetryAfter),
        _ => Frame::Message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_frames() {
        for (text, expected) in [
            (r#"{"ll:heartbeat":"0000000000000001-2"}"#, Frame::Heartbeat),
            (r#"{"ll:retry":"1500"}"#, Frame::RetryAfter(1500)),
            (r#"{"ll:retry":"soon"}"#, Frame::Message),
            (r#"{"ll:close":"close"}"#, Frame::Close),
            (r#"{"ll:other":"x"}"#, Frame::Message),
            (r#"{"ll:"#, Frame::Message),
        ] {
            assert_eq!(control(text), expected, "{text}");
        }
    }
}
