//! Out-of-band parts: elements of a payload that find their own place.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlTemplateElement};

use super::insertion;
use super::line::{self, Moment};
use super::payload;
use super::plan::final_at;
use super::when_settled::WhenSettled;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::{diagnostics, dom, markup, page};
use crate::grammar::{SelectOob, SwapOob, SwapSpec, SwapStyle};

/// What is taken out, and where more may be found.
pub(crate) const TAKEN: &str = "[hx-swap-oob],[data-hx-swap-oob],hx-partial,template";

/// A part of a payload and where it says that it belongs.
#[derive(Clone, Debug)]
pub(super) struct Part {
    element: Element,
    place: SwapOob,
}

/// Places every top-level element of a socket's frame, by its `hx-swap-oob` or else by its id, and
/// the marked elements inside them (WSM-01, WSM-05).
///
/// DIFFERENCE: `owners`, the elements that own the socket, are not replaced by its frames (WSM-14): that would close
/// the socket, open it again, and so without end where the server sends such a frame to whoever connects.
pub(crate) fn place_by_id(payload: &JsString, owners: &[Element], settled: Option<&WhenSettled>) {
    let Some(content) = payload::parse(payload) else {
        return;
    };
    mark(&content);
    // Text is no part of anything (WSM-04). The parts are applied in their order (WSM-02).
    let spec = SwapSpec::default();
    for part in take(&content) {
        let replaces = part.brings_itself() || part.place.spec.style == SwapStyle::Delete;
        let targets = part.targets();
        if let Some(owner) = targets.iter().find(|target| replaces && owners.contains(target)) {
            let message =
                "out-of-band: expected a target inside the element that owns the socket, found itself";
            diagnostics::report(owner, message);
        } else {
            part.place_at(&targets, &spec, settled);
        }
    }
}

/// Marks the top of a frame as parts, also inside of templates, which carry what the parser would drop elsewhere.
fn mark(content: &DocumentFragment) {
    for element in dom::element_children(content) {
        if markup::own(&element, "hx-swap-oob").is_some() || is_partial(&element) {
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
/// Also out of templates, which go with what they carried (WSM-05, OOB-10).
pub(super) fn take(content: &DocumentFragment) -> Vec<Part> {
    let mut parts = Vec::new();
    for element in dom::select_all(content, TAKEN) {
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

/// Takes out what the receiver sends elsewhere (OOB-13).
pub(super) fn select(content: &DocumentFragment, select_oob: &SelectOob) -> Vec<Part> {
    let entries = select_oob.0.iter();
    let parts = entries.flat_map(|entry| {
        let found = dom::select_all(content, &entry.selector).into_iter();
        found.map(|element| {
            element.remove();
            Part {
                element,
                place: entry.place.clone(),
            }
        })
    });
    parts.collect()
}

fn part(element: Element) -> Option<Part> {
    let place = if is_partial(&element) {
        partial_place(&element)
    } else {
        markup::own(&element, "hx-swap-oob").unwrap_or_default().parse()
    };
    for name in ["hx-swap-oob", "data-hx-swap-oob"] {
        // OOB-08: what is inserted does not carry the instruction any more.
        let _ = element.remove_attribute(name);
    }
    // Whatever it says, it is not part of the main content.
    element.remove();
    match place {
        Ok(place) => Some(Part { element, place }),
        Err(error) => {
            diagnostics::report(&element, &format!("{error}"));
            None
        }
    }
}

fn is_partial(element: &Element) -> bool {
    element.local_name() == "hx-partial"
}

/// `<hx-partial hx-target="…" hx-swap="…">`, in which `id` is short for a target with that id (OOB-14).
fn partial_place(element: &Element) -> Result<SwapOob, crate::grammar::ParseError> {
    let spec: SwapSpec = markup::own(element, "hx-swap").unwrap_or_default().parse()?;
    Ok(SwapOob {
        spec,
        selector: markup::own(element, "hx-target"),
    })
}

/// Puts each part where it belongs; the rest of the swap's modifiers hold where it names none.
pub(super) fn place(parts: Vec<Part>, around: &SwapSpec, settled: Option<&WhenSettled>) {
    for part in parts {
        // Found one by one: a part may have brought the place of the next.
        part.place_at(&part.targets(), around, settled);
    }
}

impl Part {
    /// Whether the element itself is inserted; otherwise what is in it (OOB-02, OOB-16).
    fn brings_itself(&self) -> bool {
        let is_outer = self.place.spec.style.is_outer();
        !self.place.spec.strip.unwrap_or(!is_outer) && !is_partial(&self.element)
    }

    fn targets(&self) -> Vec<Element> {
        let Some(document) = page::document() else {
            return Vec::new();
        };
        match &self.place.selector {
            Some(selector) => document
                .document_element()
                .map_or_else(Vec::new, |root| dom::select_all(&root, selector)),
            // OOB-09: by id and not by a selector made of it, which would need escaping.
            None if dom::id_of(&self.element).is_empty() => Vec::new(),
            None => document
                .get_element_by_id(&dom::id_of(&self.element))
                .into_iter()
                .collect(),
        }
    }

    fn place_at(&self, targets: &[Element], around: &SwapSpec, settled: Option<&WhenSettled>) {
        if targets.is_empty() {
            self.no_target();
        }
        let mut spec = self.place.spec.clone();
        spec.settle = spec.settle.or(around.settle);
        for target in targets {
            if !line::must_wait(target, &spec) {
                self.put(target, spec.clone(), Moment::Now, settled);
                continue;
            }
            let (part, later, at, settled) = (self.clone(), spec.clone(), target.clone(), settled.cloned());
            line::wait(target, target, &spec, move |moment| {
                part.put(&at, later, moment, settled.as_ref());
            });
        }
    }

    fn put(&self, target: &Element, spec: SwapSpec, moment: Moment, settled: Option<&WhenSettled>) {
        let Some(content) = self.content() else { return };
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
        let spec = final_at(SwapSpec { strip: None, ..spec }, moment);
        match spec.style {
            SwapStyle::None => {}
            SwapStyle::TextContent => {
                let text = content.text_content().unwrap_or_default();
                insertion::insert_text(&target, &spec, &text.into(), settled);
            }
            _ => insertion::insert(&target, &spec, &content, settled),
        }
        dispatch(&target, "htmx:oobAfterSwap", &detail);
    }

    /// A copy of what is inserted, since several targets may get it and a node can stand in one place only (OOB-03).
    fn content(&self) -> Option<DocumentFragment> {
        let content = page::document()?.create_document_fragment();
        let copy = self.element.clone_node_with_deep(true).ok()?;
        if self.brings_itself() {
            content.append_child(&copy).ok()?;
        } else {
            dom::move_children(&dom::content_of(copy.unchecked_ref()), &content);
        }
        Some(content)
    }

    /// OOB-06: nothing is dropped silently.
    fn no_target(&self) {
        let (element, id) = (&self.element, dom::id_of(&self.element));
        let (selector, hint) = match &self.place.selector {
            Some(selector) => (selector.clone(), "no element matches its selector"),
            None if id.is_empty() => (String::new(), "it has no id"),
            None => (format!("#{id}"), "no element has its id"),
        };
        if let Some(body) = page::body() {
            let detail = Detail::new()
                .with("content", element.clone())
                .with("target", selector);
            dispatch(&body, "htmx:oobErrorNoTarget", &detail);
        }
        diagnostics::report(
            element,
            &format!("out-of-band: expected a target on the page, found none ({hint})"),
        );
    }
}
