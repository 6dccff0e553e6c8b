//! Making raw htmx markup live: what `attributes::process` and every swapped-in fragment go through.
//!
//! Each kind of markup has a processor, which the components of that kind enter (decision 9). All are
//! idempotent: an element that is live already stays as it is (ACT-10, ACT-12).
//!
//! Invariant: reads attributes and starts behaviours; has none of its own.

mod http;
mod source_table;
mod sse;
mod ws;

pub(crate) use http::process as process_http;
pub(crate) use sse::{process as process_sse, set_source as set_sse_source, source_of as sse_source_of};
pub(crate) use ws::{
    no_source as no_ws_source, process as process_ws, set_source as set_ws_source, source_of as ws_source_of,
};

use std::fmt::Display;
use std::str::FromStr;

use web_sys::Element;

use super::live_elements::Kind;
use super::{diagnostics, dom, markup};

/// The elements on and below the root that match, in document order, without those in `hx-disable`: what is live
/// there in this way ends (ACT-08).
fn elements(root: &Element, selector: &str, kind: Kind) -> Vec<Element> {
    let own = root.matches(selector).unwrap_or(false).then(|| root.clone());
    let below = dom::select_all(root, selector);
    let found = own.into_iter().chain(below);
    let (disabled, enabled): (Vec<_>, Vec<_>) = found.partition(markup::is_disabled);
    for element in disabled {
        kind.disable(&element);
    }
    enabled
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

/// The elements with this attribute that are not live by what it says yet, and are from now on.
///
/// One that says nothing sensible is reported and stays as it is.
fn fresh<T>(root: &Element, selector: &str, attribute: &str, kind: Kind) -> Vec<(T, Element)>
where
    T: FromStr,
    T::Err: Display,
{
    let found = elements(root, selector, kind).into_iter();
    // All are read before the first is claimed: reporting runs code of the page.
    let read: Vec<_> = found
        .filter_map(|element| Some((parsed::<T>(&element, attribute)?, element)))
        .collect();
    let is_new =
        |element: &Element| markup::own(element, attribute).is_some_and(|text| kind.claim_as(element, &text));
    read.into_iter().filter(|(_, element)| is_new(element)).collect()
}

/// An element's own attribute; `None` also if it cannot be read, which is reported.
fn parsed<T>(element: &Element, attribute: &str) -> Option<T>
where
    T: FromStr,
    T::Err: Display,
{
    let text = markup::own(element, attribute)?;
    text.parse()
        .map_err(|error: T::Err| diagnostics::report(element, &error.to_string()))
        .ok()
}
