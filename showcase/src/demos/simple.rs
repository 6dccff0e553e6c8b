//! Five boxes, five streams: each box is source and consumer at once.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::newest;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/simple",
    title: "Simple",
    text: "Five boxes, each with a stream of its own. A browser allows six such connections to a \
        server, over all its tabs: open this page twice and see the second one wait.",
    mirrors: Some("sse-simple.html"),
    group: Group::Streams,
};

const STREAMS: [(&str, &str); 5] = [
    ("posts", "Posts"),
    ("comments", "Comments"),
    ("albums", "Albums"),
    ("todos", "To-dos"),
    ("users", "Users"),
];

/// The page.
#[component]
pub fn Simple() -> impl IntoView {
    let meter = Meter::default();
    let boxes = STREAMS.map(|(name, title)| {
        view! {
            <SseSource
                connect=stream(name)
                class="box"
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <h2>{title}</h2>
                <ConnectionStatus class="state"/>
                <SseSwap class="content">{newest(name, &["message"], "Nothing yet.")}</SseSwap>
            </SseSource>
        }
    });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("simple.rs")>
            <div class="boxes">{boxes.into_iter().collect_view()}</div>
        </DemoFrame>
    }
}
