//! Origins, which any page can have and any program can claim.

#![no_main]

use leptos_live::server::Origin;
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| reads_back::<Origin>(text));
