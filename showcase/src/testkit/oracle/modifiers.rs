//! Every modifier of `hx-swap`, on a box that can be scrolled.

use leptos::prelude::*;
use leptos_live::{SseSwap, SwapSpec};

use super::case;

/// The texts; `{id}` becomes the name of the case.
const MODIFIERS: [&str; 26] = [
    "innerHTML settle:0",
    "innerHTML settle:200ms",
    "outerHTML settle:0.2s",
    "beforeend settle:200ms",
    "innerHTML swap:0",
    "innerHTML swap:100ms",
    "outerHTML swap:100ms",
    "beforeend swap:100ms settle:100ms",
    "delete swap:100ms",
    "innerHTML transition:true",
    "outerHTML transition:true",
    "innerHTML transition:false",
    "innerHTML scroll:top",
    "innerHTML scroll:bottom",
    "beforeend scroll:bottom",
    "innerHTML scroll:#{id}-other:bottom",
    "innerHTML show:top",
    "innerHTML show:bottom",
    "innerHTML show:#{id}-other:top",
    "innerHTML show:window:top",
    "innerHTML show:none",
    "innerHTML focus-scroll:true",
    "innerHTML focus-scroll:false",
    "innerHTML ignoreTitle:true",
    "innerHTML ignoreTitle:false",
    "settle:10ms",
];

const SCROLLS: &str = "height: 40px; overflow: auto";

pub(super) fn cases() -> Vec<AnyView> {
    MODIFIERS
        .into_iter()
        .enumerate()
        .map(|(number, text)| one(number, text))
        .collect()
}

fn one(number: usize, text: &str) -> AnyView {
    let name = format!("modifier-{number}");
    // A text that cannot be read would show as a difference to htmx.
    let swap: SwapSpec = text.replace("{id}", &name).parse().unwrap_or_default();
    let (field, other) = (format!("{name}-field"), format!("{name}-other"));
    let lines = || {
        (0..10)
            .map(|line| view! { <p>{format!("line {line}")}</p> })
            .collect_view()
    };
    let content = view! {
        <SseSwap event=name.clone() id=name.clone() swap {..} style=SCROLLS>
            <input id=field name="field" value="first"/>
            {lines()}
        </SseSwap>
        <div id=other style=SCROLLS>
            {lines()}
        </div>
    };
    case(&name, text, content)
}
