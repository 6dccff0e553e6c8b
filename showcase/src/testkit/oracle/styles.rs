//! Every swap style, with a consumer for each payload that the script has.

use leptos::prelude::*;
use leptos_live::{SseSwap, SwapStyle};

use super::case;

/// Every style.
pub(super) const STYLES: [SwapStyle; 9] = [
    SwapStyle::InnerHtml,
    SwapStyle::OuterHtml,
    SwapStyle::BeforeBegin,
    SwapStyle::AfterBegin,
    SwapStyle::BeforeEnd,
    SwapStyle::AfterEnd,
    SwapStyle::Delete,
    SwapStyle::None,
    SwapStyle::TextContent,
];

/// How many payloads the script has.
const PAYLOADS: usize = 25;

pub(super) fn cases() -> Vec<AnyView> {
    STYLES
        .into_iter()
        .flat_map(|style| (0..PAYLOADS).map(move |number| one(style, number)))
        .collect()
}

fn one(style: SwapStyle, number: usize) -> AnyView {
    let name = format!("style-{style}-{number}");
    let content = view! {
        <i id=format!("{name}-before")>"before"</i>
        " text before "
        <SseSwap event=name.clone() id=name.clone() swap=style>
            <b>"first"</b>
            " content"
        </SseSwap>
        " text after "
        <i id=format!("{name}-after")>"after"</i>
    };
    case(&name, style.as_str(), content)
}
