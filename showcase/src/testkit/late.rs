//! What is mounted on a page that is live already.

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap, SwapStyle};

use super::{parameter, sse};
use crate::meter::{Meter, MeterView};

/// `#early` lists the messages of `?topic=` from the beginning. `#consumer` mounts `#late` in the same source, `#source`
/// mounts `#later` in a source of its own.
#[component]
pub fn Late() -> impl IntoView {
    let address = StoredValue::new(sse(&parameter("topic", "testkit/latest/late")));
    let (has_consumer, has_source) = (RwSignal::new(false), RwSignal::new(false));
    let meter = Meter::default();
    view! {
        <h1>"Late"</h1>
        <button id="consumer" on:click=move |_| has_consumer.set(true)>
            "Mount a consumer"
        </button>
        <button id="source" on:click=move |_| has_source.set(true)>
            "Mount a source"
        </button>
        <SseSource
            connect=address.get_value()
            on_open=meter.opened()
            on_message=meter.event()
            on_gap=meter.gap()
        >
            <SseSwap id="early" swap=SwapStyle::BeforeEnd/>
            <Show when=move || has_consumer.get()>
                <SseSwap id="late" swap=SwapStyle::BeforeEnd/>
            </Show>
        </SseSource>
        <Show when=move || has_source.get()>
            <SseSource connect=address.get_value()>
                <SseSwap id="later" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        </Show>
        <MeterView meter/>
    }
}
