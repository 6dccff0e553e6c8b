//! `<WsSend>`: an element, most often a button, that sends over a socket.

use std::rc::Rc;

use leptos::either::Either;
use leptos::html::custom;
use leptos::prelude::*;
use web_sys::Element;

use super::around::Around;
use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::calling::tell;
use super::early_stream::read;
use super::handler::Handler;
use super::lifetime::Lifetime;
use super::live_context::{SocketContext, StreamContext};
use super::start::Start;
use super::values_text::ValuesText;
use crate::browser::arrival::Arrival;
use crate::browser::live_elements::Kind;
use crate::browser::page;
use crate::browser::processing::{no_ws_source as no_source, sse_source_of, ws_source_of};
use crate::browser::send_error::SendError;
use crate::browser::trigger::{Reaction, Triggers, triggers_of};
use crate::browser::ws_acks::{self, Ack};
use crate::browser::ws_files::Files;
use crate::browser::ws_memo::Memo;
use crate::browser::ws_send::{keep_page, send};
use crate::browser::ws_send_options::SendOptions;
use crate::browser::ws_source::WsSource;

/// Sends over the socket around it when it is triggered: the values of its form if it stands in one,
/// of the controls inside it if it is a container, its own otherwise, and `vals`.
///
/// # Attributes it mirrors
/// `hx-ws="send"` or `ws-send`, `hx-vals`, `hx-include`, `hx-params`, `hx-headers`, `hx-confirm`, `hx-validate` and
/// `hx-trigger` on any element (WSS-01, WSS-11, VAL-06, VAL-08, VAL-10, VAL-13).
///
/// # On the server
/// Renders the element.
///
/// # In the browser
/// As [`WsForm`](super::WsForm). A button is triggered by a click, a field by a change.
///
/// # Without JavaScript
/// Does nothing, unless it is a button in a form, which then submits it.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Values, WsSend, WsSource};
///
/// #[component]
/// fn Lamp() -> impl IntoView {
///     view! {
///         <WsSource connect="/lamp">
///             <WsSend vals=Values::from([("lamp", "on")])>"Switch on"</WsSend>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn WsSend(
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
    /// Whether the values are checked first; those of a `WsForm` always are.
    #[prop(optional)]
    validate: bool,
    /// What is done with files; by default nothing is sent with a chosen file, which is an error.
    #[prop(optional)]
    files: Files,
    /// Whether to wait for the server's acknowledgement, and for how long.
    #[prop(into, optional)]
    ack: Option<Ack>,
    /// When to send, in the language of `hx-trigger`.
    #[prop(into, optional)]
    trigger: Option<String>,
    /// The element's tag.
    #[prop(into, default = "button".into())]
    tag: Oco<'static, str>,
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
    /// The element's content.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let around = Around::here();
    around.early.hear_triggers(|| read(trigger.as_deref()));
    let start = Start::new(|| {
        let sender = Sender {
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
        .with("hx-validate", validate.then_some("true"))
        .with("hx-trigger", trigger)
        .with("id", id)
        .with("class", class);
    let element = custom(tag).add_any_attr(attributes.starting(start));
    // Not a child that may be nothing: its marker would stand behind an `input`, where hydration does not look.
    match children {
        Some(children) => Either::Left(element.child(children())),
        None => Either::Right(element),
    }
}

/// What a sending element needs to know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sender {
    pub(super) socket: Option<SocketContext>,
    pub(super) stream: Option<StreamContext>,
    pub(super) lifetime: Lifetime,
    pub(super) reset: bool,
    pub(super) files: Files,
    pub(super) ack: Option<Ack>,
    pub(super) on_error: Option<Handler<SendError>>,
    pub(super) on_ack: Option<Handler<()>>,
}

impl Sender {
    /// A sender on the socket around that does nothing special.
    pub(super) fn new() -> Self {
        Self {
            socket: use_context::<SocketContext>(),
            stream: use_context::<StreamContext>(),
            lifetime: Lifetime::new(),
            reset: false,
            files: Files::default(),
            ack: None,
            on_error: None,
            on_ack: None,
        }
    }

    fn options(self) -> SendOptions {
        SendOptions {
            reset: self.reset,
            files: self.files,
            ack: self.ack,
            failed: self
                .on_error
                .map(|told| Rc::new(move |error| tell(told, error)) as _),
            acknowledged: self.on_ack.map(|told| Rc::new(move || tell(told, ())) as _),
            memo: Memo::default(),
        }
    }

    /// The source of the component around it, or else of the markup.
    fn source(self, element: &Element) -> Option<Rc<WsSource>> {
        self.socket
            .and_then(SocketContext::source)
            .or_else(|| ws_source_of(element))
    }
}

/// WSC-16: a sender without a socket is told of at once, and again when something is to be sent.
fn warn_without_source(element: &Element, socket: Option<SocketContext>) {
    if socket.is_some() {
        return;
    }
    let element = element.clone();
    // An element that is being built has no parents yet.
    page::microtask(move || {
        if ws_source_of(&element).is_none() {
            no_source(&element);
        }
    });
}

/// Arms the triggers of a sending element.
pub(super) fn arm(element: &Element, sender: Sender) {
    sender.lifetime.start(|| {
        let arrival = Arrival::of_view(element, Kind::WsSend.is_new(element));
        Kind::WsSend.claim(element);
        let stream = sender
            .stream
            .and_then(StreamContext::source)
            .or_else(|| sse_source_of(element));
        warn_without_source(element, sender.socket);
        let (sending, options) = (element.clone(), sender.options());
        let reaction = Reaction::new(move |firing| {
            send(
                &sending,
                sender.source(&sending).as_ref(),
                firing.event(),
                &options,
            );
        });
        let armed = triggers_of(element)
            .map(|list| Triggers::arm(element, &list, stream.as_ref(), reaction, arrival));
        let is_kept = armed.as_ref().is_some_and(|triggers| triggers.keep_page());
        let kept = (!is_kept && element.local_name() == "form").then(|| keep_page(element));
        let sender = element.clone();
        move || {
            drop(kept);
            ws_acks::abandon(&sender);
            if let Some(triggers) = armed {
                triggers.disarm();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::WsSend;
    use crate::components::rendered;

    // The marker of a child that is nothing ended up behind the element, and hydration failed there.
    #[test]
    fn an_element_that_takes_no_children_gets_none() {
        let html = rendered(|| view! { <WsSend tag="input" {..} name="q"/> });
        assert_eq!(html, r#"<input hx-ws="send" name="q"></input>"#);
    }
}
