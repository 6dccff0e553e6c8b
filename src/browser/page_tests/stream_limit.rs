//! The word to the developer before a page has more streams than its tabs have connections.

use wasm_bindgen_test::wasm_bindgen_test;

use super::fake_console::FakeConsole;
use super::fake_event_source::FakeEventSource;
use super::{end, live};

/// Makes the page one that was loaded by this protocol, until dropped.
struct LoadedBy;

impl LoadedBy {
    /// The page itself, and everything else.
    fn protocols(page: &str, rest: &str) -> Self {
        js_sys::eval(&format!(
            "performance.getEntriesByType = (type) => type === 'navigation'
                ? [{{ nextHopProtocol: '{page}', name: location.href }}]
                : ['https://elsewhere.example', location.origin]
                    .map((origin) => ({{ nextHopProtocol: '{rest}', name: `${{origin}}/script.js` }}))"
        ))
        .unwrap();
        Self
    }
}

impl Drop for LoadedBy {
    fn drop(&mut self) {
        js_sys::eval("delete performance.getEntriesByType").unwrap();
    }
}

fn sources(count: usize, before: &str) -> String {
    (0..count)
        .map(|number| format!(r#"<div hx-sse="connect:{before}/limit{number}"></div>"#))
        .collect()
}

#[wasm_bindgen_test]
async fn r20_the_fourth_stream_over_http_1_is_told_of_once() {
    const ELSEWHERE: &str = "https://elsewhere.example";
    for (page, rest, before, count, expected) in [
        ("http/1.1", "http/1.1", "", 3, 0),
        ("http/1.1", "http/1.1", "", 4, 1),
        ("http/1.1", "http/1.1", "", 9, 1),
        ("h2", "h2", "", 9, 0),
        ("h3", "h3", "", 9, 0),
        // What comes from the browser's cache does not say.
        ("", "http/1.1", "", 4, 1),
        ("", "h2", "", 9, 0),
        // This page has no TLS.
        ("", "", "", 3, 0),
        ("", "", "", 4, 1),
        ("", "http/1.1", ELSEWHERE, 4, 1),
        ("http/1.1", "", ELSEWHERE, 9, 0),
        ("http/1.1", "http/1.1", "https://unknown.example", 9, 0),
    ] {
        let (fake, console) = (FakeEventSource::install(), FakeConsole::install());
        let loaded = LoadedBy::protocols(page, rest);
        let stage = live(&sources(count, before)).await;
        assert_eq!(fake.alive(), count);
        let warnings = console.warnings();
        assert_eq!(
            warnings.len(),
            expected,
            "{page} {rest} {before} {count} {warnings:?}"
        );
        end(&stage);
        drop(loaded);
    }
}

#[wasm_bindgen_test]
async fn r20_streams_that_are_shared_or_over_do_not_count() {
    let (fake, console) = (FakeEventSource::install(), FakeConsole::install());
    let _loaded = LoadedBy::protocols("http/1.1", "http/1.1");
    let shared = r#"<div hx-sse="connect:/limit"></div>"#.repeat(9);
    let stage = live(&shared).await;
    assert_eq!(fake.alive(), 1);
    end(&stage);
    for _ in 0..4 {
        let stage = live(&sources(3, "")).await;
        end(&stage);
    }
    assert!(console.warnings().is_empty(), "{:?}", console.warnings());
}
