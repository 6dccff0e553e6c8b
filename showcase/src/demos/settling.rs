//! Five boxes that settle at different speeds, so that the classes of a swap can be seen.

use leptos::prelude::*;
use leptos_live::grammar::Interval;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapSpec, SwapStyle};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::newest;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/settling",
    title: "Settling",
    text: "One stream, five boxes. New content is marked htmx-added and its box htmx-settling, for 50 \
        to 250 milliseconds; colours make it visible.",
    mirrors: Some("sse-settle.html"),
    group: Group::Streams,
};

const TIMES: [u32; 5] = [50, 100, 150, 200, 250];

/// The page.
#[component]
pub fn Settling() -> impl IntoView {
    let meter = Meter::default();
    let boxes = TIMES.map(|time| {
        let swap = SwapSpec {
            settle: Some(Interval::from_millis(time)),
            ..SwapStyle::InnerHtml.into()
        };
        view! {
            <div class="box">
                <h2>{format!("settle:{time}ms")}</h2>
                <SseSwap swap class="content settles">
                    {newest("comments", &["message"], "Nothing yet.")}
                </SseSwap>
            </div>
        }
    });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("settling.rs")>
            <SseSource
                connect=stream("comments")
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
