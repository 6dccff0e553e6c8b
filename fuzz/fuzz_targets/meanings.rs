//! All attributes of a stream and of a socket together: whatever they say, the answer is a meaning or errors.

#![no_main]

use leptos_live::grammar::{SseAttributes, SseMeaning, WsAttributes, WsMeaning};
use libfuzzer_sys::fuzz_target;

type Text<'a> = Option<&'a str>;

fuzz_target!(|input: (Text<'_>, Text<'_>, Text<'_>, Text<'_>)| {
    let (first, second, third, fourth) = input;
    let stream = SseMeaning::read(SseAttributes {
        hx_sse: first,
        sse_connect: second,
        sse_swap: third,
        sse_close: fourth,
    });
    if let Err(errors) = stream {
        assert!(errors.iter().all(|error| !error.to_string().is_empty()) && !errors.is_empty());
    }
    let socket = WsMeaning::read(WsAttributes {
        hx_ws: first,
        ws_connect: second,
        ws_send: third.is_some(),
    });
    if let Err(errors) = socket {
        assert!(errors.iter().all(|error| !error.to_string().is_empty()) && !errors.is_empty());
    }
});
