//! Whether there may be files in a list, by a question or two about all of it.
//!
//! Nearly all that forms send is text, and each value would take three steps between wasm and JavaScript to be asked what it
//! is. So functions of JavaScript's own go through the list. What they let through is looked at by whoever asks; among
//! values, what is not let through is no file.

use js_sys::{Array, Function, RegExp};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::dom;

#[wasm_bindgen]
extern "C" {
    /// A list that is gone through by JavaScript.
    type Values;

    /// It throws where the test does.
    #[wasm_bindgen(method, structural, catch, js_name = some)]
    fn some(this: &Values, test: &Function, of: &JsValue) -> Result<bool, JsValue>;
}

/// A question that a function of JavaScript's own answers about a value.
struct Question {
    function: Option<Function>,
    /// What it is called on.
    of: JsValue,
}

thread_local! {
    static IS_FILE: Question = {
        let file = dom::property(&js_sys::global(), "File");
        Question::new(dom::property(&file, "prototype"), "isPrototypeOf")
    };
    static IS_LIST: Question = Question::new(dom::property(&js_sys::global(), "Array"), "isArray");
    /// An entry of a form as text is its name, a comma and its value, and a file as text is `[object File]`.
    static IS_ODD: Question = Question::new(RegExp::new(r"^,|\[object File\]", "").into(), "test");
}

impl Question {
    fn new(of: JsValue, name: &str) -> Self {
        Self {
            function: dom::property(&of, name).dyn_into().ok(),
            of,
        }
    }

    fn is_so_for_any(&self, values: &Array) -> bool {
        let found = |function| values.unchecked_ref::<Values>().some(function, &self.of);
        // Whatever cannot be asked has to be looked at.
        self.function
            .as_ref()
            .is_none_or(|function| found(function).unwrap_or(true))
    }
}

/// Whether there is a file among the values, or in a list among them.
pub(crate) fn may_hold_files(values: &Array) -> bool {
    let has_lists = IS_LIST.with(|is_list| is_list.is_so_for_any(values));
    let values = if has_lists { &values.flat(1) } else { values };
    IS_FILE.with(|is_file| is_file.is_so_for_any(values))
}

/// Whether among the entries of a form there may be one that is a file or has no name.
///
/// A file that says something else of itself is no odd one: it goes along as it is, like any value.
pub(crate) fn may_be_odd(entries: &Array) -> bool {
    IS_ODD.with(|question| question.is_so_for_any(entries))
}
