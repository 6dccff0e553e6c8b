//! The swap engine: from a payload and a target to the page.
//!
//! The steps are the same on every channel: end what lives in the content that goes, insert, make
//! the new content live, place the out-of-band parts, and settle. The main swap comes before the
//! out-of-band parts, because it may create their targets (CON-20).
//!
//! Invariant: knows elements and payloads, but no connection and no component. HTML is written by
//! `dom.rs` alone.

mod in_place;
pub(super) mod morph;
mod oob;
mod scroll;
mod settle;
mod styles;

use js_sys::JsString;
use web_sys::{DocumentFragment, Element};

use self::morph::Morphed;
use self::settle::Settling;
use super::{diagnostics, dom, markup, processors};
use crate::grammar::{SwapSpec, SwapStyle};

pub(crate) use self::oob::place_by_id;

/// The style and modifiers of an element's `hx-swap`, own or inherited, read anew each time.
///
/// # Errors
/// The parse error's text.
pub(crate) fn spec_of(element: &Element) -> Result<SwapSpec, String> {
    match markup::inherited(element, "hx-swap") {
        Some((text, carrier)) => {
            let spec: SwapSpec = text.parse().map_err(|error| format!("{error}"))?;
            report_ignored(&carrier, &spec);
            Ok(spec)
        }
        None => Ok(SwapSpec::default()),
    }
}

/// DIFFERENCE: `swap:`, `transition:`, `focus-scroll:` and `ignoreTitle:` are read and not applied to
/// live messages, as in htmx 1.9 (SSW-11); here the developer is told so.
fn report_ignored(carrier: &Element, spec: &SwapSpec) {
    let ignored = [
        ("swap:", spec.swap.is_some()),
        ("transition:", spec.transition.is_some()),
        ("focus-scroll:", spec.focus_scroll.is_some()),
        ("ignoreTitle:", spec.ignore_title == Some(false)),
    ];
    for (modifier, _) in ignored.iter().filter(|(_, is_given)| *is_given) {
        diagnostics::report(
            carrier,
            &format!("hx-swap: `{modifier}` is not applied to live messages"),
        );
    }
}

/// Puts a payload into, around or in place of the target.
pub(crate) fn swap(target: &Element, spec: &SwapSpec, payload: &JsString) {
    match spec.style {
        // Of the payload only the parts that go elsewhere are needed.
        SwapStyle::Delete => {
            styles::delete(target);
            if let Some(content) = dom::parse(payload) {
                oob::place(oob::take(&content), spec);
            }
        }
        // CON-19: an empty message leaves the target alone.
        _ if payload.length() == 0 => {}
        SwapStyle::TextContent => {
            styles::make_way_inside(target);
            dom::set_text(target, payload);
        }
        SwapStyle::InnerHtml if is_plain(payload) => replace_children_plainly(target, spec, payload),
        style => {
            let Some(content) = dom::parse(payload) else {
                return;
            };
            let apart = oob::take(&content);
            // SSW-13: a payload of out-of-band parts alone does not empty the target.
            if style != SwapStyle::None && (apart.is_empty() || !is_blank(&content)) {
                insert(target, spec, &content);
            }
            oob::place(apart, spec);
        }
    }
}

/// The way of most messages: no ids, no live markup, no focus. The browser parses straight into the
/// target; a fragment of its own and a search through it would cost as much again.
fn replace_children_plainly(target: &Element, spec: &SwapSpec, payload: &JsString) {
    styles::make_way_inside(target);
    dom::set_html(target, payload);
    settle::start(Settling::new(target.clone(), dom::element_children(target)), spec);
}

/// Inserts parsed content by style, makes it live and settles it.
fn insert(target: &Element, spec: &SwapSpec, content: &DocumentFragment) {
    if let Some(morphed) = morph(target, spec.style, content) {
        for element in morphed.inserted.iter().chain(&morphed.changed) {
            processors::process(element);
        }
        settle::start(Settling::new(target.clone(), morphed.inserted), spec);
        return;
    }
    let replaced;
    let spec = match spec.style {
        // What cannot become the payload's element is replaced by it.
        SwapStyle::OuterMorph | SwapStyle::OuterSync => {
            replaced = SwapSpec {
                style: SwapStyle::OuterHtml,
                ..spec.clone()
            };
            &replaced
        }
        _ => spec,
    };
    let settling = match in_place::replacement(target, spec.style, content) {
        Some(new) => in_place::become_element(target, &new),
        None => {
            let mut settling = Settling::new(target.clone(), dom::element_children(content));
            settling.keep_old_attributes(content);
            if !styles::insert(target, spec.style, content) {
                return;
            }
            settling
        }
    };
    for element in settling.inserted() {
        processors::process(element);
    }
    settle::start(settling, spec);
}

/// What the styles that keep the target's nodes have done; `None` for the other styles, and where they cannot.
fn morph(target: &Element, style: SwapStyle, content: &DocumentFragment) -> Option<Morphed> {
    match style {
        SwapStyle::InnerMorph => Some(morph::morph_inside(target, content)),
        SwapStyle::OuterMorph => morph::morph_element(target, content),
        SwapStyle::OuterSync => morph::sync_element(target, content),
        _ => None,
    }
}

/// Whether nothing in the payload needs more than to be parsed.
fn is_plain(payload: &JsString) -> bool {
    ["hx-", "id=", "autofocus"]
        .iter()
        .all(|word| !payload.includes(word, 0))
}

fn is_blank(content: &DocumentFragment) -> bool {
    content.first_element_child().is_none()
        && content.text_content().is_none_or(|text| text.trim().is_empty())
}
