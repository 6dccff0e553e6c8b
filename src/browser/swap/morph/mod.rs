//! Morphing: making what stands on the page like a payload, and keeping every node that is the same (SWP-10, SSW-18).
//!
//! Focus, caret, scroll positions, typed text, playing media, listeners and whatever lives on an element belong to the
//! node, so they survive as long as the node does. It goes in three steps:
//!
//! 1. [`plan`] compares both trees from the top and writes down what is to be done. It changes nothing, so that every
//!    question is asked of the page as it was. Subtrees that are equal are left out by one call into the browser each.
//! 2. [`carry_out`] does it from the top: attributes, then what is inserted and moved below.
//! 3. What has no place any more leaves at the end. By then everything that the payload shows elsewhere has moved
//!    there, and content never shrinks in between, which would lose scroll positions.
//!
//! Who is who among siblings is decided in [`siblings`]: by id or key, then by being equal, then by what stands inside,
//! then by place. Elements with an id are found in all of the target, also under other parents ([`elsewhere`]).
//! The work grows with the number of nodes, and for those that moved by `n log n`.
//!
//! Invariant: text and comments aside, a node of the page is changed or moved only for a node of the payload that is
//! the same one; no node is matched twice. Nothing is borrowed while the page changes, since elements of the page's own
//! making run code then.

mod attributes;
mod carry_out;
mod disclosure;
mod elsewhere;
mod focus;
mod form_state;
mod identity;
mod leaving;
pub(in crate::browser) mod left_alone;
mod live_markup;
mod matching;
mod moving;
mod order;
mod patch;
mod placing;
mod plan;
mod siblings;
mod survey;

pub(super) use self::left_alone::PRESERVED;
pub(super) use self::moving::relocate;

use std::cell::Cell;

use js_sys::Array;
use web_sys::{DocumentFragment, Element, Node};

use self::carry_out::carry_out;
use self::plan::Planner;
use self::survey::Survey;
use super::preserve::Preserved;
use crate::browser::regions::{self, Side};
use crate::browser::{dom, live_elements, page};
use crate::grammar::SwapStyle;

/// What a morph has done, as far as somebody else goes on with it.
#[derive(Debug, Default)]
pub(crate) struct Morphed {
    /// New elements, each the top of what came with it: to be processed and settled.
    pub(crate) inserted: Vec<Element>,
    /// Elements that stayed and ask for something else now: to be processed again (LIF-06).
    pub(crate) changed: Vec<Element>,
}

/// Swaps content in by a style that keeps nodes of the page; `None`, and nothing done, where it cannot.
pub(super) type Morph = fn(&Element, SwapStyle, &DocumentFragment) -> Option<Morphed>;

thread_local! {
    static MORPH: Cell<Option<Morph>> = const { Cell::new(None) };
}

/// Lets the styles that keep nodes be used from now on; they are linked where somebody says so (decision 9).
pub(crate) fn enter() {
    if page::is_browser() {
        MORPH.set(Some(morph));
    }
}

/// How they are carried out, if they were entered.
pub(super) fn entered() -> Option<Morph> {
    MORPH.get()
}

/// As if nobody had entered them.
#[cfg(all(test, target_family = "wasm"))]
pub(crate) fn leave() {
    MORPH.take();
}

fn morph(target: &Element, style: SwapStyle, content: &DocumentFragment) -> Option<Morphed> {
    match style {
        SwapStyle::InnerMorph => Some(morph_inside(target, content)),
        SwapStyle::OuterMorph => morph_element(target, content),
        SwapStyle::OuterSync => {
            let preserved = Preserved::take_aside(content);
            let synced = sync_element(target, content);
            preserved.put_back();
            synced
        }
        _ => None,
    }
}

/// Makes the children of the target like those of the content, which is used up.
pub(crate) fn morph_inside(target: &Element, content: &DocumentFragment) -> Morphed {
    let_go(target);
    let survey = Survey::of(target, content);
    let mut planner = Planner::new(&survey, content);
    planner.compare_inside(target, content);
    carry_out(&survey, planner.finish())
}

