//! `hx-sse="connect:… swap:…"` in raw markup.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{elements, nearest};
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::stream_address::StreamAddress;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::presence::EndsWith;
use crate::browser::sse_source::{SourceHooks, SseSource};
use crate::browser::sse_swap::{SseSwap, SwapHooks};
use crate::browser::{diagnostics, markup};
use crate::grammar::SseSpec;

const PROPERTY: &str = "__liveSseSource";

thread_local! {
    static SOURCES: RefCell<HashMap<u32, Weak<SseSource>>> = RefCell::default();
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// Makes a source findable from the elements below its own.
pub(crate) fn set_source(source: &Rc<SseSource>) {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    SOURCES.with_borrow_mut(|sources| {
        sources.retain(|_, source| source.strong_count() > 0);
        sources.insert(id, Rc::downgrade(source));
    });
    let _ = Reflect::set(source.element(), &JsValue::from_str(PROPERTY), &JsValue::from(id));
}

/// The source that an element belongs to: its own or the nearest one around it (SSE-09).
pub(crate) fn source_of(element: &Element) -> Option<Rc<SseSource>> {
    nearest(element, |at| {
        let id = Reflect::get(at, &JsValue::from_str(PROPERTY)).ok()?.as_f64()?;
        SOURCES.with_borrow(|sources| sources.get(&(id as u32)).and_then(Weak::upgrade))
    })
}

/// Makes `hx-sse` on and below the root live.
pub(crate) fn process(root: &Element) {
    let found = elements(root, "[hx-sse],[data-hx-sse]");
    // DIFFERENCE: all sources first, so that the order of attributes and elements never matters
    // (ACT-09, SSE-02).
    let specs: Vec<_> = found
        .into_iter()
        .filter_map(|element| Some((read(&element)?, element)))
        .collect();
    let fresh: Vec<_> = specs
        .into_iter()
        .filter(|(_, element)| Kind::Sse.claim(element))
        .collect();
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

fn read(element: &Element) -> Option<SseSpec> {
    let text = markup::own(element, "hx-sse")?;
    text.parse()
        .map_err(|error| diagnostics::report(element, &format!("{error}")))
        .ok()
}

fn connect(element: &Element, url: &str) {
    let position = element
        .get_attribute("data-position")
        .and_then(|text| text.parse().ok());
    let address = StreamAddress {
        url: url.to_owned(),
        with_credentials: false,
        position_parameter: Some("last-event-id".to_owned()),
        private: false,
    };
    let source = SseSource::open(
        element,
        &address,
        RetryPolicy::default(),
        position,
        SourceHooks::default(),
        EndsWith::Page,
    );
    set_source(&source);
    // The table of live elements is what keeps it.
    attach(element, move || source.close("nodeReplaced"));
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
    let swap = SseSwap::subscribe(element, &source, names, SwapHooks::default(), EndsWith::Page);
    attach(element, move || {
        if let Some(swap) = swap.upgrade() {
            swap.release();
        }
    });
}
