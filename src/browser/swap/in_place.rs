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
use crate::browser::regions::OwnElement;
use crate::browser::{dom, parsing};
use crate::grammar::SwapStyle;

/// The one element that the target can become, if it is such a swap, and what the target is to its component.
pub(super) fn replacement(
    target: &Element,
    style: SwapStyle,
    content: &DocumentFragment,
) -> Option<(OwnElement, Element)> {
    let own = (style == SwapStyle::OuterHtml)
        .then(|| OwnElement::of(target))
        .flatten()?;
    let new = content.first_element_child()?;
    let is_alone = || {
        let text = content.text_content().unwrap_or_default();
        new.next_element_sibling().is_none()
            && text.trim().len() == new.text_content().unwrap_or_default().trim().len()
    };
    // What a socket sends is most often that element and not even a blank: then no text has to be read.
    let is_only = new.next_sibling().is_none() && new.previous_sibling().is_none();
    (dom::is_same_kind(&new, target) && (is_only || is_alone())).then_some((own, new))
}

/// Gives the target the attributes and the children of the new element.
pub(super) fn become_element(target: &Element, own: &OwnElement, new: &Element) -> Settling {
    make_way_for(target);
    own.changed(target);
    // Whatever the new attributes ask for is not live yet.
    Kind::unclaim_all(target);
    let mut settling = Settling::of_new(target);
    take_attributes(target, new, &mut settling);
    dom::take_children(target, new);
    settling
}

fn take_attributes(target: &Element, new: &Element, settling: &mut Settling) {
    let (old_names, new_names) = (target.get_attribute_names(), new.get_attribute_names());
    // Most often there is the id alone, by which the one was found for the other: then there is nothing to do.
    let has_one = old_names.length() == 1 && new_names.length() == 1;
    if has_one && dom::own_id(new).is_some_and(|id| dom::own_id(target).as_ref() == Some(&id)) {
        return;
    }
    let carried = settling.keep_attributes_of(target, new);
    let stays = |name: &JsString| {
        let name = String::from(name);
        carried.is_carried_over(&name, || !parsing::is_foreign(target))
    };
    for name in old_names.iter().map(JsCast::unchecked_into::<JsString>) {
        if dom::attribute(new, &name).is_none() && !stays(&name) {
            dom::remove_attribute(target, &name);
        }
    }
    for name in new_names.iter().map(JsCast::unchecked_into::<JsString>) {
        let value = dom::attribute(new, &name);
        let value = value.filter(|value| dom::attribute(target, &name).as_ref() != Some(value));
        if let Some(value) = value.filter(|_| !stays(&name)) {
            dom::set_attribute(target, &name, &value);
        }
    }
}
