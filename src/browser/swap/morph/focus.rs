//! Focus and selection, for browsers that take a node out of the page to move it.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

#[wasm_bindgen]
extern "C" {
    /// A document or a shadow root.
    #[wasm_bindgen(extends = Node)]
    type Root;

    #[wasm_bindgen(method, structural, getter, js_name = activeElement)]
    fn active_element(this: &Root) -> Option<Element>;

    /// An element that may have a selection in it.
    #[wasm_bindgen(extends = Element)]
    type Focusable;

    #[wasm_bindgen(method, structural, catch, js_name = focus)]
    fn take_focus(this: &Focusable, options: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = setSelectionRange)]
    fn select(this: &Focusable, start: &JsValue, end: &JsValue, direction: &JsValue) -> Result<(), JsValue>;
}

/// The focused element and what is selected in it.
#[derive(Debug)]
pub(super) struct Focus {
    pub(super) element: Element,
    root: Node,
    /// Start, end and direction, where the element is one to write in.
    selection: Option<[JsValue; 3]>,
}

impl Focus {
    /// What has the focus inside this element, in the tree with this root.
    pub(super) fn inside(element: &Element, root: &Node) -> Option<Self> {
        let focused = active_of(root)?;
        if focused == *element || !element.contains(Some(&focused)) {
            return None;
        }
        let part = |name: &str| Reflect::get(&focused, &JsValue::from_str(name)).unwrap_or(JsValue::NULL);
        let selection = ["selectionStart", "selectionEnd", "selectionDirection"].map(part);
        let has_selection = selection
            .iter()
            .all(|part| !part.is_null() && !part.is_undefined());
        Some(Self {
            element: focused,
            root: root.clone(),
            selection: has_selection.then_some(selection),
        })
    }

    /// Gives the focus back if the element has lost it on the way, without scrolling.
    pub(super) fn restore(&self) {
        if !self.element.is_connected() || active_of(&self.root).as_ref() == Some(&self.element) {
            return;
        }
        let options = Object::new();
        let _ = Reflect::set(&options, &JsValue::from_str("preventScroll"), &JsValue::TRUE);
        let focusable = self.element.unchecked_ref::<Focusable>();
        // Either fails only for an element that is of another kind now.
        let _ = focusable.take_focus(&options);
        if let Some([start, end, direction]) = &self.selection {
            let _ = focusable.select(start, end, direction);
        }
    }
}

fn active_of(root: &Node) -> Option<Element> {
    root.unchecked_ref::<Root>().active_element()
}
