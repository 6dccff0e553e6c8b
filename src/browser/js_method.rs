//! Methods of JavaScript objects as functions that can be given away.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::dom;

#[wasm_bindgen]
extern "C" {
    /// A function of any kind, to be tied to what it is called on.
    type Method;

    #[wasm_bindgen(method, structural)]
    fn bind(this: &Method, on: &JsValue) -> JsValue;

    #[wasm_bindgen(method, structural, js_name = bind)]
    fn bind_with(this: &Method, on: &JsValue, argument: &JsValue) -> JsValue;

    #[wasm_bindgen(method, structural, js_name = bind)]
    fn bind_with_both(this: &Method, on: &JsValue, first: &JsValue, second: &JsValue) -> JsValue;
}

/// A method of an object, tied to it.
pub(crate) fn method(of: &JsValue, name: &str) -> JsValue {
    bound(&dom::property(of, name), of)
}

/// A function, tied to what it is called on.
pub(crate) fn bound(function: &JsValue, on: &JsValue) -> JsValue {
    function.unchecked_ref::<Method>().bind(on)
}

/// The same, and to its first argument.
pub(crate) fn bound_with(function: &JsValue, on: &JsValue, argument: &JsValue) -> JsValue {
    function.unchecked_ref::<Method>().bind_with(on, argument)
}

/// A function, tied to its first two arguments.
pub(crate) fn with_both(function: &JsValue, first: &JsValue, second: &JsValue) -> JsValue {
    function
        .unchecked_ref::<Method>()
        .bind_with_both(&JsValue::UNDEFINED, first, second)
}
