//! What each swap style does to the page.

use web_sys::{DocumentFragment, Element, Node};

use crate::browser::regions::{self, Side};
use crate::browser::{live_elements, page};
use crate::grammar::SwapStyle;

/// Inserts the content, emptying the fragment; `false` when the target stands in no document.
pub(super) fn insert(target: &Element, style: SwapStyle, content: &DocumentFragment) -> bool {
    let parent = target.parent_node();
    match (style, parent) {
        (SwapStyle::InnerHtml, _) => {
            make_way_inside(target);
            target.replace_children_with_node_1(content);
            true
        }
        // What stands there stays, and goes on living: Leptos finds its own nodes by what it holds of them.
        (SwapStyle::AfterBegin, _) => target
            .insert_before(content, target.first_child().as_ref())
            .is_ok(),
        (SwapStyle::BeforeEnd, _) => target.append_child(content).is_ok(),
        (SwapStyle::OuterHtml, Some(parent)) => replace(target, &parent, content),
        (SwapStyle::BeforeBegin, Some(parent)) => {
            regions::accompany(target, content, Side::Before);
            parent.insert_before(content, Some(target)).is_ok()
        }
        (SwapStyle::AfterEnd, Some(parent)) => {
            regions::accompany(target, content, Side::After);
            parent
                .insert_before(content, target.next_sibling().as_ref())
                .is_ok()
        }
        _ => false,
    }
}

/// The element in which content stands once it is inserted there, whose namespace it must have (SWP-26).
pub(super) fn place_of(target: &Element, style: SwapStyle) -> Element {
    let is_beside = style.is_outer() || matches!(style, SwapStyle::BeforeBegin | SwapStyle::AfterEnd);
    let parent = is_beside.then(|| target.parent_element()).flatten();
    parent.unwrap_or_else(|| target.clone())
}

/// SWP-02. On the body it acts as `innerHTML`, as a page without one is no page (SWP-25).
fn replace(target: &Element, parent: &Node, content: &DocumentFragment) -> bool {
    if target.local_name() == "body" {
        return insert(target, SwapStyle::InnerHtml, content);
    }
    make_way_for(target);
    keep_a_place(target, content);
    let is_done = parent.replace_child(content, target).is_ok();
    regions::keep_findable(target);
    is_done
}

/// Where a component's own element goes, what takes its place is noted; nothing at all would leave
/// Leptos without a place, so then it is a comment.
fn keep_a_place(target: &Element, content: &DocumentFragment) {
    if !regions::needs_successor(target) {
        return;
    }
    if !content.has_child_nodes() {
        let _ = page::document().map(|document| content.append_child(&document.create_comment("")));
    }
    let nodes = content.child_nodes();
    let successors: Vec<Node> = (0..nodes.length())
        .filter_map(|index| nodes.item(index))
        .collect();
    regions::replaced(target, &successors);
}

/// SWP-07: the target goes, whatever the payload says.
pub(super) fn delete(target: &Element) {
    make_way_for(target);
    let (Some(parent), Some(document)) = (target.parent_node(), page::document()) else {
        return;
    };
    let nothing = document.create_document_fragment();
    keep_a_place(target, &nothing);
    let _ = parent.replace_child(&nothing, target);
    regions::keep_findable(target);
}

/// Ends everything that lives in the element's content.
pub(super) fn make_way_inside(target: &Element) {
    regions::release(target);
    live_elements::release_inside(target);
}

pub(super) fn make_way_for(target: &Element) {
    regions::release(target);
    live_elements::release_with(target);
}
