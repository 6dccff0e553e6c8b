//! `scroll:` and `show:`: where the page stands after a swap (SWP-20, SWP-21).

use web_sys::{Element, ScrollIntoViewOptions};

use super::defaults::defaults;
use crate::browser::dictionary::dictionary;
use crate::browser::page;
use crate::grammar::{Edge, Show, SwapSpec};

/// Scrolls as the modifiers say, once the new content has settled: by themselves they mean the first of what has changed
/// where it is about its top, and the last where it is about its bottom.
pub(super) fn apply<'a>(mut changed: impl DoubleEndedIterator<Item = &'a Element>, spec: &SwapSpec) {
    if spec.scroll.is_none() && spec.show.is_none() {
        return;
    }
    let first = changed.next();
    let last = changed.next_back().or(first);
    let meant = |selector: &Option<String>, edge: Edge| match (selector, edge) {
        (Some(selector), _) => select(selector),
        (None, Edge::Top) => first.cloned(),
        (None, Edge::Bottom) => last.cloned(),
    };
    if let Some(scroll) = &spec.scroll {
        let scrolled = meant(&scroll.selector, scroll.edge);
        if let Some(scrolled) = scrolled {
            scrolled.set_scroll_top(match scroll.edge {
                Edge::Top => 0,
                Edge::Bottom => scrolled.scroll_height(),
            });
        }
    }
    match &spec.show {
        None | Some(Show::None) => {}
        Some(Show::Window(edge)) => {
            if let Some(body) = page::body() {
                into_view(&body, *edge);
            }
        }
        Some(Show::Element { selector, edge }) => {
            if let Some(shown) = meant(selector, *edge) {
                into_view(&shown, *edge);
            }
        }
    }
}

fn select(selector: &str) -> Option<Element> {
    page::document()?.query_selector(selector).ok()?
}

fn into_view(element: &Element, edge: Edge) {
    let block = match edge {
        Edge::Top => "start",
        Edge::Bottom => "end",
    };
    let options: ScrollIntoViewOptions =
        dictionary(&[("behavior", defaults().scroll.into()), ("block", block.into())]);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
