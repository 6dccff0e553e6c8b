//! One consumer with any swap style and any target.

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap, SwapSpec};

use super::{parameter, sse};

const FIRST: &str =
    r#"<p id="before">before</p><div id="target"><b>first content</b></div><p id="after">after</p>"#;

/// The consumer of `?topic=` swaps as `?style=` says (a value of `hx-swap`) into `?target=`, by default
/// `#target` inside `#arena`, which belongs to the server.
#[component]
pub fn Swap() -> impl IntoView {
    let style = parameter("style", "innerHTML");
    let (swap, trouble) = match style.parse::<SwapSpec>() {
        Ok(swap) => (swap, None),
        Err(error) => (SwapSpec::default(), Some(error.to_string())),
    };
    view! {
        <h1>"Swap"</h1>
        <p>"Style: " <code id="style">{style}</code></p>
        <p id="trouble">{trouble}</p>
        <SseSource connect=sse(&parameter("topic", "swap")) id="source">
            <div id="arena" inner_html=FIRST></div>
            <SseSwap id="consumer" swap target=parameter("target", "#target")/>
        </SseSource>
    }
}
