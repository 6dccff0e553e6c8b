//! `<WsSend>`: an element, most often a button, that sends over a socket.

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::{Element, Event};

use super::calling::tell;
use super::lifetime::Lifetime;
use super::live_context::{SocketContext, StreamContext};
use crate::browser::live_elements::Kind;
use crate::browser::page;
use crate::browser::presence::EndsWith;
use crate::browser::processing::{no_ws_source as no_source, sse_source_of, triggers_of, ws_source_of};
use crate::browser::trigger::{Reaction, Triggers};
use crate::browser::ws_outbox::SendError;
use crate::browser::ws_send::{SendOptions, keep_page, send};

/// Sends over the socket around it when it is triggered: the values of its form if it stands in one,
/// of the controls inside it if it is a container, its own otherwise, and `vals`.
///
/// # Attributes it mirrors
/// `hx-ws="send"`, `hx-vals` and `hx-trigger` on any element (WSS-01, WSS-11, VAL-08, VAL-13).
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
/// use leptos_live::{WsSend, WsSource};
///
/// #[component]
/// fn Lamp() -> impl IntoView {
///     view! {
///         <WsSource connect="/lamp">
///             <WsSend vals=r#"{"lamp": "on"}"#>"Switch on"</WsSend>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn WsSend(
    /// Further values, as a JSON object; they replace those of the same name.
    #[prop(into, optional)]
    vals: Option<String>,
    /// When to send, in the language of `hx-trigger`.
    #[prop(into, optional)]
    trigger: Option<String>,
    /// The element's tag.
    #[prop(into, default = "button".to_owned())]
    tag: String,
    /// The element's `class`.
    #[prop(into, optional)]
    class: MaybeProp<String>,
    /// The element's `id`.
    #[prop(into, optional)]
    id: MaybeProp<String>,
    /// Called when a message could not be taken.
    #[prop(into, optional)]
    on_error: Option<Callback<SendError>>,
    /// The element's content.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let sender = Sender::new(use_context::<SocketContext>(), SendOptions::default(), on_error);
    let element = custom(tag)
        .attr("hx-ws", "send")
        .attr("hx-vals", vals)
        .attr("hx-trigger", trigger)
        .attr("id", move || id.get())
        .attr("class", move || class.get())
        .directive(move |element: Element| arm(&element, sender), ());
    // Not a child that may be nothing: its marker would stand behind an `input`, where hydration does not look.
    match children {
        Some(children) => element.child(children()).into_any(),
        None => element.into_any(),
    }
}

/// What a sending element needs to know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sender {
    socket: Option<SocketContext>,
    stream: Option<StreamContext>,
    options: SendOptions,
    on_error: Option<Callback<SendError>>,
    lifetime: Lifetime,
}

impl Sender {
    pub(super) fn new(
        socket: Option<SocketContext>,
        options: SendOptions,
        on_error: Option<Callback<SendError>>,
    ) -> Self {
        Self {
            socket,
            stream: use_context::<StreamContext>(),
            options,
            on_error,
            lifetime: Lifetime::new(),
        }
    }

    /// Sends the element's values over the socket of the component around it, or else of the markup.
    fn send(self, element: &Element, trigger: Option<&Event>) {
        let source = self
            .socket
            .and_then(SocketContext::source)
            .or_else(|| ws_source_of(element));
        if let (Err(error), Some(told)) = (
            send(element, source.as_ref(), trigger, self.options),
            self.on_error,
        ) {
            tell(told, error);
        }
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
        Kind::Ws.claim(element);
        let stream = sender
            .stream
            .and_then(StreamContext::source)
            .or_else(|| sse_source_of(element));
        warn_without_source(element, sender.socket);
        let sending = element.clone();
        let reaction = Reaction {
            admits: None,
            act: std::rc::Rc::new(move |event: Option<&Event>| sender.send(&sending, event)),
        };
        let armed = triggers_of(element)
            .map(|list| Triggers::arm(element, &list, stream.as_ref(), reaction, EndsWith::Component));
        let kept = (element.local_name() == "form").then(|| keep_page(element));
        move || {
            drop(kept);
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
