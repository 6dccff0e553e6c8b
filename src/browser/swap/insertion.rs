//! One fragment at one target in one style: what every main swap and every out-of-band part comes to.

use js_sys::JsString;
use web_sys::{DocumentFragment, Element};

use super::defaults::defaults;
use super::focus::Focus;
use super::morph::{self, Morphed};
use super::preserve::Preserved;
use super::settle::{self, Settling};
use super::when_settled::WhenSettled;
use super::{in_place, scripts, styles};
use crate::browser::dom::End;
use crate::browser::{diagnostics, dom, page, processors};
use crate::grammar::{SwapSpec, SwapStyle};

/// Replaces what is in the target by text, and settles it.
pub(super) fn insert_text(target: &Element, spec: &SwapSpec, text: &JsString, settled: Option<&WhenSettled>) {
    styles::make_way_inside(target);
    dom::set_text(target, text);
    let settling = Settling::new(target.clone(), Vec::new());
    settle::start(settling.telling(settled.cloned()), spec);
}

/// Adds to what is there what is simple enough to be parsed in its place.
///
/// `None` where the browser refuses it.
pub(super) fn add_simply(
    target: &Element,
    spec: &SwapSpec,
    html: &JsString,
    settled: Option<&WhenSettled>,
) -> Option<()> {
    let end = match spec.style {
        SwapStyle::AfterBegin => End::First,
        _ => End::Last,
    };
    let settling = Settling::new(target.clone(), dom::add_html(target, end, html)?).following();
    settle::start(settling.telling(settled.cloned()), spec);
    Some(())
}

/// Adds content beside or to what is there, of which is known that nothing in it needs more than that.
pub(super) fn add(
    target: &Element,
    spec: &SwapSpec,
    content: &DocumentFragment,
    settled: Option<&WhenSettled>,
) {
    let settling = Settling::new(target.clone(), dom::element_children(content)).following();
    if styles::insert(target, spec.style, content) {
        settle::start(settling.telling(settled.cloned()), spec);
    }
}

/// Inserts parsed content by style, makes it live and settles it.
pub(super) fn insert(
    target: &Element,
    spec: &SwapSpec,
    content: &DocumentFragment,
    settled: Option<&WhenSettled>,
) {
    let stripped = (spec.strip == Some(true)).then(|| strip(content)).flatten();
    let content = stripped.as_ref().unwrap_or(content);
    if spec.scripts == Some(true) {
        scripts::revive(content);
    }
    if let Some(morphed) = morph(target, spec.style, content) {
        processors::process_these(morphed.changed);
        for element in &morphed.inserted {
            processors::process(element);
        }
        let settling = Settling::new(target.clone(), morphed.inserted);
        settle::start(settling.telling(settled.cloned()), spec);
        return;
    }
    // Asked while it stands by itself: one question about all of it instead of three about each element. Scripts in it
    // may make more of it.
    let is_mere_content = spec.scripts != Some(true) && processors::is_mere_content(content);
    let focus = Focus::now();
    let preserved = if is_mere_content {
        Preserved::default()
    } else {
        Preserved::take_aside(content)
    };
    let settling = put(target, spec.style, content);
    preserved.put_back();
    if let Some(focus) = focus {
        let may_scroll = spec.focus_scroll.unwrap_or_else(|| defaults().focus_scroll);
        focus.restore(may_scroll);
    }
    let Some(settling) = settling else { return };
    if !is_mere_content {
        for element in settling.inserted() {
            processors::process(element);
        }
    }
    settle::start(settling.telling(settled.cloned()), spec);
}

/// What the styles that keep the target's nodes have done, which look after preserved elements and the focus by
/// themselves; `None` for the other styles, and where they cannot.
fn morph(target: &Element, style: SwapStyle, content: &DocumentFragment) -> Option<Morphed> {
    if !style.keeps_nodes() {
        return None;
    }
    let Some(morph) = morph::entered() else {
        diagnostics::report(
            target,
            &format!(
                "expected a call of `attributes::enable_morphing` in the app for `{style}`, found none; all is replaced"
            ),
        );
        return None;
    };
    morph(target, style, content)
}

/// What was inserted; `None` where there was no place for it.
fn put(target: &Element, style: SwapStyle, content: &DocumentFragment) -> Option<Settling> {
    // What cannot become the payload's element is replaced by it.
    let style = match style {
        SwapStyle::InnerMorph => SwapStyle::InnerHtml,
        style if style.is_outer() => SwapStyle::OuterHtml,
        style => style,
    };
    if let Some((own, new)) = in_place::replacement(target, style, content) {
        return Some(in_place::become_element(target, &own, &new));
    }
    let mut settling = Settling::new(target.clone(), dom::element_children(content));
    settling.keep_old_attributes(content);
    if !styles::insert(target, style, content) {
        return None;
    }
    let is_replaced = style == SwapStyle::OuterHtml && !target.is_connected();
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
