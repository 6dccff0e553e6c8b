//! Envelopes and typed events, which sockets carry: what is read can be written, and is read as the same.

#![no_main]

use leptos_live::{DataEvent, Envelope, encode_data_event};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Envelope::parse(text) {
        Ok(envelope) => assert_eq!(Envelope::parse(&envelope.to_text()), Ok(envelope)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(event) = serde_json::from_str::<DataEvent<String>>(text) {
        let data = serde_json::to_string(&event.data).expect("a text is JSON");
        let written = encode_data_event(&event.name, event.position, &data);
        assert_eq!(
            serde_json::from_str::<DataEvent<String>>(&written).ok(),
            Some(event)
        );
    }
});
