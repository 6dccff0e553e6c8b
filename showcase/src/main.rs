//! Showcase server.
fn main() {}
