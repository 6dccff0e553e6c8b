//! `<details>` and `<dialog>`: users open and close them, and the attribute that says so is also the server's.
//!
//! So the server's last word is noted on the element. As long as the payload repeats it, the user's state stays; where
//! it says something else, the server is followed. Of an element that no morph has seen yet the last word is unknown;
//! then a payload that says nothing closes nothing.
//!
//! DIFFERENCE: htmx writes the attribute each time, and so closes with the next message what a user has opened.

use js_sys::Reflect;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

use crate::browser::dom;

#[wasm_bindgen]
extern "C" {
    /// An element that knows how to close itself.
    #[wasm_bindgen(extends = Element)]
    type Dialog;

    #[wasm_bindgen(method, structural, catch)]
    fn close(this: &Dialog) -> Result<(), JsValue>;
}

const WORD: &str = "__liveOpen";

pub(super) fn is_one(name: &str) -> bool {
    name == "DETAILS" || name == "DIALOG"
}

/// Whether the element stays as open as it is, whatever its attribute would say.
pub(super) fn is_kept(old: &Element, new: &Element, name: &str) -> bool {
    let word = is_open(new);
    let is_followed = match last_word(old) {
        Some(last) => last != word,
        None => word,
    };
    remember(old, word);
    // One that lies over the page would go on to cover it if only its attribute went.
    let is_closed = is_followed && !word && name == "DIALOG" && old.unchecked_ref::<Dialog>().close().is_ok();
    !is_followed || is_closed
}

/// Notes what the server has said about elements that are as the payload has them.
pub(super) fn remember_below(node: &Node) {
    let Some(element) = node.dyn_ref::<Element>() else {
        return;
    };
    if is_one(&element.node_name()) {
        remember(element, is_open(element));
    }
    for element in dom::select_all(element, "details,dialog") {
        remember(&element, is_open(&element));
    }
}

fn is_open(element: &Element) -> bool {
    element.has_attribute("open")
}

fn last_word(element: &Element) -> Option<bool> {
    Reflect::get(element, &JsValue::from_str(WORD)).ok()?.as_bool()
}

fn remember(element: &Element, word: bool) {
    let _ = Reflect::set(element, &JsValue::from_str(WORD), &JsValue::from_bool(word));
}
