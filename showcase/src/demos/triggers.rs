//! Events as signals: what they say is not used, they make an element ask the server.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseTrigger};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/triggers",
    title: "Triggers",
    text: "Each event makes a box fetch a page of its own. The event’s data is not used.",
    mirrors: Some("sse-triggers.html"),
    group: Group::Streams,
};

const NAMES: [&str; 4] = ["Event1", "Event2", "Event3", "Event4"];

/// The page.
#[component]
pub fn Triggers() -> impl IntoView {
    let meter = Meter::default();
    let answers = RwSignal::new(0_u32);
    let boxes = NAMES.map(|name| {
        view! {
            <div class="box">
                <h2>{name}</h2>
                <SseTrigger
                    event=name
                    get="/page/random"
                    class="content"
                    on_after_swap=move |()| {
                        let _ = answers.try_update(|count| *count += 1);
                    }
                >
                    <p class="waiting">"Nothing fetched yet."</p>
                </SseTrigger>
            </div>
        }
    });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("triggers.rs")>
            <SseSource
                connect=stream("named")
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <p>
                    <ConnectionStatus class="state"/>
                    " · pages fetched: "
                    <b data-testid="answers">{answers}</b>
                </p>
                <div class="boxes">{boxes.into_iter().collect_view()}</div>
            </SseSource>
        </DemoFrame>
    }
}
