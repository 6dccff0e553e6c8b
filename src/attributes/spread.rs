//! The attributes that can be spread on the elements of a view.
//!
//! They take what the props of components take: an [`Address`], or any other [`AttributeText`].

use leptos::attr::Attribute;
use leptos::prelude::*;

use super::hold::live;
use crate::browser::processing;
use crate::components::address::Address;
use crate::components::attribute_list::AttributeList;
use crate::components::attribute_text::AttributeText;
use crate::grammar::{SseSpec, SwapSpec};
use crate::wire::LiveRenderSource;

/// The position at which the page was rendered, from which its stream goes on, so that nothing is missed in between.
///
/// The address is asked for only where the page is rendered: a view that is run again in the browser need not read it.
fn position(url: impl FnOnce() -> Option<String>) -> Option<String> {
    let head = use_context::<LiveRenderSource>()?.head_for(&url()?)?;
    Some(head.to_string())
}

/// `hx-sse="connect:<url> swap:<name> …"`: opens a stream, swaps its messages in, or both (SSE-01, SSW-01).
///
/// It is rendered on the server, with the position of the page where it connects. In the browser the element behaves as
/// an [`SseSource`](crate::SseSource), an [`SseSwap`](crate::SseSwap), or both; a text that changes moves the
/// connection (ACT-11).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::attributes::hx_sse;
///
/// #[component]
/// fn News() -> impl IntoView {
///     view! { <p {..hx_sse("connect:/news swap:headline")}>"No news yet."</p> }
/// }
/// # fn main() {}
/// ```
pub fn hx_sse(text: impl Into<AttributeText>) -> impl Attribute {
    let text = text.into();
    let position = position(|| {
        let text = untrack(|| text.clone().into_text())?;
        text.parse::<SseSpec>().ok()?.connect().map(str::to_owned)
    });
    live("hx-sse", text, processing::enter_streams).with("data-position", position)
}

/// `sse-connect="<url>"`: opens a stream for the element and those inside it (SSE-03).
///
/// Mirrors the extension for htmx 2; [`hx_sse`] with `connect:` means the same.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::attributes::{sse_close, sse_connect, sse_swap};
///
/// #[component]
/// fn Job(id: RwSignal<u32>) -> impl IntoView {
///     view! {
///         <ol {..sse_connect(move || format!("/jobs/{}", id.get()))} {..sse_close("done")}>
///             <li {..sse_swap("progress, done")}>"waiting"</li>
///         </ol>
///     }
/// }
/// # fn main() {}
/// ```
pub fn sse_connect(url: impl Into<Address>) -> impl Attribute {
    let url = url.into();
    let position = position(|| Some(url.get_untracked()));
    live("sse-connect", url.plain(), processing::enter_streams).with("data-position", position)
}

/// `sse-swap="<name>, <name>, …"`: swaps messages of these names in (SSW-01, SSW-04). See [`sse_connect`] for an example.
///
/// Mirrors the extension for htmx 2; [`hx_sse`] with `swap:` means the same.
pub fn sse_swap(names: impl Into<AttributeText>) -> impl Attribute {
    live("sse-swap", names.into(), processing::enter_streams)
}

/// `sse-close="<name>"`: the message after which the stream of this element is over for good (SSX-01). See
/// [`sse_connect`] for an example.
///
/// Who swaps messages of that name still gets it. The element dispatches `htmx:sseClose` before.
pub fn sse_close(name: impl Into<AttributeText>) -> impl Attribute {
    live("sse-close", name.into(), processing::enter_streams)
}

/// `hx-ws="connect:<url>"`, `hx-ws="send"`, or both: opens a socket, or sends on it (WSC-01).
///
/// In the browser the element behaves as a [`WsSource`](crate::WsSource), a [`WsSend`](crate::WsSend), or both. A form
/// without JavaScript goes to its `action`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::attributes::hx_ws;
///
/// #[component]
/// fn Chat() -> impl IntoView {
///     view! {
///         <section {..hx_ws("connect:/chat")}>
///             <ol id="room"></ol>
///             <form {..hx_ws("send")} action="/chat/say" method="post"><input name="text"/></form>
///         </section>
///     }
/// }
/// # fn main() {}
/// ```
pub fn hx_ws(text: impl Into<AttributeText>) -> impl Attribute {
    live("hx-ws", text.into(), processing::enter_sockets)
}

