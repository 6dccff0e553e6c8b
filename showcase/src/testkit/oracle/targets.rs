//! Every form of `hx-target`, under the styles that change the inside, the whole and the end of what is meant.

use leptos::prelude::*;
use leptos_live::{SseSwap, SwapStyle};

use super::case;

/// The texts; `{id}` becomes the name of the case.
const TARGETS: [&str; 16] = [
    "this",
    "closest div",
    "closest .outer",
    "find b",
    "find .hit",
    "next",
    "next p",
    "next .hit",
    "previous",
    "previous p",
    "previous .hit",
    "#{id}-after",
    "<#{id}-after/>",
    "p.of-{id}",
    "#{id}-outer > u",
    "#nowhere",
];

const STYLES: [SwapStyle; 3] = [SwapStyle::InnerHtml, SwapStyle::OuterHtml, SwapStyle::BeforeEnd];

pub(super) fn cases() -> Vec<AnyView> {
    TARGETS
        .into_iter()
        .enumerate()
        .flat_map(|(number, text)| STYLES.map(|style| one(number, text, style)))
        .collect()
}

fn one(number: usize, text: &str, style: SwapStyle) -> AnyView {
    let name = format!("target-{number}-{style}");
    let about = format!("{style}, hx-target={text}");
    let content = view! {
        <p class=format!("hit of-{name}") id=format!("{name}-before")>
            "before"
        </p>
        <div class="hit outer" id=format!("{name}-outer")>
            <s>"elder"</s>
            <SseSwap event=name.clone() id=name.clone() swap=style target=text.replace("{id}", &name)>
                <b class="hit">"first"</b>
                <em>"content"</em>
            </SseSwap>
            <u>"younger"</u>
        </div>
        <p class=format!("hit of-{name}") id=format!("{name}-after")>
            "after"
        </p>
    };
    case(&name, &about, content)
}
