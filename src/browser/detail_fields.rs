//! The fields of details that go with every message, each put where it belongs in one step.
//!
//! `Reflect.set` looks for the place of a field each time, and a message to the server has thirty of them; an assignment
//! is compiled by the browser to a store. But it throws for an object that is frozen. So it is for objects that nobody has
//! seen yet: those that scripts know are written by `Reflect.set`, which answers `false`.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// An object of our own that no script has seen.
    pub(crate) type Fields;

    #[wasm_bindgen(method, structural, setter, js_name = elt)]
    pub(crate) fn set_elt(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = target)]
    pub(crate) fn set_target(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = triggeringEvent)]
    pub(crate) fn set_triggering_event(this: &Fields, value: &JsValue);

    // Of `htmx:confirm`.

    #[wasm_bindgen(method, structural, setter, js_name = path)]
    pub(crate) fn set_path(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = verb)]
    pub(crate) fn set_verb(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = etc)]
    pub(crate) fn set_etc(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = question)]
    pub(crate) fn set_question(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = issueRequest)]
    pub(crate) fn set_issue_request(this: &Fields, value: &JsValue);

    // Of a message to the server.

    #[wasm_bindgen(method, structural, setter, js_name = parameters)]
    pub(crate) fn set_parameters(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = unfilteredParameters)]
    pub(crate) fn set_unfiltered_parameters(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = headers)]
    pub(crate) fn set_headers(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = errors)]
    pub(crate) fn set_errors(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = messageBody)]
    pub(crate) fn set_message_body(this: &Fields, value: &JsValue);

    // Of a message in either direction.

    #[wasm_bindgen(method, structural, setter, js_name = message)]
    pub(crate) fn set_message(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = socketWrapper)]
    pub(crate) fn set_socket_wrapper(this: &Fields, value: &JsValue);

    // The headers of a message, and where they stand in it.

    #[wasm_bindgen(method, structural, setter, js_name = HEADERS)]
    pub(crate) fn set_message_headers(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = "HX-Request")]
    pub(crate) fn set_hx_request(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = "HX-Trigger")]
    pub(crate) fn set_hx_trigger(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = "HX-Trigger-Name")]
    pub(crate) fn set_hx_trigger_name(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = "HX-Target")]
    pub(crate) fn set_hx_target(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = "HX-Current-URL")]
    pub(crate) fn set_hx_current_url(this: &Fields, value: &JsValue);
}
