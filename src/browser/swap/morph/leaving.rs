//! What has no place any more: what lives in it ends, and it goes.

use std::cell::OnceCell;

use js_sys::Set;
use wasm_bindgen::JsValue;
use web_sys::{Element, Node};

use crate::browser::live_elements;

/// Takes the children away from their parents, after everything that lives in them has ended (SWP-28, LIF-02).
pub(super) fn take_away(target: &Element, leaving: Vec<(Node, Vec<Node>)>) {
    if leaving.is_empty() {
        return;
    }
    // What lives in the page is few and what leaves may be much, so the one is looked for in the other.
    let roots = OnceCell::new();
    live_elements::release_where(|element| {
        if !target.contains(Some(element)) {
            return false;
        }
        let roots = roots.get_or_init(|| set_of(&leaving));
        is_below(element, target, roots)
    });
    for (parent, children) in leaving {
        for child in children {
            // It fails only for what code of the page has taken away meanwhile.
            let _ = parent.remove_child(&child);
        }
    }
}

fn set_of(leaving: &[(Node, Vec<Node>)]) -> Set {
    let set = Set::new(&JsValue::UNDEFINED);
    for child in leaving.iter().flat_map(|(_, children)| children) {
        set.add(child);
    }
    set
}

fn is_below(element: &Element, target: &Element, roots: &Set) -> bool {
    let ancestors = std::iter::successors(Some(element.clone()), |element| element.parent_element());
    let mut inside = ancestors.take_while(|ancestor| ancestor != target);
    inside.any(|ancestor| roots.has(&ancestor))
}
