//! What users write: htmx's live attributes as components.
//!
//! | component | mirrors |
//! | --- | --- |
//! | [`SseSource`] | `hx-sse="connect:…"` or `sse-connect`, `sse-close` |
//! | [`SseSwap`] | `hx-sse="swap:…"` or `sse-swap`, `hx-swap`, `hx-target` |
//! | [`SseTrigger`] | `hx-trigger="sse:…"` with `hx-get` and the other verbs |
//! | [`WsSource`] | `hx-ws="connect:…"` or `ws-connect` |
//! | [`WsSwap`] | an element with an id, where a socket's frames are placed |
//! | [`WsForm`], [`WsSend`] | `hx-ws="send"` or `ws-send` |
//! | [`ConnectionStatus`] | nothing of htmx's |
//!
//! Each renders the attributes that it mirrors, in the [`Spelling`](crate::Spelling) of its source, so the same page
//! works with htmx in place of this crate. On the server they only render; in the browser the list of attributes of their element
//! starts the runtime when it is put on, so nothing here connects while a page is rendered, however often a body runs.
//!
//! Invariant: props in, markup out, one call into the runtime. No component touches the DOM, and none
//! imports the server.

// The component macro moves each function into a module of its own, where `pub` looks unreachable.
#![allow(unreachable_pub)]

pub(crate) mod address;
mod around;
pub(crate) mod attribute_list;
pub(crate) mod attribute_text;
pub(crate) mod calling;
mod changing_text;
mod coalesce;
mod connect_on;
mod connect_when;
mod connection_status;
mod early_stream;
mod event_names;
mod following;
pub(crate) mod handler;
mod lifetime;
pub(crate) mod live_context;
mod reauthorize;
mod region;
mod request_text;
mod select_oob_text;
mod server_part;
mod sse_source;
mod sse_swap;
mod sse_trigger;
pub(crate) mod start;
mod swap_text;
mod values;
mod values_text;
mod when_connected;
mod ws_form;
mod ws_send;
mod ws_source;
mod ws_swap;

pub use address::Address;
pub use attribute_text::AttributeText;
pub use changing_text::ChangingText;
pub use coalesce::Coalesce;
pub use connect_on::ConnectOn;
pub use connect_when::ConnectWhen;
pub use connection_status::ConnectionStatus;
pub use event_names::EventNames;
pub use handler::Handler;
pub use reauthorize::Reauthorize;
pub use select_oob_text::SelectOobText;
pub use sse_source::SseSource;
pub use sse_swap::SseSwap;
pub use sse_trigger::SseTrigger;
pub use swap_text::SwapText;
pub use values::Values;
pub use values_text::ValuesText;
pub use ws_form::WsForm;
pub use ws_send::WsSend;
pub use ws_source::WsSource;
pub use ws_swap::WsSwap;

/// A view as HTML, without the marker comments, which differ between the two build modes.
#[cfg(test)]
pub(crate) fn rendered<V: leptos::IntoView>(view: impl FnOnce() -> V) -> String {
    use leptos::prelude::{Owner, RenderHtml};
    Owner::new()
        .with(|| view().into_view().to_html())
        .replace("<!>", "")
}
