//! Out-of-band parts: elements of a payload that find their own place.

use js_sys::{Array, JsString};
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlTemplateElement, Node};

use super::insert;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::{diagnostics, dom, markup, page};
use crate::grammar::{SwapOob, SwapSpec, SwapStyle};

/// What is taken out, and where more may be found.
const TAKEN: &str = "[hx-swap-oob],[data-hx-swap-oob],template";

/// A part of a payload and where it says that it belongs.
#[derive(Debug)]
pub(super) struct Part {
    element: Element,
    place: SwapOob,
}

/// Places every top-level element of a socket's frame, by its `hx-swap-oob` or else by its id, and
/// the marked elements inside them (WSM-01, WSM-05).
///
/// DIFFERENCE: `owners`, the elements that own the socket, are not replaced by its frames (WSM-14): that would close
/// the socket, open it again, and so without end where the server sends such a frame to whoever connects.
pub(crate) fn place_by_id(payload: &JsString, owners: &[Element]) {
    let Some(content) = dom::parse(payload) else {
        return;
    };
    mark(&content);
    // Text is no part of anything (WSM-04). The parts are applied in their order (WSM-02).
    let spec = SwapSpec::default();
    for part in take(&content) {
        let replaces = matches!(part.place.spec.style, SwapStyle::OuterHtml | SwapStyle::Delete);
        let targets = targets(&part.element, &part.place);
        if let Some(owner) = targets.iter().find(|target| replaces && owners.contains(target)) {
            let message =
                "out-of-band: expected a target inside the element that owns the socket, found itself";
            diagnostics::report(owner, message);
        } else {
            place_one(&part, &targets, &spec);
        }
    }
}

/// Marks the top of a frame as parts, also inside of templates, which carry what the parser would drop elsewhere.
fn mark(content: &DocumentFragment) {
    for element in dom::element_children(content) {
        if markup::own(&element, "hx-swap-oob").is_some() {
            continue;
        }
        match element.dyn_ref::<HtmlTemplateElement>() {
            Some(template) => mark(&template.content()),
            None => drop(element.set_attribute("hx-swap-oob", "true")),
        }
    }
}

/// Takes the marked elements out of the content, in document order, nested ones included (OOB-05).
///
/// Also out of templates, which go with what they carried (WSM-05).
pub(super) fn take(content: &DocumentFragment) -> Vec<Part> {
    let mut parts = Vec::new();
    for element in select(content, TAKEN) {
        match element.dyn_ref::<HtmlTemplateElement>() {
            Some(template) if markup::own(&element, "hx-swap-oob").is_none() => {
                let carried = take(&template.content());
                if !carried.is_empty() {
                    template.remove();
                }
                parts.extend(carried);
            }
            _ => parts.extend(part(element)),
        }
    }
    parts
}

fn select(content: &DocumentFragment, selector: &str) -> Vec<Element> {
    let Ok(found) = content.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|i| found.item(i)?.dyn_into().ok())
        .collect()
}

fn part(element: Element) -> Option<Part> {
    let text = markup::own(&element, "hx-swap-oob").unwrap_or_default();
    for name in ["hx-swap-oob", "data-hx-swap-oob"] {
        // OOB-08: what is inserted does not carry the instruction any more.
        let _ = element.remove_attribute(name);
    }
    // Whatever it says, it is not part of the main content.
    element.remove();
    match text.parse() {
        Ok(place) => Some(Part { element, place }),
        Err(error) => {
            diagnostics::report(&element, &format!("{error}"));
            None
        }
    }
}

/// Puts each part where it belongs; the rest of the swap's modifiers hold where it names none.
pub(super) fn place(parts: Vec<Part>, around: &SwapSpec) {
    for part in parts {
        // Found one by one: a part may have brought the place of the next.
        let targets = targets(&part.element, &part.place);
        place_one(&part, &targets, around);
    }
}

fn place_one(part: &Part, targets: &[Element], around: &SwapSpec) {
    if targets.is_empty() {
        no_target(&part.element);
    }
    for target in targets {
        place_at(target, &part.element, &part.place.spec, around);
    }
}

fn targets(element: &Element, place: &SwapOob) -> Vec<Element> {
    let Some(document) = page::document() else {
        return Vec::new();
    };
    match &place.selector {
        Some(selector) => document
            .document_element()
            .map_or_else(Vec::new, |root| dom::select_all(&root, selector)),
        // OOB-09: by id and not by a selector made of it, which would need escaping.
        None if element.id().is_empty() => Vec::new(),
        None => document.get_element_by_id(&element.id()).into_iter().collect(),
    }
}

fn place_at(target: &Element, element: &Element, spec: &SwapSpec, around: &SwapSpec) {
    // OOB-03: each match gets a copy, since the element itself can stand in one place only.
    let Ok(copy) = element.clone_node_with_deep(true) else {
        return;
    };
    let Some(content) = contents(copy, spec.style) else {
        return;
    };
    let detail = Detail::new()
        .with("shouldSwap", true)
        .with("target", target.clone())
        .with("fragment", content.clone());
    if !dispatch(target, "htmx:oobBeforeSwap", &detail) || detail.get("shouldSwap").is_falsy() {
        return;
    }
    let target = detail
        .get("target")
        .dyn_into::<Element>()
        .unwrap_or_else(|_| target.clone());
    let settle = spec.settle.or(around.settle);
    match spec.style {
        SwapStyle::Delete => super::styles::delete(&target),
        SwapStyle::None => {}
        SwapStyle::TextContent => {
            let text = content.text_content().unwrap_or_default();
            super::styles::make_way_inside(&target);
            dom::set_text(&target, &JsString::from(text));
        }
        _ => insert(
            &target,
            &SwapSpec {
                settle,
                ..spec.clone()
            },
            &content,
        ),
    }
    dispatch(&target, "htmx:oobAfterSwap", &detail);
}

/// What is inserted: the element itself where it replaces another, else its children (OOB-02).
fn contents(element: Node, style: SwapStyle) -> Option<DocumentFragment> {
    let content = page::document()?.create_document_fragment();
    if style.is_outer() {
        content.append_child(&element).ok()?;
        return Some(content);
    }
    let children = Array::from(&element.child_nodes());
    for child in children.iter() {
        content.append_child(child.unchecked_ref::<Node>()).ok()?;
    }
    Some(content)
}

/// OOB-06: nothing is dropped silently.
fn no_target(element: &Element) {
    if let Some(body) = page::body() {
        dispatch(
            &body,
            "htmx:oobErrorNoTarget",
            &Detail::new().with("content", element.clone()),
        );
    }
    let hint = if element.id().is_empty() {
        "it has no id"
    } else {
        "no element has its id"
    };
    diagnostics::report(
        element,
        &format!("out-of-band: expected a target on the page, found none ({hint})"),
    );
}
