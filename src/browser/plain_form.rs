//! The values of a form around which nothing says anything about them, which is most forms: the browser puts them together,
//! without a look at every field by itself.

use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, FormData, HtmlElement};

use super::{dom, file_sieve, markup};

#[wasm_bindgen]
extern "C" {
    /// The object of a list of pairs, with no guard against what the list cannot hold.
    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries)]
    fn object_of(entries: &Array) -> Object;
}

/// The attributes that say something about the values of a form in or on whose element they stand.
pub(crate) const SAYING: [&str; 4] = ["hx-include", "hx-params", "hx-vals", "hx-vars"];

thread_local! {
    static SPOKEN_FOR: JsString = markup::carriers_of(&SAYING).into();
    static NAME: JsString = "name".into();
}

/// Whether nothing on or around an element says anything about its values but its form.
pub(crate) fn is_plain(element: &Element) -> bool {
    SPOKEN_FOR
        .with(|selector| dom::closest(element, selector))
        .is_none()
}

/// Whether a button adds nothing to the form that it submits.
pub(crate) fn is_nameless(button: &HtmlElement) -> bool {
    let name = NAME.with(|name| dom::attribute(button, name));
    name.is_none_or(|name| name.length() == 0)
}

/// The values as two objects: those that go along and all of them, which are the same. `None` where there is more to it: a
/// file, or a name that occurs twice or is empty.
pub(crate) fn objects(data: &FormData) -> Option<(Object, Object)> {
    let entries = Array::from(data);
    if file_sieve::may_be_odd(&entries) {
        return None;
    }
    let first = object_of(&entries);
    let is_plain = Object::keys(&first).length() == entries.length();
    is_plain.then(|| (first, object_of(&entries)))
}
