//! One box that listens to two names.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::newest;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/multiple",
    title: "Multiple",
    text: "One box shows the events of two names. The stream carries four; the other two are ignored.",
    mirrors: Some("sse-multiple.html"),
    group: Group::Streams,
};

/// The page.
#[component]
pub fn Multiple() -> impl IntoView {
    let meter = Meter::default();
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("multiple.rs")>
            <SseSource
                connect=stream("named")
                class="box"
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <h2>"Event1 and Event2"</h2>
                <ConnectionStatus class="state"/>
                <SseSwap event=["Event1", "Event2"] class="content">
                    {newest("posts/named", &["Event1", "Event2"], "Nothing yet.")}
                </SseSwap>
            </SseSource>
        </DemoFrame>
    }
}
