//! `<WsForm>`: a form whose values go over a socket.

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::Element;

use super::around::Around;
use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::early_stream::read;
use super::handler::Handler;
use super::start::Start;
use super::values_text::ValuesText;
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
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SendError, WsForm, WsSource};
///
/// #[component]
/// fn Chat() -> impl IntoView {
///     let trouble = RwSignal::new(String::new());
///     let on_error = move |error: SendError| trouble.set(error.to_string());
///     view! {
///         <WsSource connect="/chat">
///             <WsForm action="/chat" reset_on_send=true on_error=on_error>
///                 <input name="text" required/>
///                 <button>"Say"</button>
///             </WsForm>
///         </WsSource>
///         <p role="alert">{trouble}</p>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn WsForm(
    /// Where the form goes without JavaScript.
    #[prop(into)]
    action: String,
    /// The method of the form without JavaScript.
    #[prop(into, default = "post".into())]
    method: Oco<'static, str>,
    /// Whether the form is emptied after its message was taken (WSS-30).
    #[prop(optional)]
    reset_on_send: bool,
    /// Further values: [`Values`](crate::Values), or a JSON object as text; they replace those of the same name.
    /// Closures and signals of either are followed.
    #[prop(into, optional)]
    vals: Option<ValuesText>,
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
    class: AttributeText,
    /// The element's `id`.
    #[prop(into, optional)]
    id: AttributeText,
    /// Called when a message was not taken, was lost afterwards, or was not acknowledged.
    #[prop(into, optional)]
    on_error: Option<Handler<SendError>>,
    /// Called when the server has acknowledged a message.
    #[prop(into, optional)]
    on_ack: Option<Handler<()>>,
    /// The form's controls.
    children: Children,
) -> impl IntoView {
    let around = Around::here();
    around.early.hear_triggers(|| read(trigger.as_deref()));
    let start = Start::new(|| {
        let sender = Sender {
            reset: reset_on_send,
            files,
            ack,
            on_error,
            on_ack,
            ..Sender::new()
        };
        move |element: Element| arm(&element, sender)
    });
    let written = around.spelling.ws_send();
    let attributes = AttributeList::new()
        .with(written.name, written.text)
        .with("hx-vals", vals.map(ValuesText::into_text))
        .with("hx-include", include)
        .with("hx-headers", headers)
        .with("hx-confirm", confirm)
        .with("hx-trigger", trigger)
        .with("action", action)
        .with("method", method)
        .with("id", id)
        .with("class", class);
    custom("form")
        .add_any_attr(attributes.starting(start))
        .child(children())
}
