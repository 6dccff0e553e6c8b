//! Conditions of triggers: read, printed, read again, and computed over values of every kind.

#![no_main]

use leptos_live::grammar::{Filter, Value};
use leptos_live_fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    reads_back::<Filter>(text);
    if let Ok(filter) = text.parse::<Filter>() {
        filter.evaluate(&lookup);
    }
});

/// A path always has the same value, of a kind that its length decides.
fn lookup(path: &[String]) -> Value {
    match path.iter().map(String::len).sum::<usize>() % 6 {
        0 => Value::Undefined,
        1 => Value::Null,
        2 => Value::Bool(true),
        3 => Value::Number(f64::NAN),
        4 => Value::Number(-0.5),
        _ => Value::Text(path.join(".")),
    }
}
