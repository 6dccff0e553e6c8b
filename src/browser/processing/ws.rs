//! Sockets in markup: `hx-ws="connect:…"` and `hx-ws="send"`, or `ws-connect` and `ws-send`.

use std::rc::Rc;

use web_sys::Element;

use super::source_table::SourceTable;
use super::{doubts, read_or_report};
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::ws::SocketAddress;
use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::live_elements::{Claim, Kind, attach};
use crate::browser::source::Source;
use crate::browser::trigger::{Firing, Reaction, Triggers, triggers_of};
use crate::browser::ws_send::send;
use crate::browser::ws_send_options::SendOptions;
use crate::browser::ws_source::{WsHooks, WsSource};
use crate::browser::{diagnostics, hints, markup, view_elements};
use crate::grammar::{ParseError, WsAttributes, WsMeaning};

thread_local! {
    static SOURCES: SourceTable<WsSource> = const { SourceTable::new("__liveWsSource") };
}

/// Makes a source findable from the elements below its own.
pub(crate) fn set_source(source: &Rc<WsSource>) {
    SOURCES.with(|sources| sources.set(source.element(), source));
}

/// The source that an element belongs to: its own or the nearest one around it (WSC-13).
pub(crate) fn source_of(element: &Element) -> Option<Rc<WsSource>> {
    SOURCES.with(|sources| sources.nearest(element))
}

/// WSC-16: told at once, and again when something is to be sent.
pub(crate) fn no_source(sender: &Element) {
    dispatch_error(sender, "htmx:noWebSocketSourceError", &Detail::new());
    let sources = SOURCES.with(SourceTable::all);
    let existing = sources.iter().map(|source| source.element());
    let hint = hints::missing_source(existing, "`ws-connect`, or `hx-ws` with `connect:`,");
    let message = "hx-ws or ws-send: expected a socket on or around the element, found none";
    diagnostics::report_with_hint(sender, message, &hint);
}

/// Makes the elements live that have to do with sockets.
pub(crate) fn process(elements: &[Element]) {
    let read = elements
        .iter()
        .filter_map(|element| Some((read(element)?, element)));
    let read: Vec<_> = read.collect();
    for (meaning, element) in &read {
        own_source(element, meaning);
    }
    for (meaning, element) in &read {
        arm(element, meaning);
    }
}

/// What the element's attributes say; nothing where they cannot be read.
fn read(element: &Element) -> Option<WsMeaning> {
    if markup::is_ignored(element, "ws") {
        Kind::Ws.disable(element);
        Kind::WsSend.disable(element);
        return None;
    }
    doubts::of_sockets(element);
    read_or_report(element, meaning(element))
}

fn meaning(element: &Element) -> Result<WsMeaning, Vec<ParseError>> {
    let [hx_ws, ws_connect, ws_send] =
        ["hx-ws", "ws-connect", "ws-send"].map(|name| markup::own(element, name));
    WsMeaning::read(WsAttributes {
        hx_ws: hx_ws.as_deref(),
        ws_connect: ws_connect.as_deref(),
        ws_send: ws_send.is_some(),
    })
}

/// Whether the element's trigger belongs to its sending.
pub(super) fn sends(element: &Element) -> bool {
    meaning(element).is_ok_and(|meaning| meaning.send) && !markup::is_ignored(element, "ws")
}

/// Connects the element, or moves it to where its markup says now (ACT-11).
fn own_source(element: &Element, meaning: &WsMeaning) {
    let url = meaning.connect.as_deref();
    let claim = Kind::Ws.claim_as(element, url);
    let known = SOURCES.with(|sources| sources.own(element));
    match (claim, url, known.filter(|source| !source.hold().is_closed())) {
        (Claim::Changed, Some(url), Some(source)) => source.move_to(&address(url), RetryPolicy::default()),
        (Claim::New | Claim::Changed, Some(url), _) => connect(element, url),
        _ => {}
    }
}

fn connect(element: &Element, url: &str) {
    let source = WsSource::open(
        element,
        &address(url),
        RetryPolicy::default(),
        WsHooks::default(),
        view_elements::arrival(element).ends_with(),
    );
    set_source(&source);
    // The table of live elements is what keeps it.
    attach(element, Kind::Ws, move || source.close());
}

fn address(url: &str) -> SocketAddress {
    SocketAddress {
        url: url.to_owned(),
        ..SocketAddress::default()
    }
}

fn arm(element: &Element, meaning: &WsMeaning) {
    let says = meaning
        .send
        .then(|| markup::own(element, "hx-trigger").unwrap_or_default());
    if !Kind::WsSend.restart_as(element, says.as_deref()) {
        return;
    }
    if source_of(element).is_none() {
        no_source(element);
    }
    let Some(list) = triggers_of(element) else { return };
    let (sender, options) = (element.clone(), SendOptions::default());
    let reaction = Reaction::new(move |firing: &Firing| {
        send(&sender, source_of(&sender).as_ref(), firing.event(), &options);
    });
    let triggers = Triggers::arm(
        element,
        &list,
        super::sse_source_of(element).as_ref(),
        reaction,
        view_elements::arrival(element),
    );
    attach(element, Kind::WsSend, move || triggers.disarm());
}
