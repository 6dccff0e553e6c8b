//! What a page's forms send: any of three spellings in, one spelling out.

#![no_main]

use leptos_live::FormMessage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match FormMessage::parse(text) {
    Ok(mut message) => {
        // The headers overwrite a value of that name when they are written.
        message.values.remove("HEADERS");
        assert_eq!(FormMessage::parse(&message.to_text()), Ok(message));
    }
    Err(error) => assert!(!error.to_string().is_empty()),
});
