//! The fields of details that go with every message, each put where it belongs in one step.
//!
//! `Reflect.set` looks for the place of a field each time, and a message to the server has twenty of them; an assignment
//! is compiled by the browser to a store. But it throws for an object that is frozen. So it is for objects that nobody has
//! seen yet: those that scripts know are written by `Reflect.set`, which answers `false`.
//!
//! All of them go one way into JavaScript, with the name as a string of the page's: the browser makes a way quick once it
//! has been gone for some hundred times, and a way for each name would need as many messages.

use js_sys::JsString;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::event_names::EventName;

#[wasm_bindgen]
extern "C" {
    /// An object of our own that no script has seen.
    pub(crate) type Fields;

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn assign(this: &Fields, name: &JsString, value: &JsValue);
}

impl Fields {
    pub(crate) fn set(&self, name: impl EventName, value: &JsValue) {
        name.with(|name| self.assign(name, value));
    }
}
