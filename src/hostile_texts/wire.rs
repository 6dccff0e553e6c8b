//! The texts that come over the network.

use std::hint::black_box;

use proptest::prelude::*;

use super::{Read, check};
use crate::{
    ConnectionId, Control, ControlKind, DataEvent, Envelope, EventName, FormMessage, IdempotencyKey,
    Position, SseDecoder, Topic,
};

#[test]
fn streams() {
    let decode: Read = |text| drop(black_box(SseDecoder::default().push(text.as_bytes())));
    check(
        decode,
        &[
            ("", "data: a\n", "\n"),
            ("", "data: a\n\n", ""),
            ("", "\r", ""),
            ("", ":\n", ""),
            ("data: ", "a", ""),
            ("", "event: a\nid: 1\nretry: 5\ndata\n\n", ""),
            ("id: ", "1", "\n\n"),
            ("", "\u{feff}", ""),
        ],
    );
    // Each event has the id of those before it, however long that is.
    let after_a_long_id: Read = |text| {
        let mut decoder = SseDecoder::resuming_at(text);
        for _ in 0..text.len() {
            black_box(decoder.push(b"data\n\n"));
        }
    };
    check(after_a_long_id, &[("", "a", "")]);
    // The same one byte at a time: what has come before must not be looked at again.
    let trickle: Read = |text| {
        let mut decoder = SseDecoder::default();
        for byte in text.bytes() {
            black_box(decoder.push(&[byte]));
        }
    };
    check(
        trickle,
        &[("data: ", "a", "\n\n"), ("", "data: a\n", "\n"), ("", "\r\n", "")],
    );
}

#[test]
fn messages() {
    let form: Read = |text| drop(black_box(FormMessage::parse(text)));
    check(
        form,
        &[
            ("{\"a\":[", "1,", "1]}"),
            ("{", "\"a\":1,", "\"HEADERS\":{}}"),
            ("", "[", ""),
            ("{\"a\":\"", "\\u00e9", "\"}"),
        ],
    );
    let envelope: Read = |text| {
        if let Ok(envelope) = black_box(Envelope::parse(text)) {
            black_box(envelope.to_text());
        }
        drop(black_box(serde_json::from_str::<DataEvent<String>>(text)));
    };
    check(
        envelope,
        &[
            ("{\"content\":\"", "\\u00e9", "\"}"),
            ("{\"content\":\"\"", ",\"a\":1", "}"),
            ("", "{\"content\":", ""),
            ("{\"event\":\"a\",\"position\":\"", "0", "-1\",\"data\":\"\"}"),
            ("{\"event\":\"", "a", "\"}"),
        ],
    );
    let control: Read = |text| {
        for kind in ControlKind::ALL {
            drop(black_box(Control::parse(kind, text)));
        }
    };
    check(
        control,
        &[("evicted ", "0", ""), ("", "evicted ", ""), ("", "9", "")],
    );
    let names: Read = |text| {
        drop(black_box((
            text.parse::<Position>(),
            text.parse::<ConnectionId>(),
            Topic::new(text),
            Topic::join([text, text]),
            Topic::for_user(text, text),
            EventName::new(text),
            IdempotencyKey::new(text),
        )));
    };
    check(
        names,
        &[("0000000000000001-", "9", ""), ("", "é", ""), ("ll:", "a", "")],
    );
}

proptest! {
    // The languages' own files have the same for each of them.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = SseDecoder::default().push(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = FormMessage::parse(&text);
    }

    #[test]
    fn whatever_looks_like_a_message_is_answered(
        text in r#"(\{|\}|\[|\]|"HEADERS"|"headers"|"body"|"a"|:|,|1|null| ){0,30}"#,
    ) {
        if let Ok(mut message) = FormMessage::parse(&text) {
            // The headers take the place of a value of that name.
            message.values.remove("HEADERS");
            prop_assert_eq!(FormMessage::parse(&message.to_text()), Ok(message));
        }
    }
}
