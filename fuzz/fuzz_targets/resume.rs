//! Where a reader says that it left off: in the header, which wins, or in the query; with or without `,latest`.

#![no_main]

use std::fmt::Write as _;

use http::Method;
use leptos_live::server::{Rejection, Resume, SseRequest};
use leptos_live_fuzz::requests::request;
use libfuzzer_sys::fuzz_target;

const MOST_BYTES: usize = 256;

fn resume(uri: &str, header: Option<&[u8]>) -> Option<Result<Resume, Rejection>> {
    let header = header.map(|header| ("last-event-id", header));
    let request = request(Method::GET, uri, header.as_slice())?;
    Some(SseRequest::new(request).resume())
}

fn expected(text: &str) -> Result<Resume, Rejection> {
    if text.len() > MOST_BYTES {
        let found = text.len();
        return Err(Rejection::CursorTooLong {
            limit: MOST_BYTES,
            found,
        });
    }
    Ok(Resume::from_text(text))
}

fuzz_target!(|input: (&str, &str)| {
    let (text, query) = input;
    match Resume::from_text(text) {
        Resume::Start => assert!(text.is_empty()),
        Resume::At(at) => assert_eq!(Resume::from_text(&at.to_string()), Resume::At(at)),
        Resume::AtWithLatest(at) => {
            assert!(text.ends_with(",latest"));
            assert_eq!(
                Resume::from_text(&format!("{at},latest")),
                Resume::AtWithLatest(at)
            );
        }
        Resume::Malformed => assert!(!text.is_empty()),
    }
    // Whatever the query is, it is read, and what the header says counts more.
    let uri = format!("/?{query}");
    let _ = resume(&uri, None);
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if let Some(found) = resume(&uri, Some(text.as_bytes())).filter(|_| is_plain && !text.is_empty()) {
        assert_eq!(found, expected(text));
    }
    let mut encoded = String::new();
    for byte in text.bytes() {
        let _ = write!(encoded, "%{byte:02x}");
    }
    if let Some(found) = resume(
        &format!("/?topic=a&last-event-id={encoded}&last-event-id=x"),
        None,
    ) {
        assert_eq!(found, expected(text));
    }
});
