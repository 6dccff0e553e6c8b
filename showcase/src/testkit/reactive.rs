//! A source whose address changes, and one that comes and goes.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{parameter, sse};
use crate::meter::{Meter, MeterView};

/// `#switch` changes the address of `#box` between `?one=` and `?two=`; `#toggle` takes the source
/// away and brings it back.
#[component]
pub fn Reactive() -> impl IntoView {
    let addresses = [sse(&parameter("one", "one")), sse(&parameter("two", "two"))];
    let is_second = RwSignal::new(false);
    let is_there = RwSignal::new(true);
    let meter = Meter::default();
    let address = Signal::derive(move || {
        let [one, two] = addresses.clone();
        if is_second.get() { two } else { one }
    });
    view! {
        <h1>"Reactive"</h1>
        <button id="switch" on:click=move |_| is_second.update(|second| *second = !*second)>
            "Switch the address"
        </button>
        <button id="toggle" on:click=move |_| is_there.update(|there| *there = !*there)>
            "Take away or bring back"
        </button>
        <p>"Address: " <code id="address">{address}</code></p>
        <Show when=move || is_there.get()>
            <SseSource
                connect=address
                id="source"
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus/>
                <SseSwap id="box">"nothing yet"</SseSwap>
            </SseSource>
        </Show>
        <MeterView meter/>
    }
}
