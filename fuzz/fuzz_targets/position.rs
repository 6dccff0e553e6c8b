//! Cursors, which come from anyone who can send a request.

#![no_main]

use leptos_live::Position;
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| reads_back::<Position>(text));
