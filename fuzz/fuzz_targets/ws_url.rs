//! Addresses of sockets: what was completed once has a scheme and a host, and stays as it is.

#![no_main]

use leptos_live::grammar::resolve_ws_url;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (url, page_scheme) = input;
    let resolved = resolve_ws_url(url, page_scheme, "page.example:8443");
    if url.starts_with('/') {
        assert!(
            resolved.starts_with("ws://") || resolved.starts_with("wss://"),
            "{url:?} became {resolved:?}"
        );
    }
    assert_eq!(resolve_ws_url(&resolved, "https:", "other.example"), resolved);
});
