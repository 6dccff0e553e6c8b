//! Files in messages of forms: what a page writes is read back, and everything else is an error.

#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use leptos_live::FormMessage;
use leptos_live::server::FormFile;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|input: (&str, Vec<(&str, &str, &[u8])>)| {
    let (text, files) = input;
    if let Ok(message) = FormMessage::parse(text) {
        for field in message.values.keys() {
            match FormFile::all(&message, field) {
                Ok(files) => assert!(files.len() <= text.len()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
    let written: Vec<_> = files
        .iter()
        .map(|(name, kind, data)| {
            json!({"name": name, "type": kind, "size": data.len(), "data": STANDARD.encode(data)})
        })
        .collect();
    let message = FormMessage::parse(&json!({"doc": written, "HEADERS": {}}).to_string()).expect("a message");
    let read = FormFile::all(&message, "doc").expect("files");
    let read: Vec<_> = read
        .iter()
        .map(|file| (&*file.name, &*file.content_type, &*file.data))
        .collect();
    assert_eq!(read, files);
});
