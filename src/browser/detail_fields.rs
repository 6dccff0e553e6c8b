//! The fields of details that go with every message, each put where it belongs in one step.
//!
//! `Reflect.set` looks for the place of a field each time, and a message to the server has twenty of them; an assignment
//! is compiled by the browser to a store. But it throws for an object that is frozen. So it is for objects that nobody has
//! seen yet: those that scripts know are written by `Reflect.set`, which answers `false`.
//!
//! Those that go with every event or with what comes in have a way each into JavaScript, which the browser makes a store.
//! The many of what goes out share one, with the name as a string of the page's: it is slower once all is warm, but a browser
//! makes a way quick when it has been gone for some hundred times, and few people send as many messages.

use js_sys::JsString;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::event_names::EventName;

#[wasm_bindgen]
extern "C" {
    /// An object of our own that no script has seen.
    pub(crate) type Fields;

    #[wasm_bindgen(method, structural, setter, js_name = elt)]
    pub(crate) fn set_elt(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = target)]
    pub(crate) fn set_target(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = message)]
    pub(crate) fn set_message(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = socketWrapper)]
    pub(crate) fn set_socket_wrapper(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = shouldSwap)]
    pub(crate) fn set_should_swap(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, setter, js_name = fragment)]
    pub(crate) fn set_fragment(this: &Fields, value: &JsValue);

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn assign(this: &Fields, name: &JsString, value: &JsValue);
}

impl Fields {
    pub(crate) fn set(&self, name: impl EventName, value: &JsValue) {
        name.with(|name| self.assign(name, value));
    }
}
