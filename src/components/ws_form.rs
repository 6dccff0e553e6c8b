//! `<WsForm>`: a form whose values go over a socket.

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::Element;

use super::early_stream::{EarlyStream, read};
use super::handler::Handler;
use super::spelling::spelling_of;
use super::ws_send::{Sender, arm};
use crate::browser::send_error::SendError;
use crate::browser::ws_acks::Ack;
use crate::browser::ws_files::Files;

/// A form that sends its values over the socket around it when it is submitted.
///
/// The message is one JSON object of the values, with the request headers under `HEADERS`, as htmx 1.9
/// and 2 send it (WSS-03, WSS-04), or in another `format` of the source. The clicked button counts (WSS-10), repeated
/// names become arrays (WSS-09), and invalid fields stop the sending (WSS-13).
///
/// # Attributes it mirrors
/// `hx-ws="send"` or `ws-send`, `hx-vals`, `hx-include`, `hx-params`, `hx-headers`, `hx-confirm` and `hx-trigger` on a
/// `<form>`.
///
/// # On the server
/// Renders a form with its `action` and `method`.
///
/// # In the browser
/// Every submit is intercepted once the page is live, and the message waits while the socket is not
/// open. Dispatches `htmx:confirm`, `htmx:wsConfigSend`, `htmx:wsBeforeSend` (all can be cancelled),
/// `htmx:wsAfterSend`, and `htmx:wsError` where a message is not sent. With `ack` the form is `aria-busy`, and has the
/// class `htmx-request`, until the server has acknowledged what it has sent.
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
    /// Further values, as a JSON object; they replace those of the same name.
    #[prop(into, optional)]
    vals: Option<String>,
    /// Whose values are sent along, as a selector.
    #[prop(into, optional)]
    include: Option<String>,
    /// Further headers, as a JSON object.
    #[prop(into, optional)]
    headers: Option<String>,
    /// A question that the user has to answer with yes before anything is sent.
    #[prop(into, optional)]
    confirm: Option<String>,
    /// What is done with files; by default a form with a chosen file is not sent, which is an error.
    #[prop(optional)]
    files: Files,
    /// Whether to wait for the server's acknowledgement, and for how long.
    #[prop(into, optional)]
    ack: Option<Ack>,
    /// When to send, in the language of `hx-trigger`; on submit by default.
    #[prop(into, optional)]
    trigger: Option<String>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: MaybeProp<String>,
    /// The element's `id`.
    #[prop(into, optional)]
    id: MaybeProp<String>,
    /// Called when a message was not taken, was lost afterwards, or was not acknowledged.
    #[prop(into, optional)]
    on_error: Option<Handler<SendError>>,
    /// Called when the server has acknowledged a message.
    #[prop(into, optional)]
    on_ack: Option<Handler<()>>,
    /// The form's controls.
    children: Children,
) -> impl IntoView {
    EarlyStream::around().hear_triggers(|| read(trigger.as_deref()));
    let sender = Sender {
        reset: reset_on_send,
        files,
        ack,
        on_error,
        on_ack,
        ..Sender::new()
    };
    let written = spelling_of(None).ws_send();
    custom("form")
        .attr(written.name, written.text)
        .attr("hx-vals", vals)
        .attr("hx-include", include)
        .attr("hx-headers", headers)
        .attr("hx-confirm", confirm)
        .attr("hx-trigger", trigger)
        .attr("action", action)
        .attr("method", method)
        .attr("id", move || id.get())
        .attr("class", move || class.get())
        .directive(move |element: Element| arm(&element, sender), ())
        .child(children())
}
