//! What holds of everything that reads text from outside: no text makes it panic, and reading takes time in proportion to
//! the text. `fuzz/` looks for counterexamples to the first; here are generated texts, and for the second texts that are
//! known to be nasty.
//!
//! Whoever can put markup into a page or send a message chooses these texts. Those below are of the kinds that make a
//! careless reader go over the same place again and again: many words, deep brackets, strings without an end. Something
//! quadratic takes a hundred times as long for ten times as much, so a limit of forty leaves room for a busy machine; and as
//! a machine may be busy in just this moment, the best of several attempts counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::grammar::{
    Filter, Interval, SelectOob, SseSpec, SwapOob, SwapSpec, Target, TriggerList, WsSpec, resolve_ws_url,
};
use crate::{
    ConnectionId, Control, ControlKind, EventName, FormMessage, IdempotencyKey, Position, SseDecoder, Topic,
};

/// How often the repeated part stands in the shorter text.
const UNITS: usize = 2_000;
/// How many times longer the longer one is.
const FACTOR: usize = 10;
/// How many times longer it may take.
const MOST: u32 = 40;
const ATTEMPTS: usize = 8;
/// What takes less cannot be measured, and does no harm.
const SHORTEST: Duration = Duration::from_micros(50);

type Read = fn(&str);

/// A text: what stands before, what is repeated, what stands after.
type Parts = (&'static str, &'static str, &'static str);

#[track_caller]
fn check(read: Read, texts: &[Parts]) {
    for (before, unit, after) in texts {
        let text = |units: usize| format!("{before}{}{after}", unit.repeat(units));
        let (short, long) = (text(UNITS), text(UNITS * FACTOR));
        let is_linear = (0..ATTEMPTS).any(|_| time(read, &long) < time(read, &short).max(SHORTEST) * MOST);
        assert!(
            is_linear,
            "{before}…{unit}…{after} takes more than {MOST} times as long when it is {FACTOR} times as long"
        );
    }
}

fn time(read: Read, text: &str) -> Duration {
    let start = Instant::now();
    read(black_box(text));
    start.elapsed()
}

/// Reads a value and, where there is one, prints it; else prints the error.
macro_rules! read {
    ($($type:ident),*) => {
        [$((|text: &str| {
            let printed = match text.parse::<$type>() {
                Ok(value) => value.to_string(),
                Err(error) => error.to_string(),
            };
            black_box(printed);
        }) as Read),*]
    };
}

/// Texts that every one of the attribute languages gets.
const ANY: [Parts; 12] = [
    ("", "a", ""),
    ("", " ", "a"),
    ("", "a ", ""),
    ("", "a,", ""),
    ("", ":", ""),
    ("", "(", ""),
    ("", "[a='", ""),
    ("", "\\", ""),
    ("", "a.", ""),
    ("", "!", "a"),
    ("", "9", ""),
    ("", "é\u{2003}", ""),
];

#[test]
fn attribute_languages() {
    let languages = read!(
        SseSpec,
        WsSpec,
        SwapSpec,
        SwapOob,
        SelectOob,
        Target,
        TriggerList,
        Filter,
        Interval
    );
    for language in languages {
        check(language, &ANY);
    }
}

#[test]
fn sources() {
    let [sse, ws] = read!(SseSpec, WsSpec);
    check(
        sse,
        &[
            ("connect:/a ", "swap:a ", ""),
            ("swap:", ":", ""),
            ("", "swap:a ", "x"),
        ],
    );
    check(ws, &[("send connect:", "/a", ""), ("send ", "connect:", "")]);
    check(
        |text| drop(black_box(resolve_ws_url(text, "https:", "h"))),
        &[("", "/", ""), ("wss:", "/", ""), ("https://", "a", "")],
    );
}

#[test]
fn swaps() {
    let [swap, oob, select, target] = read!(SwapSpec, SwapOob, SelectOob, Target);
    check(
        swap,
        &[
            ("innerHTML scroll:", "a:", "top"),
            ("innerHTML show:(", ":not(a)", "):top"),
            ("innerHTML settle:", "0", "s"),
        ],
    );
    check(
        oob,
        &[
            ("innerHTML:", "a ", ""),
            ("innerHTML:", ":is(", ""),
            ("innerHTML target:(", "[a=\"b\"]", ")"),
            ("innerHTML target:'", "a", ""),
        ],
    );
    check(
        select,
        &[
            ("", "#a, ", "#b"),
            ("#a", ":b", ""),
            ("#a", ":true b", ""),
            ("#a:beforeend ", "target:b ", ""),
        ],
    );
    check(
        target,
        &[
            ("closest ", "a > ", "b"),
            ("<", "a ", "/>"),
            ("next ", "(", ""),
            ("find ", "[", ""),
        ],
    );
}

#[test]
fn triggers() {
    let [triggers, filter, interval] = read!(TriggerList, Filter, Interval);
    check(
        triggers,
        &[
            ("", "click once delay:1s, ", "load"),
            ("", "sse:a[b == 'c'], ", "load"),
            ("", "a from:next once,", ""),
            ("a from:closest (", ":not(b)", ")"),
            ("a from:next ", "b", ""),
            ("a target:", "{", ""),
            ("every 1s [", "a.", "b]"),
            ("intersect threshold:0.", "5", ""),
        ],
    );
    check(
        filter,
        &[
            ("'", "\\n", "'"),
            ("'", "a", ""),
            ("", "a || ", "a"),
            ("0.", "9", ""),
            ("", "a.", "a == 1"),
        ],
    );
    check(interval, &[("0.", "9", "s"), ("", "0", "m"), ("", "9", ".9ms")]);
}

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
