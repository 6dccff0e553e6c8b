//! The socket itself, with ears on it.
//!
//! `WebSocket` is looked up when a socket is made, so a page may put its own in the place of the browser's (WSC-11).

use std::rc::Weak;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

use super::ws_address::{BinaryKind, SocketAddress};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::grammar::resolve_ws_url;

/// Who hears what happens to a socket.
pub(crate) trait Ears: 'static {
    fn opened(&self, event: &Event);
    fn received(&self, event: &MessageEvent);
    fn closed(&self, event: &CloseEvent);
    fn failed(&self, event: &Event);
}

/// A socket that is closed when this is dropped; nothing of it is heard afterwards.
#[derive(Debug)]
pub(crate) struct Transport {
    socket: WebSocket,
    listeners: Vec<Listener>,
}

impl Drop for Transport {
    fn drop(&mut self) {
        // WSR-20: its listeners go first, so that a late event of the old socket disturbs nothing.
        self.listeners.clear();
        // 1000 is the only code of the protocol's own that a script may use (WSR-19).
        let _ = self.socket.close_with_code(1000);
    }
}

impl Transport {
    /// Makes a socket; `None` where the browser cannot make anything of the address.
    pub(crate) fn open(address: &SocketAddress, ears: &Weak<impl Ears>) -> Option<Self> {
        let socket = make(address).ok()?;
        socket.set_binary_type(match address.binary {
            BinaryKind::Blob => BinaryType::Blob,
            BinaryKind::ArrayBuffer => BinaryType::Arraybuffer,
        });
        let (opened, received, closed, failed) = (ears.clone(), ears.clone(), ears.clone(), ears.clone());
        let listeners = vec![
            Listener::on(&socket, "open", move |event| {
                if let Some(ears) = opened.upgrade() {
                    ears.opened(&event);
                }
            }),
            Listener::add(&socket, "message", move |event: MessageEvent| {
                if let Some(ears) = received.upgrade() {
                    ears.received(&event);
                }
            }),
            Listener::add(&socket, "close", move |event: CloseEvent| {
                if let Some(ears) = closed.upgrade() {
                    ears.closed(&event);
                }
            }),
            Listener::on(&socket, "error", move |event| {
                if let Some(ears) = failed.upgrade() {
                    ears.failed(&event);
                }
            }),
        ];
        Some(Self { socket, listeners })
    }

    /// The socket, while it takes messages.
    pub(crate) fn open_socket(&self) -> Option<WebSocket> {
        (self.socket.ready_state() == WebSocket::OPEN).then(|| self.socket.clone())
    }
}

fn make(address: &SocketAddress) -> Result<WebSocket, JsValue> {
    let location = page::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location
            .as_ref()
            .and_then(|location| read(location).ok())
            .unwrap_or_default()
    };
    let url = resolve_ws_url(
        &address.url,
        &part(web_sys::Location::protocol),
        &part(web_sys::Location::host),
    );
    if address.protocols.is_empty() {
        return WebSocket::new(&url);
    }
    let protocols: Array = address
        .protocols
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect();
    WebSocket::new_with_str_sequence(&url, &protocols)
}
