//! Consumers that write somewhere else: five names, one box.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/target",
    title: "Target",
    text: "Five elements listen to one name each, and all of them write into the same box. The one \
        connection carries five topics.",
    mirrors: Some("sse-target-ext.html"),
    group: Group::Streams,
};

const NAMES: [&str; 5] = ["post", "comment", "album", "todo", "user"];

/// The page.
#[component]
pub fn Target() -> impl IntoView {
    let meter = Meter::default();
    let listeners = NAMES.map(|name| view! { <SseSwap tag="span" event=name target="#other-node"/> });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("target.rs")>
            <SseSource
                connect=stream("kinds")
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus class="state"/>
                <span hidden>{listeners.into_iter().collect_view()}</span>
            </SseSource>
            // Written by swaps, so Leptos must not own what is inside.
            <div
                id="other-node"
                class="box content"
                inner_html="<p class=\"waiting\">Nothing yet.</p>"
            ></div>
        </DemoFrame>
    }
}
