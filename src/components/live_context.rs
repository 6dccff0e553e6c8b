//! What a source gives the components inside it.
//!
//! A context may be read on the server, where no value may belong to one thread, so it holds a number
//! and a signal; the source itself stays in a table of the browser's one thread, under that number. What `signals` offers
//! finds its source here too.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MessageEvent};

use super::address::Address;
use super::calling::tell;
use super::handler::Handler;
use super::lifetime::Lifetime;
use crate::browser::connection::state::{CloseReason, ConnectionState};
use crate::browser::live_elements::Attachment;
use crate::browser::processing::{no_sse_source, sse_source_of};
use crate::browser::source::Source;
use crate::browser::sse_source::{SseSource, Told};
use crate::browser::table::Table;
use crate::browser::ws_source::WsSource;
use crate::browser::{live_elements, page, regions};
use crate::wire::{EventName, LiveEvent};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A kind of source, with the table of those that components have started.
pub(crate) trait Started: Source {
    fn with_table<R>(run: impl FnOnce(&mut Running<Self>) -> R) -> R;
}

/// The sources that are running, by the number of their context.
pub(crate) type Running<S> = Table<u64, (Rc<S>, Attachment)>;

thread_local! {
    static STREAMS: RefCell<Running<SseSource>> = const { RefCell::new(Table::new()) };
    static SOCKETS: RefCell<Running<WsSource>> = const { RefCell::new(Table::new()) };
}

impl Started for SseSource {
    fn with_table<R>(run: impl FnOnce(&mut Running<Self>) -> R) -> R {
        STREAMS.with_borrow_mut(run)
    }
}

impl Started for WsSource {
    fn with_table<R>(run: impl FnOnce(&mut Running<Self>) -> R) -> R {
        SOCKETS.with_borrow_mut(run)
    }
}

/// The source that the components inside it belong to.
#[derive(Debug)]
pub(crate) struct SourceContext<S> {
    id: u64,
    // Not the source itself: this travels between threads on the server.
    kind: PhantomData<fn() -> S>,
}

/// The stream that the components inside a [`SseSource`](super::SseSource) listen to.
pub(crate) type StreamContext = SourceContext<SseSource>;

/// The socket that the components inside a [`WsSource`](super::WsSource) send on.
pub(crate) type SocketContext = SourceContext<WsSource>;

/// The state of the nearest stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamState(pub(crate) RwSignal<ConnectionState>);

/// The state of the nearest socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SocketState(pub(crate) RwSignal<ConnectionState>);

/// The state of the nearest source, of either kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct StatusContext(pub(super) RwSignal<ConnectionState>);

impl<S> Clone for SourceContext<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for SourceContext<S> {}

impl<S: Started> SourceContext<S> {
    pub(super) fn new() -> Self {
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            kind: PhantomData,
        }
    }

    /// Starts the source once, however often its element is built or rebuilt.
    pub(super) fn start(self, open: impl FnOnce() -> (Rc<S>, Attachment)) {
        if self.source().is_none() {
            let source = untrack(open);
            S::with_table(|table| table.insert(self.id, source));
        }
    }

    pub(crate) fn source(self) -> Option<Rc<S>> {
        S::with_table(|table| table.get(&self.id).map(|(source, _)| Rc::clone(source)))
    }

    pub(super) fn stop(self) {
        let stopped = S::with_table(|table| table.remove(&self.id));
        if let Some((source, attachment)) = stopped {
            live_elements::release(attachment);
            // What was swapped in below it and is live must not outlive it.
            live_elements::release_with(source.hold().element());
        }
    }

    /// Provides the source and its state to what is rendered next, until the owner is cleaned up, and moves it when
    /// its address changes (ACT-11).
    pub(super) fn provide(
        self,
        state: RwSignal<ConnectionState>,
        connect: Address,
        move_to: impl Fn(&Rc<S>, String) + 'static,
    ) {
        provide_context(self);
        provide_context(StatusContext(state));
        on_cleanup(move || self.stop());
        connect.follow(move |url| {
            if let Some(source) = self.source().filter(|source| source.hold().url() != url) {
                move_to(&source, url);
            }
        });
    }
}

/// What is to be done when the state changes: the signal follows, and the app is told of the two that matter most.
pub(super) fn telling(
    state: RwSignal<ConnectionState>,
    on_open: Option<Handler<()>>,
    on_close: Option<Handler<CloseReason>>,
) -> Told<ConnectionState> {
    Rc::new(move |found| {
        // The signal is gone when the component is.
        let _ = state.try_set(found.clone());
        match (found, on_open, on_close) {
            (ConnectionState::Open, Some(on_open), _) => tell(on_open, ()),
            (ConnectionState::Closed { reason }, _, Some(on_close)) => tell(on_close, *reason),
            _ => {}
        }
    })
}

/// Hands on the stream that a component belongs to: that of the component around it, or else the one
/// that raw markup around its element has opened. Without one, the developer is told (SSE-12). A component that has ended
/// or was swapped away by then belongs to none.
pub(super) fn with_source(
    context: Option<StreamContext>,
    lifetime: Lifetime,
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
    page::microtask(move || {
        if !lifetime.is_running() || regions::is_replaced(&element) {
            return;
        }
        match sse_source_of(&element) {
            Some(source) => found(&source),
            None => no_sse_source(&element, language),
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
