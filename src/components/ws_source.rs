//! `<WsSource>`: an element that is connected to a socket.

use std::rc::Rc;

use leptos::html::custom;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::address::Address;
use super::around::Around;
use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::calling::{ask, tell};
use super::connect_on::ConnectOn;
use super::connect_when::ConnectWhen;
use super::handler::Handler;
use super::live_context::{SocketContext, SocketState, child_owner, telling};
use super::reauthorize::Reauthorize;
use super::start::Start;
use super::swap_text::SwapText;
use super::when_connected::WhenConnected;
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::state::{CloseReason, ConnectionState};
use crate::browser::connection::ws::SocketAddress;
use crate::browser::connection::ws_address::BinaryKind;
use crate::browser::live_elements::{self, Attachment, Kind};
use crate::browser::presence::EndsWith;
use crate::browser::processing;
use crate::browser::queue_policy::QueuePolicy;
use crate::browser::ws_codec::WsCodec;
use crate::browser::ws_source::{WsHooks, WsSource as Source};
use crate::grammar::Spelling;
use crate::wire::{FrameFormat, Gap, Resumption, VersionSkew};

/// Connects its element to a socket, for the forms and buttons inside it, and for [`use_ws`](crate::use_ws).
///
/// Unless the `codec` says otherwise, each text frame is HTML, and each element at its top is placed by its
/// `hx-swap-oob`, or else replaces the element of the page with the same id (WSM-01). Give such places a
/// [`WsSwap`](super::WsSwap).
///
/// # Attributes it mirrors
/// `hx-ws="connect:<url>"` of htmx 1.9 or `ws-connect` of the extension (WSC-01, WSC-02). A path takes the page's host and
/// `ws` or `wss` as fits the page (WSC-05). `target`, `swap` and `select` are `hx-target`, `hx-swap` and `hx-select`, which
/// hold for the codec `JsonEnvelope` as in htmx 4.
///
/// # On the server
/// Renders the element and its children.
///
/// # In the browser
/// Opens the socket; sources with the same address, protocols and kind of binary frames share it. Its state is
/// `data-state` on the element. Messages sent while it is not open wait, as many as `queue` says. Frames of HTML carry no
/// position: what is sent while the socket is down is missed.
///
/// | event on the element | when | its `detail`, besides `elt` |
/// | --- | --- | --- |
/// | `htmx:wsConnecting` | before each attempt; can be cancelled (WSC-17, WSC-18) | `event`, `attempt` |
/// | `htmx:wsOpen` | the socket opened (WSV-01) | `event`, `attempt`, `socketWrapper` |
/// | `htmx:wsClose` | it was closed, by either side, also when it will be opened again (WSR-15) | `event`, `socketWrapper` |
/// | `htmx:wsError` | it failed, or a message or frame did | `error`, `socketWrapper` |
/// | `htmx:wsBeforeMessage` | before each frame; can be cancelled (WSM-10) | `message`, `socketWrapper` |
/// | `htmx:wsAfterMessage` | after it has settled (WSM-11) | `message`, `socketWrapper` |
/// | `live:gap` | frames were lost; DIFFERENCE: htmx has no such event | `reason`, `from`, `to` |
/// | `live:resumed` | it is open again, see [`Resumption`](crate::Resumption); DIFFERENCE: htmx has no such event | `outcome`; of a gap also `reason`, `from`, `to` |
/// | `live:unauthorized` | its credentials are refused; DIFFERENCE: htmx has no such event | `status`, `waitUntil` |
/// | `live:upstream` | its server lost touch with where events come from, or is in touch again; meanwhile the element has `data-upstream="down"`; DIFFERENCE: htmx has no such event | `state`: `down`, `up` |
/// | `live:version` | the server is of another version; DIFFERENCE: htmx has no such event | `page`, `server` |
///
/// `socketWrapper` has `send`, `sendImmediately`, `reconnect` and `queue` (WSQ-01 to WSQ-08).
///
/// # Without JavaScript
/// Shows what the server rendered; forms inside post to their `action`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{WsForm, WsSource, WsSwap};
///
/// #[component]
/// fn Chat() -> impl IntoView {
///     view! {
///         <WsSource connect="/chat">
///             <WsSwap id="room" tag="ul"/>
///             <WsForm action="/chat/say">
///                 <input name="text"/>
///             </WsForm>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn WsSource(
    /// The socket's address: a path, or `ws:`/`wss:` with a path or a host. When it changes, the old
    /// connection is closed and the new one opened.
    #[prop(into)]
    connect: Address,
    /// Sub-protocols to offer.
    #[prop(optional)]
    protocols: Vec<String>,
    /// The element's tag.
    #[prop(into, default = "div".into())]
    tag: Oco<'static, str>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: AttributeText,
    /// The element's `id`.
    #[prop(into, optional)]
    id: AttributeText,
    /// How text frames are read: `HtmlById`, `JsonEnvelope`, or `Typed` values.
    #[prop(into, optional)]
    codec: WsCodec,
    /// How the messages of forms are laid out, for servers that were written for another htmx.
    #[prop(optional)]
    format: FrameFormat,
    /// How many messages may wait for the socket, and what becomes of more.
    #[prop(optional)]
    queue: QueuePolicy,
    /// What binary frames are to scripts. With `on_binary` they are array buffers, whatever stands here.
    #[prop(optional)]
    binary_type: BinaryKind,
    /// Where content of an envelope goes that does not say it, in the language of `hx-target`; without one only parts
    /// that name their own place are shown.
    #[prop(into, optional)]
    target: Option<String>,
    /// How content of an envelope is put there: a style or a whole `SwapSpec`.
    #[prop(into, optional)]
    swap: Option<SwapText>,
    /// A selector of what is used of an envelope's content.
    #[prop(into, optional)]
    select: Option<String>,
    /// What has to happen before the socket is opened, in the language of `hx-trigger`; `load` by default (WSC-04). When
    /// it happens again, a socket that has ended is opened once more. What is sent before waits.
    #[prop(into, optional)]
    connect_on: Option<ConnectOn>,
    /// Whether to be connected: `false` closes the socket, which loses what waits, and `true` opens it.
    #[prop(into, optional)]
    connect_when: Option<ConnectWhen>,
    /// Whether to close the socket while the tab is hidden, and to open it at once when the tab is seen again (WSR-18).
    /// What the server sends meanwhile is missed.
    ///
    /// DIFFERENCE: off unless asked for, where htmx 4 has it on.
    #[prop(optional)]
    pause_when_hidden: bool,
    /// When and how often a lost connection is opened again.
    #[prop(optional)]
    retry: RetryPolicy,
    /// Whether to keep this connection to oneself, rather than share it with sources of the same address.
    #[prop(optional)]
    private: bool,
    /// How this source and what stands inside it write their attributes; as a [`Spelling`] in the context says by
    /// default, or else as htmx 1.9 does.
    #[prop(optional)]
    spelling: Option<Spelling>,
    /// Asked before each attempt to connect; `false` and it does not connect, but is closed with
    /// [`CloseReason::Vetoed`], until its trigger comes, `connect_when` turns on, or it is opened by hand (WSC-17).
    #[prop(into, optional)]
    on_before_connect: Option<Handler<(), bool>>,
    /// Called each time the socket opens.
    #[prop(into, optional)]
    on_open: Option<Handler<()>>,
    /// Asked before a text frame is placed; `false` leaves it out.
    #[prop(into, optional)]
    on_before_message: Option<Handler<String, bool>>,
    /// Rewrites the text of a frame before it is placed; `None` leaves it out. Of several sources that share a
    /// socket, the first decides.
    #[prop(into, optional)]
    transform: Option<Handler<String, Option<String>>>,
    /// Called after a text frame was placed.
    #[prop(into, optional)]
    on_message: Option<Handler<String>>,
    /// Called with the bytes of each binary frame (WSM-13).
    #[prop(into, optional)]
    on_binary: Option<Handler<Vec<u8>>>,
    /// Called when the socket fails, also when it will be opened again.
    #[prop(into, optional)]
    on_error: Option<Handler<()>>,
    /// Called when the connection is over for good.
    #[prop(into, optional)]
    on_close: Option<Handler<CloseReason>>,
    /// Called when frames were lost because the page took them too slowly, with the range.
    #[prop(into, optional)]
    on_gap: Option<Handler<Gap>>,
    /// Called each time the socket opens again, with [`Resumption::Reset`], since a socket keeps no history; and with
    /// [`Resumption::Gap`] where `on_gap` is called.
    #[prop(into, optional)]
    on_resume: Option<Handler<Resumption>>,
    /// Gets other credentials when the server closes the socket with code 4401, and returns whether there are some: then
    /// it is opened again. Meanwhile what is sent waits, for as long as that takes. Three times in a row are enough, until
    /// the socket has been open for ten seconds; after that, and without this, the code ends it with
    /// [`CloseReason::Code`]. Of several sources with one connection, the first that has this is asked.
    #[prop(into, optional)]
    on_unauthorized: Option<Reauthorize>,
    /// Called when the server speaks another version of what travels, see
    /// [`reload_when_outdated`](crate::reload_when_outdated).
    #[prop(into, optional)]
    on_version: Option<Handler<VersionSkew>>,
    /// What sends, and anything else.
    children: Children,
) -> impl IntoView {
    let socket = SocketContext::new();
    let state = RwSignal::new(ConnectionState::Idle);
    let owner = child_owner();
    let around = Around::here().spelled(spelling);
    let spelling = around.spelling;
    processing::enter_sockets();
    let binary = match on_binary {
        Some(_) => BinaryKind::ArrayBuffer,
        None => binary_type,
    };
    let address = move |url: String| SocketAddress {
        url,
        protocols: protocols.clone(),
        private,
        binary,
    };
    let moved = address.clone();
    let when = WhenConnected {
        connect_on,
        connect_when,
        pause_when_hidden,
    };
    let children = owner.with(|| {
        around.provide();
        socket.provide(state, connect.clone(), move |source, url| {
            source.move_to(&moved(url), retry)
        });
        provide_context(SocketState(state));
        when.follow(socket);
        children()
    });
    let hooks = move || WsHooks {
        codec: codec.clone(),
        format,
        queue,
        connecting: on_before_connect.map(|asked| Rc::new(move || ask(asked, ())) as _),
        binary: on_binary.map(|told| Rc::new(move |bytes| tell(told, bytes)) as _),
        state: Some(telling(state, on_open, on_close)),
        gap: on_gap.map(|on_gap| Rc::new(move |gap: &Gap| tell(on_gap, *gap)) as Rc<dyn Fn(&Gap)>),
        error: on_error.map(|on_error| Rc::new(move |_: &_| tell(on_error, ())) as _),
        before: on_before_message.map(|asked| {
            Rc::new(move |data: &JsValue| data.as_string().is_none_or(|text| ask(asked, text))) as _
        }),
        transform: transform.map(|transform| Rc::new(move |text| transform.call(text).flatten()) as _),
        message: on_message.map(|told| {
            Rc::new(move |data: &JsValue| {
                if let Some(text) = data.as_string() {
                    tell(told, text);
                }
            }) as _
        }),
        resumed: on_resume.map(|told| Rc::new(move |resumption: &_| tell(told, *resumption)) as _),
        unauthorized: on_unauthorized.map(Reauthorize::into_hook),
        version: on_version.map(|told| Rc::new(move |skew: &_| tell(told, *skew)) as _),
    };
    let connects_to = connect.clone();
    let start = Start::new(|| {
        move |element: Element| {
            socket.start(|| {
                open(
                    &element,
                    &address(connects_to.get_untracked()),
                    retry,
                    hooks(),
                    &when,
                )
            });
        }
    });
    let attributes = AttributeList::new()
        .with("hx-ext", spelling.extension("ws"))
        .with(
            spelling.ws_connect("").name,
            connect.written(move |url| spelling.ws_connect(&url).text),
        )
        .with("hx-target", target)
        .with("hx-swap", swap.map(SwapText::into_text))
        .with("hx-select", select)
        .with("data-state", ConnectionState::Idle.as_str())
        .with("id", id)
        .with("class", class);
    let view = custom(tag)
        .add_any_attr(attributes.starting(start))
        .child(children);
    OwnedView::new_with_owner(view, owner)
}

