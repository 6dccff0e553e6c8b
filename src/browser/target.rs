//! Finding the elements that `hx-target`, `hx-include` and their kin mean.

use js_sys::Set;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ShadowRoot};

use super::{diagnostics, dom, hints, markup, page};
use crate::grammar::{Target, TargetList};

/// The element that a target means, seen from `origin`; `carrier` is the element with the attribute.
pub(crate) fn resolve(origin: &Element, carrier: &Element, target: &Target) -> Option<Element> {
    match target {
        Target::This => Some(carrier.clone()),
        Target::Closest(selector) => origin.closest(selector).ok()?,
        Target::Find(selector) | Target::FindAll(selector) => origin.query_selector(selector).ok()?,
        Target::Next(None) => origin.next_element_sibling(),
        Target::Previous(None) => origin.previous_element_sibling(),
        Target::Next(Some(selector)) => scan(origin, selector, Direction::Forward),
        Target::Previous(Some(selector)) => scan(origin, selector, Direction::Backward),
        Target::Body => page::body(),
        Target::Host => shadow_root(origin).map(|root| root.host()),
        Target::Document | Target::Window | Target::Root => None,
        Target::Global(selector) => page::document()?.query_selector(selector).ok()?,
        Target::Selector(selector) => match shadow_root(origin) {
            Some(root) => root.query_selector(selector).ok()?,
            None => page::document()?.query_selector(selector).ok()?,
        },
    }
}

/// Every element that some targets mean, each once: first those that are found from the origin, in the order written,
/// then those of plain selectors, in the order of the page (VAL-06).
pub(crate) fn resolve_all(origin: &Element, carrier: &Element, targets: &[Target]) -> Vec<Element> {
    let (seen, mut found) = (Set::new(&JsValue::UNDEFINED), Vec::new());
    let mut add = |element: Element| {
        if !seen.has(&element) {
            seen.add(&element);
            found.push(element);
        }
    };
    let mut plain = Vec::new();
    for target in targets {
        match target {
            Target::FindAll(selector) => dom::select_all(origin, selector).into_iter().for_each(&mut add),
            Target::Global(selector) => select_in_page(selector).into_iter().for_each(&mut add),
            Target::Selector(selector) => plain.push(selector.as_str()),
            target => resolve(origin, carrier, target).into_iter().for_each(&mut add),
        }
    }
    if !plain.is_empty() {
        let selector = plain.join(", ");
        let matching = match shadow_root(origin) {
            // A shadow root has the method that is called, but no type in common with elements.
            Some(root) => dom::select_all(root.unchecked_ref(), &selector),
            None => select_in_page(&selector),
        };
        matching.into_iter().for_each(add);
    }
    found
}

/// The elements that an attribute names, own or inherited (TGT-05); `None` without the attribute.
///
/// What cannot be read, and a list that names nothing, is reported and means no element.
pub(crate) fn named_by(element: &Element, attribute: &'static str) -> Option<Vec<Element>> {
    let (mut text, mut carrier) = markup::inherited(element, attribute)?;
    let (mut origin, mut found) = (element.clone(), Vec::new());
    loop {
        let list = match TargetList::parse_as(attribute, &text) {
            Ok(list) => list,
            Err(error) => {
                diagnostics::report(&carrier, &error.to_string());
                return Some(found);
            }
        };
        for named in resolve_all(&origin, &carrier, &list.targets) {
            if !found.contains(&named) {
                found.push(named);
            }
        }
        let above = list
            .inherits
            .then(|| markup::inherited_above(&carrier, attribute));
        let Some(next) = above.flatten() else { break };
        // As in htmx, what is inherited is seen from where it is written.
        (text, carrier) = next;
        origin = carrier.clone();
    }
    if found.is_empty() {
        let message = format!("{attribute}: expected an element of the page, found none for `{text}`");
        diagnostics::report(element, &message);
    }
    Some(found)
}

/// The shadow root that an element stands in.
fn shadow_root(element: &Element) -> Option<ShadowRoot> {
    element.get_root_node().dyn_into().ok()
}

fn select_in_page(selector: &str) -> Vec<Element> {
    let root = page::document().and_then(|document| document.document_element());
    root.map_or_else(Vec::new, |root| dom::select_with(&root, selector))
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
    let mut matches = dom::select_all(&root, selector).into_iter();
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
    resolve(element, &carrier, &target).ok_or_else(|| {
        let hint = hints::missing_target(&text).map(|hint| format!("\n  hint: {hint}"));
        let hint = hint.unwrap_or_default();
        format!("hx-target: expected an element of the page, found none for `{text}`{hint}")
    })
}
