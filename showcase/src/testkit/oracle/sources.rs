//! Who hears what: names, several consumers, sources inside of sources, and sources that are consumers.

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap, SwapStyle};

use super::case;

pub(super) fn cases() -> Vec<AnyView> {
    vec![
        case(
            "source-names",
            "two names",
            view! { <SseSwap event=["source-names", "source-names-too"]>"first"</SseSwap> },
        ),
        case("source-message", "no name", view! { <SseSwap>"first"</SseSwap> }),
        case(
            "source-case",
            "Case",
            view! { <SseSwap event="source-Case">"first"</SseSwap> },
        ),
        case(
            "source-colon",
            "a colon",
            view! { <SseSwap event="source:colon">"first"</SseSwap> },
        ),
        case("source-twice", "two consumers", twice()),
        case("source-order", "two consumers, one place", order()),
        case("source-around", "a consumer in a consumer", around()),
        case("source-inner", "a source in the source", inner()),
        case("source-both", "source and consumer at once", both()),
        case("source-replaced", "a source that is replaced", replaced()),
        case("source-shared", "two sources, one address", shared()),
        case("source-fails", "a source that fails", fails()),
        case("source-removed", "a consumer that a script removes", removed()),
        case("source-other", "no source around it", other()),
    ]
}

fn twice() -> impl IntoView {
    view! {
        <SseSwap event="source-twice">"first"</SseSwap>
        <SseSwap event="source-twice" swap=SwapStyle::BeforeEnd>
            "first"
        </SseSwap>
    }
}

fn order() -> impl IntoView {
    let append = || {
        view! {
            <SseSwap event="source-order" target="#source-order" swap=SwapStyle::BeforeEnd>
                "consumer"
            </SseSwap>
        }
    };
    view! {
        {append()}
        {append()}
        <div id="source-order" inner_html="place"></div>
    }
}

/// When the outer one swaps, the inner one goes.
fn around() -> impl IntoView {
    view! {
        <SseSwap event="source-around" swap=SwapStyle::BeforeEnd>
            <div hx-sse="swap:source-around-inner">"inner"</div>
        </SseSwap>
    }
}

fn inner() -> impl IntoView {
    view! {
        <SseSource connect="/oracle/inner" class="inner" early=false>
            <SseSwap event="source-inner">"inner"</SseSwap>
        </SseSource>
        <SseSwap event="source-inner">"outer"</SseSwap>
    }
}

fn both() -> impl IntoView {
    view! {
        <div hx-sse="connect:/oracle/both swap:source-both">
            <b>"first"</b>
        </div>
    }
}

fn replaced() -> impl IntoView {
    view! {
        <SseSwap event="source-replaced">
            <div hx-sse="connect:/oracle/replaced swap:source-replaced-own" hx-swap="outerHTML">
                "first"
            </div>
        </SseSwap>
    }
}

fn shared() -> impl IntoView {
    let source = || {
        view! {
            <SseSource connect="/oracle/shared" early=false>
                <SseSwap event="source-shared">"first"</SseSwap>
            </SseSource>
        }
    };
    view! {
        {source()}
        {source()}
    }
}

fn fails() -> impl IntoView {
    view! {
        <SseSource connect="/oracle/fails" early=false>
            <SseSwap event="source-fails">"first"</SseSwap>
        </SseSource>
    }
}

fn removed() -> impl IntoView {
    view! {
        <SseSwap event="source-removed" id="source-removed">
            "first"
        </SseSwap>
        <SseSwap event="source-removed">"second"</SseSwap>
    }
}

/// The stream of all cases does not reach here: the nearest source is another.
fn other() -> impl IntoView {
    view! {
        <SseSource connect="/oracle/silent" early=false>
            <SseSwap event="source-other">"first"</SseSwap>
        </SseSource>
    }
}
