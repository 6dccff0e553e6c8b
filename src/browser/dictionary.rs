//! Objects that say how the browser is to do something, where it is said once or seldom.
//!
//! As `web-sys` has them, each member is an import of its own.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// An object with these members, as the kind of dictionary that the browser takes it for.
pub(crate) fn dictionary<D: JsCast>(members: &[(&str, JsValue)]) -> D {
    with_members(members).unchecked_into()
}

fn with_members(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // An object of one's own takes everything.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}
