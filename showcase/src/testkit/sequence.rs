//! Shows every event of a topic in a list, so that a gap or a double can be read from the page.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapStyle};

use super::{parameter, sse};
use crate::meter::{Meter, MeterView};

/// Appends each event `n` of `?topic=` to `#seq`. What is published is the list item itself:
/// `<li data-seq="7">7</li>`.
#[component]
pub fn Sequence() -> impl IntoView {
    let meter = Meter::default();
    view! {
        <h1>"Sequence"</h1>
        <SseSource
            connect=sse(&parameter("topic", "sequence"))
            id="source"
            on_open=meter.opened()
            on_message=meter.event()
            on_gap=meter.gap()
        >
            <ConnectionStatus/>
            <SseSwap tag="ol" id="seq" event="n" swap=SwapStyle::BeforeEnd/>
        </SseSource>
        <MeterView meter/>
    }
}