/// `ws-connect="<url>"`: opens a socket for the element and those inside it (WSC-02).
///
/// Mirrors the extension for htmx 2; [`hx_ws`] with `connect:` means the same.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::attributes::{ws_connect, ws_send};
///
/// #[component]
/// fn Lamp() -> impl IntoView {
///     view! {
///         <p {..ws_connect("/lamp")}>
///             <button {..ws_send()} name="lamp" value="on">"Switch on"</button>
///         </p>
///     }
/// }
/// # fn main() {}
/// ```
pub fn ws_connect(url: impl Into<Address>) -> impl Attribute {
    live("ws-connect", url.into().plain(), processing::enter_sockets)
}

/// `ws-send`: sends on the socket around it when it is triggered (WSC-02). See [`ws_connect`] for an example.
///
/// Mirrors the extension for htmx 2; [`hx_ws`] with `send` means the same.
pub fn ws_send() -> impl Attribute {
    live("ws-send", "".into(), processing::enter_sockets)
}

/// `hx-trigger`: when the element requests, or sends: messages of a stream, DOM events, times (SST-01, TRG-01).
///
/// Beside [`ws_send`] it may as well be written in the view, which spares the app the code for requests.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::attributes::{hx_get, hx_trigger, sse_connect};
///
/// #[component]
/// fn Totals() -> impl IntoView {
///     view! {
///         <p {..sse_connect("/orders")} {..hx_trigger("sse:order delay:1s")} {..hx_get("/totals")}>
///             "No orders yet."
///         </p>
///     }
/// }
/// # fn main() {}
/// ```
pub fn hx_trigger(text: impl Into<AttributeText>) -> impl Attribute {
    live("hx-trigger", text.into(), processing::enter_requests)
}

/// `hx-get="<url>"`: GETs the address when the element is triggered, and swaps the answer in. See [`hx_trigger`] for an
/// example.
pub fn hx_get(url: impl Into<Address>) -> impl Attribute {
    live("hx-get", url.into().plain(), processing::enter_requests)
}

/// `hx-post="<url>"`: POSTs the element's values when it is triggered, and swaps the answer in. See [`hx_trigger`] for an
/// example.
pub fn hx_post(url: impl Into<Address>) -> impl Attribute {
    live("hx-post", url.into().plain(), processing::enter_requests)
}

/// `hx-put="<url>"`: PUTs the element's values when it is triggered, and swaps the answer in. See [`hx_trigger`] for an
/// example.
pub fn hx_put(url: impl Into<Address>) -> impl Attribute {
    live("hx-put", url.into().plain(), processing::enter_requests)
}

/// `hx-patch="<url>"`: PATCHes the element's values when it is triggered, and swaps the answer in. See [`hx_trigger`] for
/// an example.
pub fn hx_patch(url: impl Into<Address>) -> impl Attribute {
    live("hx-patch", url.into().plain(), processing::enter_requests)
}

/// `hx-delete="<url>"`: DELETEs the address when the element is triggered, and swaps the answer in. See [`hx_trigger`]
/// for an example.
pub fn hx_delete(url: impl Into<Address>) -> impl Attribute {
    live("hx-delete", url.into().plain(), processing::enter_requests)
}

/// `hx-swap`: how what arrives is put into the target, for the element and those inside it.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::SwapStyle;
/// use leptos_live::attributes::{hx_sse, hx_swap, hx_target};
///
/// #[component]
/// fn Log() -> impl IntoView {
///     view! {
///         <p {..hx_sse("connect:/log swap:line")} {..hx_swap(SwapStyle::BeforeEnd)} {..hx_target("#lines")}></p>
///         <ol id="lines"></ol>
///     }
/// }
/// # fn main() {}
/// ```
pub fn hx_swap(spec: impl Into<SwapSpec>) -> impl Attribute {
    AttributeList::new().with("hx-swap", spec.into().to_string())
}

