//! Replacing a component's own element by another one of its kind: where it stands.
//!
//! Leptos keeps a handle to the element of a component, to move and to remove it. So when the payload
//! is one element with the same tag, which is what sockets send all the time, the element stays and
//! takes over the attributes and the children of the new one.
//!
//! DIFFERENCE: htmx puts the new element in the place of the old one; listeners that scripts have added
//! to the old element would be gone there, and stay here.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element};

use super::settle::Settling;
use super::styles::make_way_for;
use crate::browser::live_elements::Kind;
use crate::browser::{dom, regions};
use crate::grammar::SwapStyle;

/// The one element that the target can become, if it is such a swap.
pub(super) fn replacement(target: &Element, style: SwapStyle, content: &DocumentFragment) -> Option<Element> {
    if style != SwapStyle::OuterHtml || !regions::is_own_element(target) {
        return None;
    }
    let elements = dom::element_children(content);
    let [new] = elements.as_slice() else { return None };
    let is_alone = || {
        let text = content.text_content().unwrap_or_default();
        text.trim().len() == new.text_content().unwrap_or_default().trim().len()
    };
    // What a socket sends is most often that element and not even a blank: then no text has to be read.
    let is_only = new.previous_sibling().is_none() && new.next_sibling().is_none();
    (new.local_name() == target.local_name() && (is_only || is_alone())).then(|| new.clone())
}

/// Gives the target the attributes and the children of the new element.
pub(super) fn become_element(target: &Element, new: &Element) -> Settling {
    make_way_for(target);
    regions::replaced(target, &[]);
    // Whatever the new attributes ask for is not live yet.
    Kind::unclaim_all(target);
    let mut settling = Settling::new(target.clone(), vec![target.clone()]);
    settling.keep_attributes_of(target, new);
    let (old_names, new_names) = (target.get_attribute_names(), new.get_attribute_names());
    for name in old_names.iter().map(JsCast::unchecked_into::<JsString>) {
        if dom::attribute(new, &name).is_none() {
            let _ = target.remove_attribute(&String::from(name));
        }
    }
    for name in new_names.iter().map(JsCast::unchecked_into::<JsString>) {
        let value = dom::attribute(new, &name);
        if let Some(value) = value.filter(|value| dom::attribute(target, &name).as_ref() != Some(value)) {
            dom::set_attribute(target, &name, &value);
        }
    }
    let children = js_sys::Array::from(&new.child_nodes());
    target.replace_children_with_node(&children);
    settling
}
