//! `hx-ws="connect:…"` and `hx-ws="send"` in raw markup.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{elements, nearest};
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::ws::SocketAddress;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::presence::EndsWith;
use crate::browser::trigger::{Triggers, natural};
use crate::browser::ws_send::{SendOptions, send};
use crate::browser::ws_source::{WsHooks, WsSource};
use crate::browser::{diagnostics, markup};
use crate::grammar::{TriggerList, WsSpec};

const PROPERTY: &str = "__liveWsSource";

thread_local! {
    static SOURCES: RefCell<HashMap<u32, Weak<WsSource>>> = RefCell::default();
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// Makes a source findable from the elements below its own.
pub(crate) fn set_source(source: &Rc<WsSource>) {
    let id = NEXT.get();
    NEXT.set(id.wrapping_add(1));
    SOURCES.with_borrow_mut(|sources| {
        sources.retain(|_, source| source.strong_count() > 0);
        sources.insert(id, Rc::downgrade(source));
    });
    let _ = Reflect::set(source.element(), &JsValue::from_str(PROPERTY), &JsValue::from(id));
}

/// The source that an element belongs to: its own or the nearest one around it (WSC-13).
pub(crate) fn source_of(element: &Element) -> Option<Rc<WsSource>> {
    nearest(element, |at| {
        let id = Reflect::get(at, &JsValue::from_str(PROPERTY)).ok()?.as_f64()?;
        SOURCES.with_borrow(|sources| sources.get(&(id as u32)).and_then(Weak::upgrade))
    })
}

/// Makes `hx-ws` on and below the root live.
pub(crate) fn process(root: &Element) {
    let found = elements(root, "[hx-ws],[data-hx-ws]");
    let specs: Vec<_> = found
        .into_iter()
        .filter_map(|element| Some((read(&element)?, element)))
        .collect();
    let fresh: Vec<_> = specs
        .into_iter()
        .filter(|(_, element)| Kind::Ws.claim(element))
        .collect();
    for (spec, element) in &fresh {
        if let Some(url) = &spec.connect {
            connect(element, url);
        }
    }
    for (spec, element) in &fresh {
        if spec.send {
            arm(element);
        }
    }
}

fn read(element: &Element) -> Option<WsSpec> {
    let text = markup::own(element, "hx-ws")?;
    text.parse()
        .map_err(|error| diagnostics::report(element, &format!("{error}")))
        .ok()
}

fn connect(element: &Element, url: &str) {
    let address = SocketAddress {
        url: url.to_owned(),
        protocols: Vec::new(),
        private: false,
    };
    let source = WsSource::open(
        element,
        &address,
        RetryPolicy::default(),
        WsHooks::default(),
        EndsWith::Page,
    );
    set_source(&source);
    attach(element, move || source.close());
}

fn arm(element: &Element) {
    if source_of(element).is_none() {
        // WSC-16: told at once, and again when something is to be sent.
        dispatch(element, "htmx:noWebSocketSourceError", &Detail::new());
        diagnostics::report(
            element,
            "hx-ws: expected a `connect:` on or around the element, found none",
        );
    }
    let Some(list) = triggers_of(element) else { return };
    let sender = element.clone();
    let action = Rc::new(move |event: Option<&web_sys::Event>| {
        // What went wrong is told on the element.
        let _ = send(
            &sender,
            source_of(&sender).as_ref(),
            event,
            SendOptions::default(),
        );
    });
    let triggers = Triggers::arm(
        element,
        &list,
        super::sse_source_of(element).as_ref(),
        action,
        EndsWith::Page,
    );
    attach(element, move || triggers.disarm());
}

/// The `hx-trigger` of an element, or its natural trigger; `None` where it cannot be read.
pub(crate) fn triggers_of(element: &Element) -> Option<TriggerList> {
    let Some(text) = markup::own(element, "hx-trigger") else {
        return Some(natural(element));
    };
    text.parse()
        .map_err(|error| diagnostics::report(element, &format!("{error}")))
        .ok()
}
