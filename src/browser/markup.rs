//! Reading htmx's attributes from an element: the `data-` prefix and inheritance.

use web_sys::Element;

/// The element's own attribute, also under its `data-` spelling (ACT-05).
pub(crate) fn own(element: &Element, name: &str) -> Option<String> {
    element
        .get_attribute(name)
        .or_else(|| element.get_attribute(&format!("data-{name}")))
}

/// The attribute of the element or of its nearest ancestor that has it, and that element (INH-02).
///
/// `unset` ends the search with nothing, and `hx-disinherit` on the way hides what lies above
/// it (INH-03). An empty attribute says nothing, as in htmx.
pub(crate) fn inherited(element: &Element, name: &str) -> Option<(String, Element)> {
    let mut current = Some(element.clone());
    while let Some(at) = current {
        if let Some(value) = own(&at, name).filter(|value| !value.is_empty()) {
            return (value != "unset").then_some((value, at));
        }
        current = at.parent_element();
        if current.as_ref().is_some_and(|parent| hides(parent, name)) {
            return None;
        }
    }
    None
}

/// The attribute of the element and of each ancestor that has it, the nearest first, for those whose values are
/// merged (VAL-08). It ends where [`inherited`] would end.
pub(crate) fn inherited_all(element: &Element, name: &str) -> Vec<(String, Element)> {
    let mut found = Vec::new();
    let mut from = Some(element.clone());
    while let Some((text, carrier)) = from.and_then(|from| inherited(&from, name)) {
        from = parent_that_hands_on(&carrier, name);
        found.push((text, carrier));
    }
    found
}

/// The attribute of the nearest ancestor of one that has it too.
pub(crate) fn inherited_above(carrier: &Element, name: &str) -> Option<(String, Element)> {
    parent_that_hands_on(carrier, name).and_then(|parent| inherited(&parent, name))
}

fn parent_that_hands_on(element: &Element, name: &str) -> Option<Element> {
    element.parent_element().filter(|parent| !hides(parent, name))
}

fn hides(element: &Element, name: &str) -> bool {
    own(element, "hx-disinherit")
        .is_some_and(|list| list == "*" || list.split_whitespace().any(|n| n == name))
}

/// Whether the element stands inside `hx-disable`, where nothing is live (ACT-08).
pub(crate) fn is_disabled(element: &Element) -> bool {
    matches!(element.closest("[hx-disable],[data-hx-disable]"), Ok(Some(_)))
}
