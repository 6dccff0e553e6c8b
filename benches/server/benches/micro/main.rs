//! How long the small things take: encoding, the attribute languages, rings, merging topics, and
//! rendering.
//!
//! `cargo bench -p leptos-live-bench-server`; for what a change has done to one of them, not for comparing with others.

mod encoding;
mod grammar;
mod hub;
mod rendering;

fn main() {
    divan::main();
}
