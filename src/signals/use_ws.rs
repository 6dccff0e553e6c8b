//! `use_ws()`: a program's hold on the socket around it (WSQ-08).

use std::rc::Rc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::browser::connection::state::ConnectionState;
use crate::browser::demand::Demanded;
use crate::browser::send_error::SendError;
use crate::browser::ws_outbox::Outgoing;
use crate::browser::ws_source::WsSource;
use crate::components::live_context::{SocketContext, SocketState};

/// A handle on the socket of the `WsSource` around the calling component. Copies are handles on the same socket.
///
/// It may be made anywhere and kept; where there is no source, on the server, and before the page is live, it is inert:
/// sending is [`SendError::NoSource`], and its state is [`ConnectionState::Idle`].
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::use_ws;
///
/// fn bell() -> impl IntoView {
///     let socket = use_ws();
///     let is_refused = RwSignal::new(false);
///     let ring = move |_| is_refused.set(socket.send("ring").is_err());
///     view! {
///         <button on:click=ring>"Ring"</button>
///         <button on:click=move |_| socket.reconnect() hidden=move || !is_refused.get()>"Reconnect"</button>
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WsHandle {
    socket: Option<SocketContext>,
    state: Signal<ConnectionState>,
}

/// The socket of the `WsSource` around the calling component.
///
/// htmx gives scripts such a handle in the events of a socket only, as `detail.socketWrapper` (WSQ-08).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{WsSource, use_ws};
///
/// #[derive(serde::Serialize)]
/// struct Move { from: String, to: String }
///
/// #[component]
/// fn Board() -> impl IntoView {
///     let socket = use_ws();
///     let play = move |_| {
///         let played = Move { from: "e2".to_owned(), to: "e4".to_owned() };
///         if let Err(error) = socket.send_json(&played) {
///             leptos::logging::warn!("not played: {error}");
///         }
///     };
///     view! { <button on:click=play disabled=move || !socket.state().get().is_open()>"e4"</button> }
/// }
///
/// #[component]
/// fn Game() -> impl IntoView {
///     view! { <WsSource connect="/game"><Board/></WsSource> }
/// }
/// # fn main() {}
/// ```
pub fn use_ws() -> WsHandle {
    let state = use_context::<SocketState>();
    WsHandle {
        socket: use_context::<SocketContext>(),
        state: match state {
            Some(SocketState(known)) => known.into(),
            None => Signal::stored(ConnectionState::Idle),
        },
    }
}

impl WsHandle {
    /// Whether there is a source around, for what is used inside and outside of one. The same on the server and in the
    /// browser.
    pub fn has_source(&self) -> bool {
        self.socket.is_some()
    }

    /// The state of the connection, to be followed.
    pub fn state(&self) -> Signal<ConnectionState> {
        self.state
    }

    /// Sends a text, now or as soon as the socket is open, by the source's queue (WSQ-01). Nothing is added to it.
    ///
    /// # Errors
    /// [`SendError`] when it cannot be taken. One that is lost after it was taken is told on the source's element, as
    /// `htmx:wsError`.
    pub fn send(&self, text: &str) -> Result<(), SendError> {
        self.send_value(|| JsValue::from_str(text))
    }

    /// Sends a value as JSON.
    ///
    /// # Errors
    /// As [`WsHandle::send`], and [`SendError::Encoding`].
    pub fn send_json<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), SendError> {
        let text = serde_json::to_string(value).map_err(|error| SendError::Encoding(error.to_string()))?;
        self.send(&text)
    }

    /// Sends bytes as one binary frame.
    ///
    /// # Errors
    /// As [`WsHandle::send`].
    pub fn send_binary(&self, bytes: &[u8]) -> Result<(), SendError> {
        self.send_value(|| Uint8Array::from(bytes).buffer().into())
    }

    /// Connects as if the source's trigger had come: for the first time, or again after it was closed or has ended.
    ///
    /// While `connect_when` says no, or the source is paused, it waits for that.
    pub fn open(&self) {
        if let Some(source) = self.source() {
            source.call();
        }
    }

    /// Closes the source's socket until it is opened again; other sources of the page that share the socket keep it. If
    /// nobody else has it, messages that wait are lost, which their senders are told.
    pub fn close(&self) {
        if let Some(source) = self.source() {
            source.dismiss();
        }
    }

    /// Closes the socket if it is open, and opens a new one at once, for every source of the page that shares it (WSQ-07).
    ///
    /// Where the server has asked for a pause before the next attempt, it waits until that is over, and no longer;
    /// [`state`](Self::state) tells for how long.
    pub fn reconnect(&self) {
        if let Some(source) = self.source() {
            source.reconnect();
        }
    }

    fn source(&self) -> Option<Rc<WsSource>> {
        self.socket.and_then(SocketContext::source)
    }

    fn send_value(&self, value: impl FnOnce() -> JsValue) -> Result<(), SendError> {
        let source = self.source().ok_or(SendError::NoSource)?;
        source.send(Outgoing::new(value(), None)).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::rendered;
    use crate::{ConnectionStatus, SseSource, WsSource};

    #[component]
    fn Probe() -> impl IntoView {
        let socket = use_ws();
        let refused = socket.send("early") == Err(SendError::NoSource);
        socket.close();
        socket.reconnect();
        view! { <i>{socket.state().get_untracked().as_str()} {refused} {socket.has_source()}</i> }
    }

    #[test]
    fn wsq_08_a_handle_is_inert_on_the_server() {
        let html = rendered(|| {
            view! {
                <Probe/>
                <WsSource connect="/a"><SseSource connect="/b"><Probe/><ConnectionStatus/></SseSource></WsSource>
            }
        });
        let count = |text: &str| html.matches(text).count();
        assert_eq!(
            (count("<i>idletruefalse</i>"), count("<i>idletruetrue</i>")),
            (1, 1),
            "{html}"
        );
    }

    #[test]
    fn values_that_json_cannot_hold_are_an_error() {
        let handle = Owner::new().with(use_ws);
        let value = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(matches!(handle.send_json(&value), Err(SendError::Encoding(_))));
    }
}
