//! The event-stream reader: where the bytes are cut makes no difference, also to what is too long.

#![no_main]

use leptos_live::SseDecoder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (bytes, cuts) = input;
    let reader = || SseDecoder::default().max_event_bytes(64);
    let mut whole = reader();
    let expected = whole.push(&bytes);

    let mut pieces = reader();
    let (mut found, mut rest) = (Vec::new(), &*bytes);
    for cut in cuts {
        let (piece, after) = rest.split_at(usize::from(cut).min(rest.len()));
        found.extend(pieces.push(piece));
        rest = after;
    }
    found.extend(pieces.push(rest));

    assert_eq!(found, expected);
    assert_eq!(pieces.take_error(), whole.take_error());
    assert_eq!(pieces.retry(), whole.retry());
    assert_eq!(pieces.last_event_id(), whole.last_event_id());
});
