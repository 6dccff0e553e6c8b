//! Moving a node of the page to another place in it.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Node;

use super::survey::Survey;

#[wasm_bindgen]
extern "C" {
    /// A node that moves its children without taking them out.
    #[wasm_bindgen(extends = Node)]
    type Mover;

    #[wasm_bindgen(method, structural, catch, js_name = moveBefore)]
    fn move_before(this: &Mover, node: &Node, before: Option<&Node>) -> Result<(), JsValue>;
}

/// Puts a node of the page in front of another child of the parent, or at its end.
///
/// Where the browser can, it moves: then frames do not load again, media play on, focus and animations stay (LIF-07).
/// That is refused for what stands in no document, such as the inside of a template.
pub(in crate::browser::swap) fn relocate(parent: &Node, node: &Node, before: Option<&Node>) {
    let mover = parent.unchecked_ref::<Mover>();
    if mover.move_before(node, before).is_err() {
        insert(parent, node, before);
    }
}

/// The same, where it was looked up before whether the browser can.
pub(super) fn put(survey: &Survey, parent: &Node, node: &Node, before: Option<&Node>) {
    if survey.can_move {
        relocate(parent, node, before);
    } else {
        insert(parent, node, before);
    }
}

/// Puts a new node in front of a child of the parent, or at its end; so also where code of the page has meanwhile
/// taken that child away.
pub(super) fn insert(parent: &Node, node: &Node, before: Option<&Node>) {
    if parent.insert_before(node, before).is_err() {
        let _ = parent.append_child(node);
    }
}