/// `hx-target`: what is swapped, for the element and those inside it: `this`, `closest …`, `find …`, `next …`,
/// `previous …` or a CSS selector. See [`hx_swap`] for an example.
pub fn hx_target(text: impl Into<AttributeText>) -> impl Attribute {
    AttributeList::new().with("hx-target", text)
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::*;
    use crate::SwapStyle;
    use crate::components::rendered;
    use crate::wire::{Epoch, Position, RenderSource};

    #[test]
    fn each_is_rendered_on_the_server() {
        let html = rendered(|| {
            view! {
                <ul {..hx_sse("connect:/a swap:b")} {..hx_swap(SwapStyle::BeforeEnd)} {..hx_target("#t")} class="c"></ul>
                <ul {..sse_connect("/a")} {..sse_swap("b, c")} {..sse_close("d")}></ul>
                <form {..hx_ws("send")} {..hx_trigger("submit")}></form>
                <p {..ws_connect("/w")}><button {..ws_send()}>"go"</button></p>
                <i {..hx_get("/1")}></i>
                <i {..hx_post("/2")}></i>
                <i {..hx_put("/3")}></i>
                <i {..hx_patch("/4")}></i>
                <i {..hx_delete("/5")}></i>
            }
        });
        assert_eq!(
            html,
            concat!(
                r##"<ul hx-sse="connect:/a swap:b" hx-swap="beforeend" hx-target="#t" class="c"></ul>"##,
                r#"<ul sse-connect="/a" sse-swap="b, c" sse-close="d"></ul>"#,
                r#"<form hx-ws="send" hx-trigger="submit"></form>"#,
                r#"<p ws-connect="/w"><button ws-send="">go</button></p>"#,
                r#"<i hx-get="/1"></i><i hx-post="/2"></i><i hx-put="/3"></i><i hx-patch="/4"></i>"#,
                r#"<i hx-delete="/5"></i>"#
            )
        );
    }

    struct Head;

    impl RenderSource for Head {
        fn head(&self) -> Position {
            Position {
                epoch: Epoch(1),
                offset: 7,
            }
        }
    }

    #[test]
    fn a_source_says_where_the_page_was_rendered() {
        let html = rendered(|| {
            provide_context(LiveRenderSource(std::sync::Arc::new(Head)));
            view! {
                <i {..hx_sse("connect:/a")}></i>
                <i {..hx_sse("swap:b")}></i>
                <i {..sse_connect("/a")}></i>
                <i {..sse_connect("https://other.example/a")}></i>
            }
        });
        let position = r#"data-position="0000000000000001-7""#;
        assert_eq!(
            html,
            format!(
                r#"<i hx-sse="connect:/a" {position}></i><i hx-sse="swap:b"></i><i sse-connect="/a" {position}></i><i sse-connect="https://other.example/a"></i>"#
            )
        );
    }

    #[test]
    fn what_it_says_may_be_a_signal_and_is_escaped() {
        let html = rendered(|| {
            let url = RwSignal::new("/a?b=\"c\"&d".to_owned());
            view! { <i {..sse_connect(url)}></i> }
        });
        assert_eq!(html, r#"<i sse-connect="/a?b=&quot;c&quot;&amp;d"></i>"#);
    }

    // Closures were refused, which the same prop of a component takes.
    #[test]
    fn each_takes_what_a_component_takes() {
        let html = rendered(|| {
            let (topic, is_shown) = (RwSignal::new("a".to_owned()), RwSignal::new(true));
            let address = move || format!("/{}", topic.get());
            let shown = move || is_shown.get().then_some("b");
            let hidden = move || (!is_shown.get()).then_some("b");
            view! {
                <i {..sse_connect(address)} {..sse_swap(shown)}></i>
                <i {..ws_connect(address)} {..hx_get(Memo::new(move |_| address()))}></i>
                <i {..sse_swap(hidden)} {..hx_target(move || if is_shown.get() { "this" } else { "#a" })}></i>
                <i {..hx_sse(move || format!("connect:/{}", topic.get()))} {..hx_trigger(None::<String>)}></i>
            }
        });
        assert_eq!(
            html,
            concat!(
                r#"<i sse-connect="/a" sse-swap="b"></i><i ws-connect="/a" hx-get="/a"></i>"#,
                r#"<i hx-target="this"></i><i hx-sse="connect:/a"></i>"#
            )
        );
    }

    #[test]
    fn spread_on_a_component_it_goes_to_its_roots() {
        #[component]
        fn Two() -> impl IntoView {
            view! { <b></b><i></i> }
        }
        assert_eq!(
            rendered(|| view! { <Two {..sse_swap("a")}/> }),
            r#"<b sse-swap="a"></b><i sse-swap="a"></i>"#
        );
    }
}
