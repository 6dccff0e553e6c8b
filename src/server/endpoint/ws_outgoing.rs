//! What is written on a socket, in the form it has there.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use bytes::Bytes;

use crate::server::Payload;
use crate::wire::Control;

/// What the reading half and the app hand to the writing half.
#[derive(Debug)]
pub(super) enum Outgoing {
    Text(Utf8Bytes),
    Binary(Bytes),
    Close(CloseFrame),
}

impl Outgoing {
    pub(super) fn payload(payload: &Payload) -> Self {
        Self::text(payload.as_bytes().clone())
    }

    /// Text as bytes that are shared.
    pub(super) fn text(bytes: Bytes) -> Self {
        // Payloads and frames are made of strings, so this does not fail.
        Self::Text(Utf8Bytes::try_from(bytes).unwrap_or_default())
    }

    /// What a control event is on a socket: JSON, which cannot be taken for HTML.
    pub(super) fn control(control: &Control) -> Option<Self> {
        match control {
            // A source of a socket leaves out what it has seen by itself, and nothing is exempt from that.
            Control::Snapshot(_) | Control::Live(_) | Control::Added(_) => None,
            // The data of a control event holds neither quotes nor backslashes.
            _ => {
                let name = control.kind().event_name();
                Some(Self::Text(format!("{{\"{name}\":\"{control}\"}}").into()))
            }
        }
    }
}

impl From<Outgoing> for Message {
    fn from(outgoing: Outgoing) -> Self {
        match outgoing {
            Outgoing::Text(text) => Self::Text(text),
            Outgoing::Binary(bytes) => Self::Binary(bytes),
            Outgoing::Close(frame) => Self::Close(Some(frame)),
        }
    }
}

/// A close frame whose reason fits.
pub(super) fn close_frame(code: u16, reason: &str) -> CloseFrame {
    const MAX_REASON_BYTES: usize = 123;
    let mut end = reason.len().min(MAX_REASON_BYTES);
    while !reason.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    CloseFrame {
        code,
        reason: Utf8Bytes::from(reason.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(close_frame(4401, "signed out").reason.as_str(), "signed out");
        let cut = close_frame(4401, &"ü".repeat(100));
        assert_eq!(cut.reason.len(), 122);
    }
}
