//! A form that sends over a socket, and an answer that finds its place by its id.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, WsForm, WsSource, WsSwap};
use leptos_router::hooks::use_query_map;

use super::{Demo, DemoFrame, Group};
use crate::frame_log::FrameLog;
use crate::meter::Meter;
use crate::visit::socket;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/echo",
    title: "Echo",
    text: "What the form sends comes back as an element whose id says where it belongs. Without \
        JavaScript the form posts, and the answer comes with the next page.",
    mirrors: Some("ws-echo.html"),
    group: Group::Sockets,
};

/// The answer, as the element that a frame brings.
pub fn answer(text: &str) -> impl IntoView + use<> {
    view! { <div id="idMessage" class="content">{text.to_owned()}</div> }
}

/// The page.
#[component]
pub fn Echo() -> impl IntoView {
    let meter = Meter::default();
    let frames = FrameLog::default();
    let posted = use_query_map()
        .read_untracked()
        .get("message")
        .unwrap_or_default();
    let room = view! {
        <WsSource
            connect=socket("echo")
            class="box"
            on_open=meter.opened()
            on_message=move |frame: String| {
                meter.frame().run(frame.clone());
                frames.received(frame);
            }
        >
            <h2>"Say something"</h2>
            <ConnectionStatus class="state"/>
            <WsForm action="/echo" id="echo-form">
                <label>
                    "Message"
                    <input name="message" value="This is a message" autocomplete="off" required maxlength="500"/>
                </label>
                <button>"Send"</button>
            </WsForm>
            <h2>"The answer"</h2>
            <WsSwap id="idMessage" class="content">
                {posted}
            </WsSwap>
        </WsSource>
    };
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("echo.rs")>
            <div class="boxes">
                {frames.around(room)}
                <div class="box">
                    <h2>"The frames"</h2>
                    {frames.view()}
                </div>
            </div>
        </DemoFrame>
    }
}
