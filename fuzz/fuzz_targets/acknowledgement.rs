//! Acknowledgements: an id that is taken can forge nothing in the frame that echoes it.

#![no_main]

use leptos_live::encode_acknowledgement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|id: &str| match encode_acknowledgement(id) {
    Ok(frame) => {
        let frame: serde_json::Value = serde_json::from_str(&frame).expect("JSON");
        assert_eq!(frame, serde_json::json!({ "ll:ack": id }));
    }
    Err(error) => assert!(!error.to_string().is_empty()),
});
