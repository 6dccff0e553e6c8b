//! Whether there may be files in a list, by one question about all of it.
//!
//! A file as text is `[object File]`, in a list as well. Nearly all that forms send is text, and each value would take three
//! steps between wasm and JavaScript to be asked what it is. Text that reads like a file is let through, to be looked at by
//! whoever asks; what is not let through is no file.

use js_sys::{Array, Function, RegExp};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::dom;

#[wasm_bindgen]
extern "C" {
    /// A list that is gone through by JavaScript.
    type Values;

    /// It throws for a value that cannot be text.
    #[wasm_bindgen(method, structural, catch, js_name = some)]
    fn some(this: &Values, test: &Function, of: &RegExp) -> Result<bool, JsValue>;
}

thread_local! {
    static FILE: RegExp = RegExp::new(r"\[object File\]", "");
    /// An entry of a form as text is its name, a comma and its value.
    static ODD: RegExp = RegExp::new(r"^,|\[object File\]", "");
    static TEST: Option<Function> = FILE.with(|file| dom::property(file, "test").dyn_into().ok());
}

/// Whether there may be a file among the values, or in a list among them.
pub(crate) fn may_hold_files(values: &Array) -> bool {
    FILE.with(|file| finds(file, values))
}

/// Whether among the entries of a form there may be one that is a file or has no name.
pub(crate) fn may_be_odd(entries: &Array) -> bool {
    ODD.with(|odd| finds(odd, entries))
}

fn finds(pattern: &RegExp, values: &Array) -> bool {
    TEST.with(|test| {
        let found = |test| values.unchecked_ref::<Values>().some(test, pattern);
        // Whatever cannot be asked has to be looked at.
        test.as_ref().is_none_or(|test| found(test).unwrap_or(true))
    })
}
