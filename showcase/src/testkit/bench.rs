//! Pages for measuring: the DOM that somebody would write by hand, and our components attached to it.
//!
//! The addresses come with the request (`?sse=` and `?ws=`), so that every library is measured on one server. Nothing
//! stands around `main`, and nothing but what is measured stands inside.

use leptos::html::Input;
use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap, SwapStyle, WsForm, WsSource, WsSwap};

use super::parameter;

/// As many elements as the pages with many have.
const ELEMENTS: usize = 200;

fn stream() -> String {
    parameter("sse", "/testkit/sse?topic=bench")
}

fn socket() -> String {
    parameter("ws", "/testkit/ws")
}

/// `#t` shows each message; with `?coalesce=true`, the last one of each frame.
#[component]
pub fn BenchOne() -> impl IntoView {
    let coalesce = parameter("coalesce", "false") == "true";
    view! {
        <SseSource tag="main" id="root" connect=stream()>
            <SseSwap id="t" coalesce=coalesce/>
        </SseSource>
    }
}

/// `#e0` to `#e199` show the events of their names.
#[component]
pub fn BenchMany() -> impl IntoView {
    view! {
        <SseSource tag="main" id="root" connect=stream()>
            {(0..ELEMENTS)
                .map(|number| format!("e{number}"))
                .map(|name| view! { <SseSwap id=name.clone() event=name/> })
                .collect_view()}
        </SseSource>
    }
}

/// `#t` lists the messages.
#[component]
pub fn BenchList() -> impl IntoView {
    view! {
        <SseSource tag="main" id="root" connect=stream()>
            <SseSwap tag="ul" id="t" swap=SwapStyle::BeforeEnd/>
        </SseSource>
    }
}

/// `#e0` to `#e199` are replaced by what the socket sends with their ids.
#[component]
pub fn BenchWsIn() -> impl IntoView {
    view! {
        <WsSource tag="main" id="root" connect=socket()>
            {(0..ELEMENTS).map(|number| view! { <WsSwap id=format!("e{number}")/> }).collect_view()}
        </WsSource>
    }
}

/// `#f` is sent over the socket.
#[component]
pub fn BenchWsSend() -> impl IntoView {
    view! {
        <WsSource tag="main" id="root" connect=socket()>
            <WsForm action="/testkit/answer" id="f">
                <input name="n"/>
                <input name="text"/>
            </WsForm>
        </WsSource>
    }
}

/// As many consumers as `#count` says, each of an event of its own name, mounted at the press of `#mount` and unmounted at that
/// of `#unmount`; `#mounted` counts them.
#[component]
pub fn BenchMounts() -> impl IntoView {
    let mounted = RwSignal::new(0_usize);
    let count = NodeRef::<Input>::new();
    let mount = move |_| {
        let wanted = count.get_untracked().map(|count| count.value());
        mounted.set(wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or_default());
    };
    view! {
        <SseSource tag="main" id="root" connect=stream()>
            <input id="count" node_ref=count/>
            <button id="mount" on:click=mount>"Mount"</button>
            <button id="unmount" on:click=move |_| mounted.set(0)>"Unmount"</button>
            <output id="mounted">{mounted}</output>
            <div id="all">
                {move || {
                    (0..mounted.get())
                        .map(|number| view! { <SseSwap event=format!("e{number}")/> })
                        .collect_view()
                }}
            </div>
        </SseSource>
    }
}
