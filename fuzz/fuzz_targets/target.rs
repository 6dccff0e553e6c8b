//! `hx-target`.

#![no_main]

use leptos_live::grammar::Target;
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| reads_back::<Target>(text));
