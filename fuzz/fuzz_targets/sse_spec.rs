//! `hx-sse`.

#![no_main]

use leptos_live::grammar::SseSpec;
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| reads_back::<SseSpec>(text));
