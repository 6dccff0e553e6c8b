//! Streams in markup: `hx-sse="connect:… swap:…"`, or `sse-connect`, `sse-swap` and `sse-close`.

use std::rc::Rc;

use web_sys::Element;

use super::source_table::SourceTable;
use super::{doubts, read_or_report};
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::stream_address::StreamAddress;
use crate::browser::demand::Demanded;
use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::live_elements::{Claim, Kind, attach};
use crate::browser::source::Source;
use crate::browser::sse_source::{SourceHooks, SseSource};
use crate::browser::sse_swap::{SseSwap, SwapHooks};
use crate::browser::{diagnostics, hints, markup, view_elements};
use crate::grammar::{SseAttributes, SseMeaning};
use crate::wire::Position;

thread_local! {
    static SOURCES: SourceTable<SseSource> = const { SourceTable::new("__liveSseSource") };
}

/// Makes a source findable from the elements below its own.
pub(crate) fn set_source(source: &Rc<SseSource>) {
    SOURCES.with(|sources| sources.set(source.element(), source));
}

/// The source that an element belongs to: its own or the nearest one around it (SSE-09, SSE-10).
pub(crate) fn source_of(element: &Element) -> Option<Rc<SseSource>> {
    SOURCES.with(|sources| sources.nearest(element))
}

/// SSE-12: without a source nothing can ever arrive, and the developer is told so.
pub(crate) fn no_source(element: &Element, language: &str) {
    dispatch_error(element, "htmx:noSSESourceError", &Detail::new());
    let sources = SOURCES.with(SourceTable::all);
    let existing = sources.iter().map(|source| source.element());
    let hint = hints::missing_source(existing, "`sse-connect`, or `hx-sse` with `connect:`,");
    let message = format!("{language}: expected a source of events on or around the element, found none");
    diagnostics::report_with_hint(element, &message, &hint);
}

/// Makes the elements live that have to do with streams.
pub(crate) fn process(elements: &[Element]) {
    let read = elements
        .iter()
        .filter_map(|element| Some((read(element)?, element)));
    let read: Vec<_> = read.collect();
    // DIFFERENCE: all sources first, so that the order of attributes and elements never matters
    // (ACT-09, SSE-02).
    for (meaning, element) in &read {
        own_source(element, meaning);
    }
    for (meaning, element) in &read {
        consume(element, meaning);
    }
}

/// What the element's attributes say; nothing where they cannot be read.
fn read(element: &Element) -> Option<SseMeaning> {
    if markup::is_ignored(element, "sse") {
        Kind::Sse.disable(element);
        Kind::SseSwap.disable(element);
        return None;
    }
    let [hx_sse, sse_connect, sse_swap, sse_close] =
        ["hx-sse", "sse-connect", "sse-swap", "sse-close"].map(|name| markup::own(element, name));
    let written = SseAttributes {
        hx_sse: hx_sse.as_deref(),
        sse_connect: sse_connect.as_deref(),
        sse_swap: sse_swap.as_deref(),
        sse_close: sse_close.as_deref(),
    };
    doubts::of_streams(element, written);
    read_or_report(element, SseMeaning::read(written))
}

/// Connects the element, or moves it to where its markup says now (ACT-11).
fn own_source(element: &Element, meaning: &SseMeaning) {
    let url = meaning.connect.as_deref();
    let claim = Kind::Sse.claim_as(element, url);
    let known = SOURCES.with(|sources| sources.own(element));
    match (claim, url, known.filter(|source| !source.hold().is_closed())) {
        (Claim::Changed, Some(url), Some(source)) => {
            // It was of the stream before.
            let _ = element.remove_attribute("data-position");
            source.move_to(&StreamAddress::of(url), RetryPolicy::default());
            // As a new one would be, also where a message has closed the old one (SSX-08).
            if source.is_away() {
                source.call();
            }
        }
        (Claim::New | Claim::Changed, Some(url), _) => connect(element, url),
        _ => {}
    }
    if let Some(source) = SOURCES.with(|sources| sources.own(element)) {
        // A component's own is among its attributes, too.
        source.close_on(meaning.close.as_deref());
    }
}

/// The position that the element was rendered at. Read once: when it is connected again, that is long past.
pub(crate) fn take_position(element: &Element) -> Option<Position> {
    let text = element.get_attribute("data-position")?;
    let _ = element.remove_attribute("data-position");
    text.parse().ok()
}

fn connect(element: &Element, url: &str) {
    let position = take_position(element);
    let source = SseSource::open(
        element,
        &StreamAddress::of(url),
        RetryPolicy::default(),
        position,
        SourceHooks::default(),
        view_elements::arrival(element).ends_with(),
    );
    set_source(&source);
    // The table of live elements is what keeps it.
    attach(element, Kind::Sse, move || source.close("nodeReplaced"));
}

fn consume(element: &Element, meaning: &SseMeaning) {
    let names = &meaning.swaps;
    let says = (!names.is_empty()).then(|| names.join("\n"));
    if !Kind::SseSwap.restart_as(element, says.as_deref()) {
        return;
    }
    let Some(source) = source_of(element) else {
        // One may still come.
        Kind::SseSwap.unclaim(element);
        no_source(element, "hx-sse or sse-swap");
        return;
    };
    let hooks = SwapHooks::default();
    let swap = SseSwap::subscribe(element, &source, names, hooks, view_elements::arrival(element));
    attach(element, Kind::SseSwap, move || {
        if let Some(swap) = swap.upgrade() {
            swap.release();
        }
    });
}
