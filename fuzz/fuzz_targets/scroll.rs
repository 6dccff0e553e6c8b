//! `scroll:` and `show:` of `hx-swap`, by themselves.

#![no_main]

use leptos_live::grammar::{Edge, Scroll, Show};
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    reads_back::<Edge>(text);
    reads_back::<Scroll>(text);
    reads_back::<Show>(text);
});
