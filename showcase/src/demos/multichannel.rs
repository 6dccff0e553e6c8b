//! One connection, four boxes, each with a name of its own.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::newest;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/multichannel",
    title: "Multi-channel",
    text: "Four boxes share one connection. Each event goes to the box that listens to its name.",
    mirrors: Some("sse-multichannel.html"),
    group: Group::Streams,
};

const NAMES: [&str; 4] = ["Event1", "Event2", "Event3", "Event4"];

/// The page.
#[component]
pub fn Multichannel() -> impl IntoView {
    let meter = Meter::default();
    let boxes = NAMES.map(|name| {
        view! {
            <div class="box">
                <h2>{name}</h2>
                <SseSwap event=name class="content">
                    {newest("posts/named", &[name], "Nothing yet.")}
                </SseSwap>
            </div>
        }
    });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("multichannel.rs")>
            <SseSource
                connect=stream("named")
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus class="state"/>
                <div class="boxes">{boxes.into_iter().collect_view()}</div>
            </SseSource>
        </DemoFrame>
    }
}
