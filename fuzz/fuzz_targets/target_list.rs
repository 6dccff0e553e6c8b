//! `hx-include`, `hx-indicator` and `hx-disabled-elt`.

#![no_main]

use leptos_live::grammar::TargetList;
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| reads_back::<TargetList>(text));
