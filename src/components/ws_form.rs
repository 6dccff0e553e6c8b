//! `<WsForm>`: a form whose values go over a socket.

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::Element;

use super::live_context::SocketContext;
use super::spelling::spelling_of;
use super::ws_send::{Sender, arm};
use crate::browser::ws_outbox::SendError;
use crate::browser::ws_send::SendOptions;

/// A form that sends its values over the socket around it when it is submitted.
///
/// The message is one JSON object of the values, with the request headers under `HEADERS`, as htmx 1.9
/// and 2 send it (WSS-03, WSS-04). The clicked button counts (WSS-10), repeated names become arrays
/// (WSS-09), and invalid fields stop the sending (WSS-13).
///
/// # Attributes it mirrors
/// `hx-ws="send"`, or `ws-send`, on a `<form>`.
///
/// # On the server
/// Renders a form with its `action` and `method`.
///
/// # In the browser
/// Every submit is intercepted once the page is live, and the message waits while the socket is not
/// open. Dispatches `htmx:wsConfigSend`, `htmx:wsBeforeSend` (both can be cancelled) and
/// `htmx:wsAfterSend`.
///
/// # Without JavaScript
/// The browser posts to `action`.
///
/// See [`WsSource`](super::WsSource) for an example.
#[component]
pub fn WsForm(
    /// Where the form goes without JavaScript.
    #[prop(into)]
    action: String,
    /// The method of the form without JavaScript.
    #[prop(into, default = "post".to_owned())]
    method: String,
    /// Whether the form is emptied after its message was taken (WSS-30).
    #[prop(optional)]
    reset_on_send: bool,
    /// When to send, in the language of `hx-trigger`; on submit by default.
    #[prop(into, optional)]
    trigger: Option<String>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: MaybeProp<String>,
    /// The element's `id`.
    #[prop(into, optional)]
    id: MaybeProp<String>,
    /// Called when a message could not be taken.
    #[prop(into, optional)]
    on_error: Option<Callback<SendError>>,
    /// The form's controls.
    children: Children,
) -> impl IntoView {
    let sender = Sender::new(
        use_context::<SocketContext>(),
        SendOptions { reset: reset_on_send },
        on_error,
    );
    let written = spelling_of(None).ws_send();
    custom("form")
        .attr(written.name, written.text)
        .attr("hx-trigger", trigger)
        .attr("action", action)
        .attr("method", method)
        .attr("id", move || id.get())
        .attr("class", move || class.get())
        .directive(move |element: Element| arm(&element, sender), ())
        .child(children())
}
