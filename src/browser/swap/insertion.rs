//! One fragment at one target in one style: what every main swap and every out-of-band part comes to.

use web_sys::{DocumentFragment, Element};

use super::focus::Focus;
use super::preserve::Preserved;
use super::settle::{self, Settling};
use super::when_settled::WhenSettled;
use super::{in_place, scripts, styles};
use crate::browser::{dom, page, processors};
use crate::grammar::{SwapSpec, SwapStyle};

/// Inserts parsed content by style, makes it live and settles it.
pub(super) fn insert(
    target: &Element,
    spec: &SwapSpec,
    content: &DocumentFragment,
    settled: Option<&WhenSettled>,
) {
    if spec.style == SwapStyle::Delete {
        styles::delete(target);
        return;
    }
    let stripped = (spec.strip == Some(true)).then(|| strip(content)).flatten();
    let content = stripped.as_ref().unwrap_or(content);
    if spec.scripts == Some(true) {
        scripts::revive(content);
    }
    let focus = Focus::now();
    let preserved = Preserved::take_aside(content);
    let settling = put(target, spec, content);
    preserved.put_back();
    if let Some(focus) = focus {
        focus.restore(spec.focus_scroll == Some(true));
    }
    let Some(settling) = settling else { return };
    for element in settling.inserted() {
        processors::process(element);
    }
    settle::start(settling.telling(settled.cloned()), spec);
}

/// What was inserted; `None` where there was no place for it.
fn put(target: &Element, spec: &SwapSpec, content: &DocumentFragment) -> Option<Settling> {
    if let Some(new) = in_place::replacement(target, spec.style, content) {
        return Some(in_place::become_element(target, &new));
    }
    let mut settling = Settling::new(target.clone(), dom::element_children(content));
    settling.keep_old_attributes(content);
    if !styles::insert(target, spec.style, content) {
        return None;
    }
    let is_replaced = spec.style == SwapStyle::OuterHtml && !target.is_connected();
    Some(if is_replaced {
        settling.in_its_place()
    } else {
        settling
    })
}

/// What stands inside the content's first element, or inside the template that it is (SWP-24).
fn strip(content: &DocumentFragment) -> Option<DocumentFragment> {
    let first = content.first_element_child()?;
    let inside = page::document()?.create_document_fragment();
    dom::move_children(&dom::content_of(&first), &inside);
    Some(inside)
}
