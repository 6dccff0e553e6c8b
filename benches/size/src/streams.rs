//! An app that shows the events of a stream.

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap};

pub(crate) fn live() -> impl IntoView {
    view! {
        <SseSource connect="/news">
            <SseSwap event="headline">"nothing"</SseSwap>
        </SseSource>
    }
}
