//! Two sources on one page that must not mix.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{parameter, sse};

/// `#one` shows the events of `?one=`, `#two` those of `?two=`, and `#two-inner` those of `?one=` again,
/// from a source inside the second.
#[component]
pub fn Two() -> impl IntoView {
    let (one, two) = (parameter("one", "one"), parameter("two", "two"));
    view! {
        <h1>"Two sources"</h1>
        <SseSource connect=sse(&one) id="source-one">
            <ConnectionStatus/>
            <SseSwap id="one">"nothing from one"</SseSwap>
        </SseSource>
        <SseSource connect=sse(&two) id="source-two">
            <ConnectionStatus/>
            <SseSource connect=sse(&one) id="source-inner">
                <SseSwap id="two-inner">"nothing from one"</SseSwap>
            </SseSource>
            <SseSwap id="two">"nothing from two"</SseSwap>
        </SseSource>
    }
}
