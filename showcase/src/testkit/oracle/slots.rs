//! Places for what the script brings: markup of any kind, out-of-band parts, frames of a socket.

use leptos::prelude::*;
use leptos_live::{SseSwap, WsSwap};

use super::case;

/// How many cases of each kind the script may have.
const MARKUP: usize = 60;
const OUT_OF_BAND: usize = 40;
const FRAMES: usize = 50;

/// A consumer whose payload is the case: markup that becomes live by being swapped in.
pub(super) fn markup_cases() -> Vec<AnyView> {
    numbered("markup", MARKUP, |name| {
        view! {
            <SseSwap event=name.clone() id=name>
                "nothing yet"
            </SseSwap>
        }
    })
}

/// A place with an id, and a consumer whose payload has parts for the place.
pub(super) fn out_of_band_cases() -> Vec<AnyView> {
    numbered("oob", OUT_OF_BAND, |name| {
        view! {
            <i>"before"</i>
            // Written by swaps, so Leptos must not own what is inside.
            <div id=name.clone() class="place" inner_html="<b>first</b>"></div>
            <i>"after"</i>
            <SseSwap event=name.clone() id=format!("{name}-main")>
                "main"
            </SseSwap>
        }
    })
}

/// A place for the frames of a socket.
pub(super) fn frame_cases() -> Vec<AnyView> {
    numbered("frame", FRAMES, |name| {
        view! {
            <i>"before"</i>
            <WsSwap id=name class="place">
                <b>"first"</b>
            </WsSwap>
            <i>"after"</i>
        }
    })
}

fn numbered<V: IntoView + 'static>(kind: &str, count: usize, content: impl Fn(String) -> V) -> Vec<AnyView> {
    (0..count)
        .map(|number| {
            let name = format!("{kind}-{number}");
            case(&name, "", content(name.clone()))
        })
        .collect()
}
