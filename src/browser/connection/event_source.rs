//! The browser's `EventSource`, with everything that listens to it.
//!
//! gloo-net's wrapper hides the `open` event, the order across event names and the message event
//! itself, so this is web-sys; the constructor is looked up when it is used (SSE-08).

use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Event, EventSource, EventSourceInit, MessageEvent};

use super::transport::{Break, Hearer, Transport};
use crate::browser::dictionary::dictionary;
use crate::browser::listener::Listener;
use crate::browser::sse_source::ANY_NAME;
use crate::browser::table::Table;
use crate::wire::ControlKind;

/// An `EventSource` that is closed, and silent, when it is dropped.
#[derive(Debug)]
struct EventSourceTransport {
    source: EventSource,
    named: Table<Rc<str>, Listener>,
    listeners: Vec<Listener>,
}

/// Opens a stream, or goes on with one that is open.
///
/// # Errors
/// A word about the address when the browser takes it for none.
pub(super) fn open(
    url: &str,
    with_credentials: bool,
    early: Option<EventSource>,
    hearer: &Weak<dyn Hearer>,
) -> Result<Box<dyn Transport>, String> {
    let make = || {
        let init: EventSourceInit = dictionary(&[("withCredentials", with_credentials.into())]);
        EventSource::new_with_event_source_init_dict(url, &init)
            .map_err(|_| format!("expected the address of a stream, found `{url}`"))
    };
    let source = early.map_or_else(make, Ok)?;
    let (opened, failed, failing) = (Weak::clone(hearer), Weak::clone(hearer), source.clone());
    let mut listeners = vec![
        Listener::on(&source, "open", move |event| {
            if let (Some(hearer), false) = (opened.upgrade(), is_message(&event)) {
                hearer.opened();
            }
        }),
        Listener::on(&source, "error", move |event| {
            if let (Some(hearer), false) = (failed.upgrade(), is_message(&event)) {
                hearer.broke(&failing, how(&failing, event));
            }
        }),
    ];
    listeners.extend(ControlKind::ALL.map(|kind| {
        let hearer = Weak::clone(hearer);
        Listener::add(&source, kind.event_name(), move |event: MessageEvent| {
            if let Some(hearer) = hearer.upgrade() {
                hearer.control(kind, &event);
            }
        })
    }));
    Ok(Box::new(EventSourceTransport {
        source,
        named: Table::default(),
        listeners,
    }))
}

fn how(source: &EventSource, event: Event) -> Break {
    if source.ready_state() == EventSource::CLOSED {
        Break::GivenUp(event)
    } else {
        Break::BrowserReconnects(event)
    }
}

impl Transport for EventSourceTransport {
    fn listen(&mut self, name: &Rc<str>, hearer: &Weak<dyn Hearer>) -> bool {
        // An `EventSource` tells only of names that it was asked for.
        if **name == *ANY_NAME {
            return false;
        }
        if !self.named.contains(&**name) {
            let (hearer, heard) = (Weak::clone(hearer), Rc::clone(name));
            // A message may be named like the transport's own events, which carry no data (SSE-18).
            let is_doubtful = matches!(&**name, "open" | "error");
            let listener = Listener::add(&self.source, name, move |event: MessageEvent| {
                if let (Some(hearer), true) = (hearer.upgrade(), !is_doubtful || is_message(&event)) {
                    hearer.received(&heard, &event);
                }
            });
            let _ = self.named.insert(Rc::clone(name), listener);
        }
        true
    }

    fn unlisten(&mut self, name: &str) {
        self.named.remove(name);
    }

    fn object(&self) -> JsValue {
        self.source.clone().into()
    }
}

impl Drop for EventSourceTransport {
    fn drop(&mut self) {
        self.named.clear();
        self.listeners.clear();
        self.source.close();
    }
}

fn is_message(event: &JsValue) -> bool {
    Reflect::has(event, &JsValue::from_str("data")).unwrap_or(false)
}
