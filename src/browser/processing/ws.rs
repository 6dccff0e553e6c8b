//! `hx-ws="connect:…"` and `hx-ws="send"` in raw markup.

use std::rc::Rc;

use web_sys::Element;

use super::source_table::SourceTable;
use super::{fresh, parsed};
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::ws::SocketAddress;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::presence::EndsWith;
use crate::browser::trigger::{Reaction, Triggers, natural};
use crate::browser::ws_send::{SendOptions, send};
use crate::browser::ws_source::{WsHooks, WsSource};
use crate::browser::{diagnostics, markup};
use crate::grammar::{TriggerList, WsSpec};

thread_local! {
    static SOURCES: SourceTable<WsSource> = SourceTable::new("__liveWsSource");
}

/// Makes a source findable from the elements below its own.
pub(crate) fn set_source(source: &Rc<WsSource>) {
    SOURCES.with(|sources| sources.set(source.element(), source));
}

/// The source that an element belongs to: its own or the nearest one around it (WSC-13).
pub(crate) fn source_of(element: &Element) -> Option<Rc<WsSource>> {
    SOURCES.with(|sources| sources.nearest(element))
}

/// Makes `hx-ws` on and below the root live.
pub(crate) fn process(root: &Element) {
    let fresh = fresh::<WsSpec>(root, "[hx-ws],[data-hx-ws]", "hx-ws", Kind::Ws);
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

fn connect(element: &Element, url: &str) {
    let address = SocketAddress {
        url: url.to_owned(),
        ..SocketAddress::default()
    };
    let source = WsSource::open(
        element,
        &address,
        RetryPolicy::default(),
        WsHooks::default(),
        EndsWith::Page,
    );
    set_source(&source);
    attach(element, Kind::Ws, move || source.close());
}

fn arm(element: &Element) {
    if source_of(element).is_none() {
        no_source(element);
    }
    let Some(list) = triggers_of(element) else { return };
    let sender = element.clone();
    let action = Rc::new(move |event: Option<&web_sys::Event>| {
        send(
            &sender,
            source_of(&sender).as_ref(),
            event,
            &SendOptions::default(),
        );
    });
    let triggers = Triggers::arm(
        element,
        &list,
        super::sse_source_of(element).as_ref(),
        Reaction {
            admits: None,
            act: action,
        },
        EndsWith::Page,
    );
    attach(element, Kind::Ws, move || triggers.disarm());
}

/// WSC-16: told at once, and again when something is to be sent.
pub(crate) fn no_source(sender: &Element) {
    dispatch(sender, "htmx:noWebSocketSourceError", &Detail::new());
    diagnostics::report(
        sender,
        "hx-ws: expected a socket on or around the element, found none",
    );
}

/// The `hx-trigger` of an element, or its natural trigger; `None` where it cannot be read.
pub(crate) fn triggers_of(element: &Element) -> Option<TriggerList> {
    match markup::own(element, "hx-trigger") {
        Some(_) => parsed(element, "hx-trigger"),
        None => Some(natural(element)),
    }
}
