//! A socket that only listens.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, WsSource, WsSwap};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::visit::socket;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/heartbeat",
    title: "Heartbeat",
    text: "The server sends a number every second, to everybody the same.",
    mirrors: Some("ws-heartbeat.html"),
    group: Group::Sockets,
};

/// A number, as the element that a frame brings.
pub fn beat(number: u64) -> impl IntoView {
    view! { <div id="idMessage" class="figure">{number}</div> }
}

/// The page.
#[component]
pub fn Heartbeat() -> impl IntoView {
    let meter = Meter::default();
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("heartbeat.rs")>
            <WsSource
                connect=socket("heartbeat")
                class="box"
                on_open=meter.opened()
                on_message=meter.frame()
            >
                <h2>"The number of the second"</h2>
                <ConnectionStatus class="state"/>
                <WsSwap id="idMessage" class="figure">
                    "Connecting…"
                </WsSwap>
            </WsSource>
        </DemoFrame>
    }
}
