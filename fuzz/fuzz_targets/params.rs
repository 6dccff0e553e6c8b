//! `hx-params`.

#![no_main]

use leptos_live::grammar::Params;
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| reads_back::<Params>(text));
