//! `hx-preserve`: elements of the page that stay although the payload brings one with the same id (SWP-29).

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DocumentFragment, Element, Node};

use crate::browser::{dom, page};

const PRESERVED: &str = "[hx-preserve][id],[data-hx-preserve][id]";

/// Elements that wait aside while the content around them is swapped.
#[derive(Debug, Default)]
pub(super) struct Preserved {
    /// Each with the element of the payload whose place it takes.
    kept: Vec<(Element, Element)>,
    /// Where they wait: in the document, because a frame or a video that leaves it begins anew.
    pantry: Option<Element>,
}

impl Preserved {
    /// Takes aside what the page has of the payload's preserved elements.
    pub(super) fn take_aside(content: &DocumentFragment) -> Self {
        let Some(document) = page::document() else {
            return Self::default();
        };
        let wanted = dom::select_all(content, PRESERVED).into_iter();
        let kept: Vec<_> = wanted
            .filter_map(|place| Some((document.get_element_by_id(&dom::id_of(&place))?, place)))
            .collect();
        if kept.is_empty() {
            return Self::default();
        }
        let pantry = document.create_element("div").ok().inspect(|pantry| {
            let _ = pantry.set_attribute("hidden", "");
            let _ = document.document_element().map(|root| root.append_child(pantry));
        });
        if let Some(pantry) = &pantry {
            for (element, _) in &kept {
                move_to(pantry, element, None);
            }
        }
        Self { kept, pantry }
    }

    /// Puts them in the places that the payload had for them.
    pub(super) fn put_back(self) {
        for (element, place) in self.kept {
            if let Some(parent) = place.parent_node() {
                move_to(&parent, &element, Some(&place));
                place.remove();
            }
        }
        if let Some(pantry) = self.pantry {
            // What found no place goes with it.
            crate::browser::live_elements::release_inside(&pantry);
            pantry.remove();
        }
    }
}

/// Moves a node so that its state survives, where the browser can do that (LIF-07).
pub(super) fn move_to(parent: &Node, node: &Node, before: Option<&Node>) {
    let mover = Reflect::get(parent, &JsValue::from_str("moveBefore")).ok();
    let moved = mover
        .and_then(|mover| mover.dyn_into::<Function>().ok())
        .map(|mover| {
            let before = before.map_or(JsValue::NULL, |before| before.clone().into());
            mover.call2(parent, node, &before)
        });
    // It throws for what is in no document, or in another one.
    if !matches!(moved, Some(Ok(_))) {
        let _ = parent.insert_before(node, before);
    }
}
