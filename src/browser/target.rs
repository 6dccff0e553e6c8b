//! Finding the element that an `hx-target` means.

use web_sys::Element;

use super::{markup, page};
use crate::grammar::Target;

/// The element that a target means, seen from `origin`; `carrier` is the element with the attribute.
pub(crate) fn resolve(origin: &Element, carrier: &Element, target: &Target) -> Option<Element> {
    match target {
        Target::This => Some(carrier.clone()),
        Target::Closest(selector) => origin.closest(selector).ok()?,
        Target::Find(selector) => origin.query_selector(selector).ok()?,
        Target::Next(None) => origin.next_element_sibling(),
        Target::Previous(None) => origin.previous_element_sibling(),
        Target::Next(Some(selector)) => scan(origin, selector, Direction::Forward),
        Target::Previous(Some(selector)) => scan(origin, selector, Direction::Backward),
        Target::Body => page::body(),
        Target::Document | Target::Window => None,
        Target::Selector(selector) => page::document()?.query_selector(selector).ok()?,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Forward,
    Backward,
}

/// The first match in document order after the origin, or the last one before it (TGT-02).
fn scan(origin: &Element, selector: &str, direction: Direction) -> Option<Element> {
    use web_sys::Node;
    let wanted = match direction {
        Direction::Forward => Node::DOCUMENT_POSITION_FOLLOWING,
        Direction::Backward => Node::DOCUMENT_POSITION_PRECEDING,
    };
    let root = page::document()?.document_element()?;
    let mut matches = super::dom::select_all(&root, selector).into_iter();
    // Exactly: what is in the origin, or around it, stands neither after nor before.
    let stands = |found: &Element| origin.compare_document_position(found) == wanted;
    match direction {
        Direction::Forward => matches.find(stands),
        Direction::Backward => matches.rfind(stands),
    }
}

/// The `hx-target` of an element, own or inherited, read anew each time so that a replaced target
/// is found again (SSW-09).
///
/// # Errors
/// The attribute's text when it means no element.
pub(crate) fn of(element: &Element) -> Result<Element, String> {
    let Some((text, carrier)) = markup::inherited(element, "hx-target") else {
        return Ok(element.clone());
    };
    let target: Target = text.parse().map_err(|error| format!("{error}"))?;
    resolve(element, &carrier, &target)
        .ok_or_else(|| format!("hx-target: expected an element of the page, found none for `{text}`"))
}