/// Makes the target itself like the first element of the content. What else the content holds goes beside it.
///
/// The target stays the same node, which is why a component's own element is better morphed than replaced. `None`, and
/// nothing done, if the first element has another tag, or if there is none: then the target must be replaced.
///
/// On the body it acts as [`morph_inside`], since a parser leaves the body's own tag out (SWP-25).
pub(crate) fn morph_element(target: &Element, content: &DocumentFragment) -> Option<Morphed> {
    let name = target.node_name();
    if name == "BODY" {
        return Some(morph_inside(target, content));
    }
    // A script that is changed may run.
    let root = content
        .first_element_child()
        .filter(|root| root.node_name() == name && !identity::is_script(&name))?;
    let_go(target);
    let survey = Survey::of(target, content);
    let mut planner = Planner::new(&survey, content);
    planner.compare(target.clone(), root.clone(), name);
    let mut morphed = carry_out(&survey, planner.finish());
    morphed.inserted.extend(put_beside(target, content, &root));
    Some(morphed)
}

/// Gives the target the attributes of the content's first element, and its children for all of the target's own, the
/// `outerSync` of htmx 4 (SWP-11). `None`, and nothing done, where the content has no element.
///
/// On the body the whole content becomes its children, since a parser leaves the body's own tag out (SWP-25).
pub(crate) fn sync_element(target: &Element, content: &DocumentFragment) -> Option<Morphed> {
    if target.node_name() == "BODY" {
        let_go(target);
        live_elements::release_inside(target);
        let inserted = dom::element_children(content);
        target.replace_children_with_node_1(content);
        let changed = Vec::new();
        return Some(Morphed { inserted, changed });
    }
    let root = content.first_element_child()?;
    let_go(target);
    live_elements::release_inside(target);
    let asks_anew = patch::attributes(target, &root);
    let changed = asks_anew.then(|| target.clone()).into_iter().collect();
    let inserted = dom::element_children(&root);
    target.replace_children_with_node(&Array::from(&root.child_nodes()));
    Some(Morphed { inserted, changed })
}

/// Ends what Leptos still does inside the target. What it has built in the browser does not become the server's: its
/// handlers would run without the owner that they count on, and read signals that are gone. So the first payload brings
/// everything anew there, and only what it has brought is kept by the next. What the server has rendered is the server's
/// from the beginning, and kept by the first as well.
fn let_go(target: &Element) {
    for built in regions::release(target) {
        live_elements::release_inside(&built);
        built.replace_children_with_node_0();
    }
}

/// Puts what stands before and after the content's root before and after the target. Blanks at both ends are those
/// of the message, and one that comes every second must not leave one more text each time.
fn put_beside(target: &Element, content: &DocumentFragment, root: &Element) -> Vec<Element> {
    while let Some(first) = content.first_child().filter(is_blank) {
        let _ = content.remove_child(&first);
    }
    while let Some(last) = content.last_child().filter(is_blank) {
        let _ = content.remove_child(&last);
    }
    let beside = dom::element_children(content)
        .into_iter()
        .filter(|element| element != root)
        .collect();
    let (Some(parent), Some(document)) = (target.parent_node(), page::document()) else {
        return Vec::new();
    };
    let leading = document.create_document_fragment();
    while let Some(node) = content
        .first_child()
        .filter(|node| !node.is_same_node(Some(root)))
    {
        if leading.append_child(&node).is_err() {
            break;
        }
    }
    let _ = content.remove_child(root);
    for (nodes, side, place) in [
        (&leading, Side::Before, Some(target.clone().into())),
        (content, Side::After, target.next_sibling()),
    ] {
        regions::accompany(target, nodes, side);
        let _ = parent.insert_before(nodes, place.as_ref());
    }
    beside
}

fn is_blank(node: &Node) -> bool {
    node.node_type() == Node::TEXT_NODE && node.node_value().is_none_or(|text| text.trim().is_empty())
}
