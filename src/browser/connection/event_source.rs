//! The browser's `EventSource`, with everything that listens to it.
//!
//! gloo-net's wrapper hides the `open` event, the order across event names and the message event
//! itself, so this is web-sys; the constructor is looked up when it is used (SSE-08).

use std::collections::HashMap;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Event, EventSource, EventSourceInit, MessageEvent};

use crate::browser::listener::Listener;
use crate::wire::ControlKind;

/// Who is told what an `EventSource` says.
pub(super) trait Hearer {
    fn opened(&self);
    fn failed(&self, source: &EventSource, event: &Event);
    fn control(&self, kind: ControlKind, event: &MessageEvent);
    fn received(&self, name: &Rc<str>, event: &MessageEvent);
}

/// An `EventSource` that is closed, and silent, when it is dropped.
#[derive(Debug)]
pub(super) struct Transport {
    source: EventSource,
    named: HashMap<Rc<str>, Listener>,
    listeners: Vec<Listener>,
}

impl Transport {
    /// Opens a stream; `None` when the browser takes the address for none.
    pub(super) fn open(url: &str, with_credentials: bool, hearer: &Weak<dyn Hearer>) -> Option<Self> {
        let init = EventSourceInit::new();
        init.set_with_credentials(with_credentials);
        let source = EventSource::new_with_event_source_init_dict(url, &init).ok()?;
        let (opened, failed, failing) = (Weak::clone(hearer), Weak::clone(hearer), source.clone());
        let mut listeners = vec![
            Listener::on(&source, "open", move |event| {
                if let (Some(hearer), false) = (opened.upgrade(), is_message(&event)) {
                    hearer.opened();
                }
            }),
            Listener::on(&source, "error", move |event| {
                if let (Some(hearer), false) = (failed.upgrade(), is_message(&event)) {
                    hearer.failed(&failing, &event);
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
        Some(Self {
            source,
            named: HashMap::new(),
            listeners,
        })
    }

    /// Starts hearing events of this name, if it is not heard already.
    pub(super) fn listen(&mut self, name: &Rc<str>, hearer: &Weak<dyn Hearer>) {
        if self.named.contains_key(name) {
            return;
        }
        let (hearer, heard) = (Weak::clone(hearer), Rc::clone(name));
        let listener = Listener::add(&self.source, name, move |event: MessageEvent| {
            // A message may be named like the transport's own events, which carry no data (SSE-18).
            if let (Some(hearer), true) = (hearer.upgrade(), is_message(&event)) {
                hearer.received(&heard, &event);
            }
        });
        self.named.insert(Rc::clone(name), listener);
    }

    /// Stops hearing events of this name.
    pub(super) fn unlisten(&mut self, name: &str) {
        self.named.remove(name);
    }

    /// The object, as it stands in the details of events (SSV-01).
    pub(super) fn object(&self) -> JsValue {
        self.source.clone().into()
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.named.clear();
        self.listeners.clear();
        self.source.close();
    }
}

fn is_message(event: &JsValue) -> bool {
    Reflect::has(event, &JsValue::from_str("data")).unwrap_or(false)
}
