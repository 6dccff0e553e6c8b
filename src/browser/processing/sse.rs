//! `hx-sse="connect:… swap:…"` in raw markup.

use std::rc::Rc;

use web_sys::Element;

use super::fresh;
use super::source_table::SourceTable;
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::stream_address::StreamAddress;
use crate::browser::diagnostics;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::presence::EndsWith;
use crate::browser::sse_source::{SourceHooks, SseSource};
use crate::browser::sse_swap::{Arrival, SseSwap, SwapHooks};
use crate::grammar::SseSpec;

thread_local! {
    static SOURCES: SourceTable<SseSource> = SourceTable::new("__liveSseSource");
}

/// Makes a source findable from the elements below its own.
pub(crate) fn set_source(source: &Rc<SseSource>) {
    SOURCES.with(|sources| sources.set(source.element(), source));
}

/// The source that an element belongs to: its own or the nearest one around it (SSE-09).
pub(crate) fn source_of(element: &Element) -> Option<Rc<SseSource>> {
    SOURCES.with(|sources| sources.nearest(element))
}

/// Makes `hx-sse` on and below the root live.
pub(crate) fn process(root: &Element) {
    let fresh = fresh::<SseSpec>(root, "[hx-sse],[data-hx-sse]", "hx-sse", Kind::Sse);
    // DIFFERENCE: all sources first, so that the order of attributes and elements never matters
    // (ACT-09, SSE-02).
    for (spec, element) in &fresh {
        if let Some(url) = spec.connect() {
            connect(element, url);
        }
    }
    for (spec, element) in &fresh {
        let names: Vec<_> = spec.swaps().collect();
        if !names.is_empty() {
            consume(element, &names);
        }
    }
}

fn connect(element: &Element, url: &str) {
    let position = element
        .get_attribute("data-position")
        .and_then(|text| text.parse().ok());
    let source = SseSource::open(
        element,
        &StreamAddress::of(url),
        RetryPolicy::default(),
        position,
        SourceHooks::default(),
        EndsWith::Page,
    );
    set_source(&source);
    // The table of live elements is what keeps it.
    attach(element, Kind::Sse, move || source.close("nodeReplaced"));
}

fn consume(element: &Element, names: &[&str]) {
    let Some(source) = source_of(element) else {
        dispatch(element, "htmx:noSSESourceError", &Detail::new());
        diagnostics::report(
            element,
            "hx-sse: expected a `connect:` on or around the element, found none",
        );
        return;
    };
    let swap = SseSwap::subscribe(element, &source, names, SwapHooks::default(), Arrival::Markup);
    attach(element, Kind::Sse, move || {
        if let Some(swap) = swap.upgrade() {
            swap.release();
        }
    });
}
