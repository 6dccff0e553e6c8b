//! What holds of everything that reads text from outside: no text makes it panic, and reading takes time in proportion to
//! the text. `fuzz/` looks for counterexamples to the first; here are generated texts, and for the second texts that are
//! known to be nasty.
//!
//! Whoever can put markup into a page or send a message chooses these texts. Those below are of the kinds that make a
//! careless reader go over the same place again and again: many words, deep brackets, strings without an end. Something
//! quadratic takes a hundred times as long for ten times as much, so a limit of forty leaves room for a busy machine; and as
//! a machine may be busy in just this moment, the best of several attempts counts.

mod wire;

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::grammar::{
    Filter, Interval, Params, Scroll, SelectOob, Show, SseAttributes, SseMeaning, SseSpec, SseSwapNames,
    SwapOob, SwapSpec, SyncSpec, Target, TargetList, TriggerList, WsAttributes, WsMeaning, WsSpec,
    resolve_ws_url,
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
        SseSwapNames,
        WsSpec,
        SwapSpec,
        Scroll,
        Show,
        SwapOob,
        SelectOob,
        Target,
        TargetList,
        Params,
        SyncSpec,
        TriggerList,
        Filter,
        Interval
    );
    for language in languages {
        check(language, &ANY);
    }
    let meanings: Read = |text| {
        let some = Some(text);
        let stream = SseMeaning::read(SseAttributes {
            hx_sse: some,
            sse_connect: some,
            sse_swap: some,
            sse_close: some,
        });
        let socket = WsMeaning::read(WsAttributes {
            hx_ws: some,
            ws_connect: some,
            ws_send: true,
        });
        drop(black_box((stream, socket)));
    };
    check(meanings, &ANY);
}

#[test]
fn sources() {
    let [sse, ws, names] = read!(SseSpec, WsSpec, SseSwapNames);
    check(names, &[("", "a, ", "b"), ("a", " ", ",b")]);
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
fn requests() {
    let [list, params, sync] = read!(TargetList, Params, SyncSpec);
    check(
        list,
        &[
            ("", "closest a, ", "inherit"),
            ("", "<a, ", "/>"),
            ("", "<a/>, ", "b"),
            ("", ":is(a, ", ""),
            ("", "inherit, ", "a"),
        ],
    );
    check(
        params,
        &[("not ", "a, ", "b"), ("", "not ", "a"), ("", "a, ", "")],
    );
    check(
        sync,
        &[
            ("a", ":b", ":drop"),
            ("a", ":b", ""),
            ("a", ":b", "[c"),
            ("a:", "queue ", "all"),
            (":is(", ":a", "):abort"),
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
