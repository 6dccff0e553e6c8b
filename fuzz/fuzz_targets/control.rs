//! Control events: what a server says of the stream itself.

#![no_main]

use leptos_live::{Control, ControlKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    for kind in ControlKind::ALL {
        match Control::parse(kind, data) {
            Ok(control) => assert_eq!(Control::parse(kind, &control.to_string()), Ok(control)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    let _ = ControlKind::from_event_name(data);
});
