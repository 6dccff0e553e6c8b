//! The page that the oracle looks at: one case for everything that markup can say, each in a section of its own.
//!
//! The same HTML is made live by the wasm, by htmx 1.9 and by htmx 2, gets the same events, frames and clicks, and has to
//! look the same after each. So a case keeps to its section: whatever it swaps, targets or scrolls lies inside, and
//! what goes wrong in one case spoils no other. The addresses under `/oracle/` are answered by the test, not by the server.

mod contexts;
mod inheritance;
mod modifiers;
mod senders;
mod slots;
mod sources;
mod styles;
mod targets;
mod triggers;

use leptos::prelude::*;
use leptos_live::{Spelling, SseSource, WsSource};

use super::parameter;

/// All cases, inside one stream or one socket. `?spelling=extensions` asks for the attributes of htmx 2's extensions.
#[component]
pub fn Oracle() -> impl IntoView {
    let spelling = match parameter("spelling", "core").as_str() {
        "extensions" => Spelling::Extensions,
        _ => Spelling::Attributes,
    };
    view! {
        <h1>"Oracle"</h1>
        <SseSource connect="/oracle/stream" id="stream" spelling early=false>
            {styles::cases()}
            {contexts::cases()}
            {targets::cases()}
            {inheritance::cases()}
            {modifiers::cases()}
            {triggers::cases()}
            {slots::markup_cases()}
            {slots::out_of_band_cases()}
            {sources::cases()}
        </SseSource>
        // Not in the stream: htmx 2 opens a socket once for each element around it that it looks at (ACT-10).
        <WsSource connect="/oracle/socket" id="socket" spelling>
            {slots::frame_cases()}
            {senders::cases()}
        </WsSource>
    }
}

/// A case: `name` is also the name of its event and, where there is one, the id of what is swapped; `about` says in
/// the words of the markup what is special here.
fn case(name: &str, about: &str, content: impl IntoView + 'static) -> AnyView {
    view! {
        // Laid out by itself: what changes in one of hundreds leaves the others alone.
        <section data-case=name.to_owned() data-about=about.to_owned() style="contain: content">
            {content}
        </section>
    }
    .into_any()
}
