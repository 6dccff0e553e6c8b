//! Hearing what a developer would read in the console.

use js_sys::Array;
use wasm_bindgen::JsCast;

use crate::browser::diagnostics;

const FAKE: &str = r#"
window.__realWarn ??= console.warn;
window.__warnings = [];
console.warn = (text) => { window.__warnings.push(String(text)); };
"#;

/// Keeps warnings until dropped.
pub(super) struct FakeConsole;

impl FakeConsole {
    /// From now on, with everything that other tests have provoked still unsaid.
    pub(super) fn install() -> Self {
        diagnostics::forget();
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// What was said so far.
    pub(super) fn warnings(&self) -> Vec<String> {
        let warnings: Array = js_sys::eval("window.__warnings").unwrap().unchecked_into();
        warnings.iter().filter_map(|text| text.as_string()).collect()
    }
}

impl Drop for FakeConsole {
    fn drop(&mut self) {
        js_sys::eval("console.warn = window.__realWarn").unwrap();
    }
}
