//! A stand-in for `fetch`, put in the place of the page's own (SSE-08).

use js_sys::Array;
use wasm_bindgen::JsCast;

const FAKE: &str = r#"
window.__realFetch ??= window.fetch;
window.__answered = [];
window.fetch = (url, init) => {
    window.__answered.push(`${init?.method ?? "GET"} ${url}`);
    return Promise.resolve(new Response("<b>answered</b>"));
};
"#;

/// Answers every request with `<b>answered</b>` until dropped.
pub(super) struct FakeAnswers;

impl FakeAnswers {
    pub(super) fn install() -> Self {
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// The requests so far, by method and address.
    pub(super) fn requests(&self) -> Vec<String> {
        let requests: Array = js_sys::eval("window.__answered").unwrap().unchecked_into();
        requests
            .iter()
            .filter_map(|request| request.as_string())
            .collect()
    }
}

impl Drop for FakeAnswers {
    fn drop(&mut self) {
        js_sys::eval("window.fetch = window.__realFetch").unwrap();
    }
}
