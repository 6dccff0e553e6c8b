//! A part of a payload that finds its own place: where that is, and what happens there.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DocumentFragment, Element};

use super::line::{self, Moment};
use super::lost::tell_lost;
use super::plan::final_at;
use super::reading::Reading;
use super::when_settled::WhenSettled;
use super::{insertion, styles};
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::event_names::{OOB_AFTER_SWAP, OOB_BEFORE_SWAP, SHOULD_SWAP, TARGET};
use crate::browser::{diagnostics, dom, page, parsing};
use crate::grammar::{SwapOob, SwapSpec, SwapStyle};

/// A part of a payload and where it says that it belongs.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) element: Element,
    pub(super) place: SwapOob,
    /// It is an `<hx-partial>`, which only says where what is in it belongs.
    pub(super) is_partial: bool,
    /// How it was read, and which of the parts it was, to read it again as what its place asks for.
    pub(super) reading: Rc<Reading>,
    pub(super) index: usize,
}

impl Part {
    /// Whether the element itself is inserted; otherwise what is in it (OOB-02, OOB-16).
    pub(super) fn brings_itself(&self) -> bool {
        let is_outer = self.place.spec.style.is_outer();
        !self.is_partial && !self.place.spec.strip.unwrap_or(!is_outer)
    }

    pub(super) fn targets(&self) -> Vec<Element> {
        let root = || page::document()?.document_element();
        match &self.place.selector {
            Some(selector) => root().map_or_else(Vec::new, |root| dom::select_all(&root, selector)),
            // OOB-09: by id and not by a selector made of it, which would need escaping.
            None => dom::namesake(&self.element).into_iter().collect(),
        }
    }

    /// Puts it at each of the targets; the swap around it says what it does not say itself.
    pub(super) fn place_at(&self, targets: &[Element], around: &SwapSpec, settled: Option<&WhenSettled>) {
        if targets.is_empty() {
            self.no_target();
        }
        let mut spec = self.place.spec.clone();
        spec.settle = spec.settle.or(around.settle);
        for (index, target) in targets.iter().enumerate() {
            if !line::must_wait(target, &spec) {
                let is_last = index + 1 == targets.len();
                self.put(target, spec.clone(), Moment::Now, is_last, settled);
                continue;
            }
            let (part, later, at, settled) = (self.clone(), spec.clone(), target.clone(), settled.cloned());
            line::wait(target, target, &spec, move |moment| {
                part.put(&at, later, moment, false, settled.as_ref());
            });
        }
    }

    /// The last target gets the part itself; those before it and those that wait get copies.
    fn put(
        &self,
        target: &Element,
        spec: SwapSpec,
        moment: Moment,
        is_last: bool,
        settled: Option<&WhenSettled>,
    ) {
        let Some(content) = self.content_for(&styles::place_of(target, spec.style), is_last) else {
            tell_lost(target, dom::REFUSED.to_owned());
            return;
        };
        let detail = Detail::of_fields(|fields| {
            fields.set_should_swap(&JsValue::TRUE);
            fields.set_target(target);
            fields.set_fragment(&content);
        });
        if !dispatch(target, &OOB_BEFORE_SWAP, &detail) || detail.get(&SHOULD_SWAP).is_falsy() {
            return;
        }
        let target = detail
            .get(&TARGET)
            .dyn_into::<Element>()
            .unwrap_or_else(|_| target.clone());
        let spec = final_at(SwapSpec { strip: None, ..spec }, moment);
        match spec.style {
            SwapStyle::None => {}
            SwapStyle::Delete => styles::delete(&target),
            SwapStyle::TextContent => {
                let text = content.text_content().unwrap_or_default();
                insertion::insert_text(&target, &spec, &text.into(), settled);
            }
            _ => insertion::insert(&target, &spec, &content, settled),
        }
        dispatch(&target, &OOB_AFTER_SWAP, &detail);
    }

    /// What is inserted: a copy where others are to get it, too, since a node can stand in one place only (OOB-03).
    fn content_for(&self, place: &Element, is_last: bool) -> Option<DocumentFragment> {
        let element = self.element_for(place, is_last)?;
        if self.brings_itself() {
            let content = page::document()?.create_document_fragment();
            dom::append(&content, &element);
            return Some(content);
        }
        if parsing::is_foreign(place) && !parsing::is_foreign(&element) {
            // A `<div>` around shapes is HTML wherever it stands, and with it what is in it. So `<circle/>` has no end
            // there; in a `<g>`, a `<template>` or an `<hx-partial>` it has one.
            let inside: JsString = dom::property(&element, "innerHTML").dyn_into().ok()?;
            return parsing::parse_for(place, &inside);
        }
        let content = page::document()?.create_document_fragment();
        dom::move_children(&dom::content_of(&element), &content);
        Some(content)
    }

    /// The element or a copy of it, as it must be to stand in this place (SWP-26).
    ///
    /// Where the payload was read as something else, it is read again from its text, which says more than the elements
    /// that were made of it: only in a drawing has `<circle/>` an end.
    fn element_for(&self, place: &Element, is_last: bool) -> Option<Element> {
        let is_foreign = parsing::is_foreign(place);
        let is_right =
            is_foreign == self.reading.is_foreign() || is_foreign == parsing::is_foreign(&self.element);
        if !is_right {
            let again = self.reading.parts_for(place).into_iter().nth(self.index);
            let name = self.element.local_name();
            let found = again.filter(|part| part.element.local_name().eq_ignore_ascii_case(&name));
            if let Some(part) = found {
                return Some(part.element);
            }
            self.misread();
        }
        if is_last {
            return Some(self.element.clone());
        }
        self.element.clone_node_with_deep(true).ok()?.dyn_into().ok()
    }

    /// Whether both are the same part, read in two ways.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let names = [&self.element, &other.element].map(Element::local_name);
        let [own, others] = &names;
        own.eq_ignore_ascii_case(others)
            && dom::id_of(&self.element) == dom::id_of(&other.element)
            && self.place.selector == other.place.selector
    }

    /// Whether an element with the other part's id stands in this one.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let id = dom::id_of(&other.element);
        let inside = dom::select_all(&self.element, "[id]");
        inside.iter().any(|element| dom::id_of(element) == id)
    }

    /// The place in a drawing that this part was not read for, if it has one.
    pub(super) fn missed_place(&self) -> Option<Element> {
        if parsing::is_foreign(&self.element) {
            return None;
        }
        let target = self.targets().into_iter().next()?;
        Some(styles::place_of(&target, self.place.spec.style)).filter(parsing::is_foreign)
    }

    /// It is inserted as what it was read as, which nobody may see.
    fn misread(&self) {
        diagnostics::report_with_hint(
            &self.element,
            "out-of-band: expected a part that can be read for its place, found one that cannot",
            "wrap it in `<template>`",
        );
    }

    /// OOB-06: nothing is dropped silently.
    fn no_target(&self) {
        let (element, id) = (&self.element, dom::id_of(&self.element));
        let (selector, hint) = match &self.place.selector {
            Some(selector) => (selector.clone(), "no element matches its selector"),
            None if id.is_empty() => (String::new(), "it has no id"),
            None => (format!("#{id}"), "no element has its id"),
        };
        // Not with its neighbours around it, from where it was read.
        dom::remove(element);
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
