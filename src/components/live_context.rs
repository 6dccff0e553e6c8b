//! What a source gives the components inside it.
//!
//! A context may be read on the server, where no value may belong to one thread, so it holds a number
//! and a signal; the source itself stays in a table of the browser's one thread, under that number.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MessageEvent};

use crate::browser::connection::state::ConnectionState;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::live_elements::Attachment;
use crate::browser::processing::sse_source_of;
use crate::browser::sse_source::SseSource;
use crate::browser::ws_source::WsSource;
use crate::browser::{diagnostics, live_elements, page};
use crate::wire::{EventName, LiveEvent};

static NEXT: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static STREAMS: RefCell<HashMap<u64, (Rc<SseSource>, Attachment)>> = RefCell::default();
    static SOCKETS: RefCell<HashMap<u64, (Rc<WsSource>, Attachment)>> = RefCell::default();
}

/// The stream that the components inside a [`SseSource`](super::SseSource) listen to.
#[derive(Clone, Copy, Debug)]
pub(super) struct StreamContext(u64);

/// The socket that the components inside a [`WsSource`](super::WsSource) send on.
#[derive(Clone, Copy, Debug)]
pub(super) struct SocketContext(u64);

/// The state of the nearest source, of either kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct StatusContext(pub(super) RwSignal<ConnectionState>);

impl StreamContext {
    pub(super) fn new() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Starts the source once, however often its element is built or rebuilt.
    pub(super) fn start(self, open: impl FnOnce() -> (Rc<SseSource>, Attachment)) {
        if self.source().is_none() {
            let source = untrack(open);
            STREAMS.with_borrow_mut(|streams| streams.insert(self.0, source));
        }
    }

    pub(super) fn source(self) -> Option<Rc<SseSource>> {
        STREAMS.with_borrow(|streams| streams.get(&self.0).map(|(source, _)| Rc::clone(source)))
    }

    pub(super) fn stop(self) {
        let stopped = STREAMS.with_borrow_mut(|streams| streams.remove(&self.0));
        if let Some((source, attachment)) = stopped {
            live_elements::release(attachment);
            // What was swapped in below it and is live must not outlive it.
            live_elements::release_with(source.element());
        }
    }
}

impl SocketContext {
    pub(super) fn new() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Starts the source once, however often its element is built or rebuilt.
    pub(super) fn start(self, open: impl FnOnce() -> (Rc<WsSource>, Attachment)) {
        if self.source().is_none() {
            let source = untrack(open);
            SOCKETS.with_borrow_mut(|sockets| sockets.insert(self.0, source));
        }
    }

    pub(super) fn source(self) -> Option<Rc<WsSource>> {
        SOCKETS.with_borrow(|sockets| sockets.get(&self.0).map(|(source, _)| Rc::clone(source)))
    }

    pub(super) fn stop(self) {
        let stopped = SOCKETS.with_borrow_mut(|sockets| sockets.remove(&self.0));
        if let Some((source, attachment)) = stopped {
            live_elements::release(attachment);
            // What was swapped in below it and is live must not outlive it.
            live_elements::release_with(source.element());
        }
    }
}

/// Hands on the stream that a component belongs to: that of the component around it, or else the one
/// that raw markup around its element has opened. Without one, the developer is told (SSE-12).
pub(super) fn with_source(
    context: Option<StreamContext>,
    element: &Element,
    language: &'static str,
    found: impl FnOnce(&Rc<SseSource>) + 'static,
) {
    if let Some(source) = context.and_then(StreamContext::source) {
        found(&source);
        return;
    }
    let element = element.clone();
    // An element that is being built has no parents yet.
    page::microtask(move || match sse_source_of(&element) {
        Some(source) => found(&source),
        None => {
            dispatch(&element, "htmx:noSSESourceError", &Detail::new());
            diagnostics::report(
                &element,
                &format!("{language}: expected an SseSource around it, found none"),
            );
        }
    });
}

/// An owner below the present one, for what must not leak to siblings.
///
/// Components own nothing by themselves, so a context provided in a body would reach whatever is
/// rendered next.
pub(super) fn child_owner() -> Owner {
    Owner::current().map_or_else(Owner::new, |owner| owner.child())
}

/// A browser's event as the value that callbacks get. Here the payload is copied.
pub(super) fn live_event(name: &str, event: &MessageEvent) -> LiveEvent {
    LiveEvent {
        position: event.last_event_id().parse().ok(),
        // A name that was subscribed to but cannot be published is a stranger's; it has no better one.
        name: EventName::new(name).unwrap_or_default(),
        data: event
            .data()
            .dyn_into::<js_sys::JsString>()
            .map(String::from)
            .unwrap_or_default(),
    }
}

/// The address with blanks escaped, which would otherwise end it in an attribute of words.
pub(super) fn in_words(url: &str) -> String {
    url.trim().replace(char::is_whitespace, "%20")
}
