//! A page on a hub's data that takes its time: streamed in pieces, with a source in a late piece, and one that is mounted
//! in the browser. Whatever is published meanwhile, each list is whole.

use std::time::Duration;

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap, SwapStyle};

use super::{parameter, sse};
use crate::meter::{Meter, MeterView};
use crate::retained;
use crate::slowness;

/// Lists the events `n` of `?topic=`, each with what the topic had kept when the page was rendered: `#seq` at once, `#second` in
/// the same source after `?ms=` milliseconds, `#third` in a source of its own after twice that. `#mount` mounts `#late`,
/// which begins empty.
#[component]
pub fn Slow() -> impl IntoView {
    let topic = StoredValue::new(parameter("topic", "slow"));
    let delay = parameter("ms", "100").parse().unwrap_or(100);
    let delay = Duration::from_millis(u64::min(delay, 5_000));
    let meter = Meter::default();
    let is_late = RwSignal::new(false);
    let after = |time: Duration| Resource::new(|| (), move |()| slowness::wait(time));
    let (second, third) = (after(delay), after(delay * 2));
    let address = move || sse(&topic.get_value());
    view! {
        <h1>"Slow"</h1>
        <SseSource
            connect=address()
            id="source"
            on_open=meter.opened()
            on_message=meter.event()
            on_gap=meter.gap()
        >
            <List id="seq" topic/>
            <Suspense fallback=|| "…">
                {move || Suspend::new(async move {
                    second.await;
                    view! { <List id="second" topic/> }
                })}
            </Suspense>
        </SseSource>
        <Suspense fallback=|| "…">
            {move || Suspend::new(async move {
                third.await;
                view! {
                    <SseSource connect=address() id="third-source" on_gap=meter.gap()>
                        <List id="third" topic/>
                    </SseSource>
                }
            })}
        </Suspense>
        <button id="mount" on:click=move |_| is_late.set(true)>
            "Mount a source"
        </button>
        <Show when=move || is_late.get()>
            <SseSource connect=address() id="late-source" on_gap=meter.gap()>
                <SseSwap tag="ol" id="late" event="n" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        </Show>
        <MeterView meter/>
    }
}

#[component]
fn List(id: &'static str, topic: StoredValue<String>) -> impl IntoView {
    view! {
        <SseSwap tag="ol" id event="n" swap=SwapStyle::BeforeEnd>
            {retained::all(&topic.get_value(), "n")}
        </SseSwap>
    }
}
