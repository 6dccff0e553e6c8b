//! Events into text, and text into events.

use divan::{Bencher, black_box};
use leptos_live::{Epoch, EventName, Position, SseDecoder, encode_event};

fn event(bytes: usize) -> (EventName, Position, String) {
    let position = Position {
        epoch: Epoch(0x1234_5678_9abc_def0),
        offset: 123_456,
    };
    let name = EventName::new("headline").unwrap_or_default();
    (name, position, "x".repeat(bytes))
}

#[divan::bench(args = [100, 2_000, 50_000])]
fn encode(bencher: Bencher<'_, '_>, bytes: usize) {
    let (name, position, data) = event(bytes);
    bencher.bench(|| encode_event(black_box(&name), Some(position), black_box(&data)));
}

#[divan::bench(args = [100, 2_000, 50_000])]
fn decode(bencher: Bencher<'_, '_>, bytes: usize) {
    let (name, position, data) = event(bytes);
    let text = encode_event(&name, Some(position), &data);
    let mut decoder = SseDecoder::default();
    bencher.bench_local(|| decoder.push(black_box(text.as_bytes())));
}
