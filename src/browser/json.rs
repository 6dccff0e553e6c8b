//! The browser's own JSON, for text that stays in JavaScript.

use js_sys::JsString;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    // `js_sys::JSON::parse` takes `&str`, which copies the text through wasm memory.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn json_parse(text: &JsString) -> Result<JsValue, JsValue>;
}

/// The value of a JSON text; `None` where it is none.
pub(crate) fn parse(text: &JsString) -> Option<JsValue> {
    json_parse(text).ok()
}
