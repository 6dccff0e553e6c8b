//! A room that several browsers share.
//!
//! What is said goes up by socket, or by a plain POST without JavaScript, to the same handler. It comes
//! down by stream, because a stream has positions: who was away for a moment gets what was said.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapStyle, WsForm, WsSource};
use leptos_router::hooks::use_query_map;

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::all;
use crate::trim::keep_last;
use crate::visit::{socket, stream};

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/chat",
    title: "Chat",
    text: "One room for everybody who is here. Open it in a second browser, or switch JavaScript off.",
    mirrors: None,
    group: Group::Together,
};

const ROOM: &str = "room";

/// A line of the room.
pub fn line(name: &str, text: &str, time: &str) -> impl IntoView + use<> {
    let (name, text, time) = (name.to_owned(), text.to_owned(), time.to_owned());
    view! {
        <li>
            <b>{name}</b>
            " "
            <time>{time}</time>
            <p>{text}</p>
        </li>
    }
}

/// The page.
#[component]
pub fn Chat() -> impl IntoView {
    let meter = Meter::default();
    // Without JavaScript the name travels in the address; with it, a reset of the form keeps it.
    let name = RwSignal::new(use_query_map().read_untracked().get("name").unwrap_or_default());
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("chat.rs")>
            <SseSource
                connect=stream("chat")
                class="box chat"
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <h2>"The room"</h2>
                <ConnectionStatus class="state"/>
                <div class="room" role="log" aria-label="What was said" tabindex="0">
                    <SseSwap
                        tag="ol"
                        id=ROOM
                        event="line"
                        swap=SwapStyle::BeforeEnd
                        on_after_swap=|_| keep_last(ROOM, 200)
                    >
                        {all("chat", "line")}
                    </SseSwap>
                </div>
                <WsSource connect=socket("chat") on_open=meter.opened()>
                    <WsForm action="/chat/say" class="say" reset_on_send=true>
                        <label>
                            "Name"
                            <input
                                name="name"
                                required
                                maxlength="24"
                                autocomplete="nickname"
                                value=name
                                on:input:target=move |event| name.set(event.target().value())
                            />
                        </label>
                        <label class="grow">
                            "Message"
                            <input name="text" required maxlength="500" autocomplete="off"/>
                        </label>
                        <button>"Say"</button>
                    </WsForm>
                </WsSource>
            </SseSource>
        </DemoFrame>
    }
}