fn open(
    element: &Element,
    address: &SocketAddress,
    retry: RetryPolicy,
    hooks: WsHooks,
    when: &WhenConnected,
) -> (Rc<Source>, Attachment) {
    Kind::Ws.claim(element);
    let source = Source::open(element, address, retry, hooks, EndsWith::Component);
    processing::set_ws_source(&source);
    let disarm = when.begin(&source, element);
    let attached = Rc::clone(&source);
    let attachment = live_elements::attach(element, Kind::Ws, move || {
        if let Some(disarm) = disarm {
            disarm();
        }
        attached.close();
    });
    (source, attachment)
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{Spelling, WsForm, WsSend, WsSource, WsSwap};

    #[test]
    fn renders_source_place_form_and_button() {
        let html = rendered(|| {
            view! {
                <WsSource connect="/chat">
                    <WsSwap id="room" tag="ul"><li>"hi"</li></WsSwap>
                    <WsForm action="/say" id="f"><input name="text"/></WsForm>
                    <WsSend vals=r#"{"a": 1}"#>"go"</WsSend>
                </WsSource>
            }
        });
        assert_eq!(
            html,
            concat!(
                r#"<div hx-ws="connect:/chat" data-state="idle">"#,
                r#"<ul id="room"><li>hi</li></ul>"#,
                r#"<form hx-ws="send" action="/say" method="post" id="f"><input name="text"></form>"#,
                r#"<button hx-ws="send" hx-vals="{&quot;a&quot;: 1}">go</button></div>"#
            )
        );
    }

    #[test]
    fn wsc_02_the_spelling_of_the_extension() {
        let html = rendered(|| {
            view! {
                <WsSource connect="/chat" spelling=Spelling::Extensions>
                    <WsForm action="/say"><input name="text"/></WsForm>
                    <WsSend>"go"</WsSend>
                </WsSource>
            }
        });
        assert_eq!(
            html,
            concat!(
                r#"<div hx-ext="ws" ws-connect="/chat" data-state="idle">"#,
                r#"<form ws-send="" action="/say" method="post"><input name="text"></form>"#,
                r#"<button ws-send="">go</button></div>"#
            )
        );
    }
}
