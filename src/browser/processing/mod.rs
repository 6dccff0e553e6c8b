//! Making raw htmx markup live: what `attributes::process` and every swapped-in fragment go through.
//!
//! Each kind of markup has a processor, which the components of that kind enter (decision 9). All are
//! idempotent: an element that is live already stays as it is (ACT-10, ACT-12).
//!
//! Invariant: reads attributes and starts behaviours; has none of its own.

mod http;
mod sse;
mod ws;

pub(crate) use http::process as process_http;
pub(crate) use sse::{process as process_sse, set_source as set_sse_source, source_of as sse_source_of};
pub(crate) use ws::{
    process as process_ws, set_source as set_ws_source, source_of as ws_source_of, triggers_of,
};

use web_sys::Element;

use super::{dom, markup};

/// The elements on and below the root that match, in document order, without those in `hx-disable`.
fn elements(root: &Element, selector: &str) -> Vec<Element> {
    let own = root.matches(selector).unwrap_or(false).then(|| root.clone());
    let below = dom::select_all(root, selector);
    own.into_iter()
        .chain(below)
        .filter(|element| !markup::is_disabled(element))
        .collect()
}

/// Walks from the element to the root of the page and returns the first thing found.
fn nearest<T>(element: &Element, find: impl Fn(&Element) -> Option<T>) -> Option<T> {
    let mut current = Some(element.clone());
    while let Some(at) = current {
        if let Some(found) = find(&at) {
            return Some(found);
        }
        current = at.parent_element();
    }
    None
}
