//! Mounts and unmounts many sources at the press of a button, to see whether anything stays behind.

use std::time::Duration;

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap};

use super::{parameter, sse};

const SOURCES: u32 = 100;

/// How long the sources stay: long enough for a connection to open and to carry something.
const STAY: Duration = Duration::from_millis(100);

/// A press of `#cycle` mounts a hundred sources of `?topic=` and unmounts them a moment later;
/// `#cycles` counts the presses that are through. With `?private=1` each source has a connection of its
/// own.
#[component]
pub fn Mounts() -> impl IntoView {
    let topic = parameter("topic", "mounts");
    let private = parameter("private", "0") == "1";
    let mounted = RwSignal::new(0_u32);
    let cycles = RwSignal::new(0_u32);
    let cycle = move |_| {
        if mounted.get_untracked() > 0 {
            return;
        }
        mounted.set(SOURCES);
        set_timeout(
            move || {
                let _ = mounted.try_set(0);
                // One turn later the owners of what was there have been cleaned up.
                set_timeout(
                    move || {
                        let _ = cycles.try_update(|count| *count += 1);
                    },
                    Duration::ZERO,
                );
            },
            STAY,
        );
    };
    view! {
        <h1>"Mounts"</h1>
        <button id="cycle" on:click=cycle>
            "Mount and unmount"
        </button>
        <p>"Cycles: " <output id="cycles">{cycles}</output></p>
        <p>"Mounted: " <output id="mounted">{mounted}</output></p>
        // Not a `For`, which keeps a few bytes of every row until it goes itself.
        {move || {
            (0..mounted.get())
                .map(|_| {
                    view! {
                        <SseSource connect=sse(&topic) private>
                            <SseSwap event="n">"…"</SseSwap>
                        </SseSource>
                    }
                })
                .collect_view()
        }}
    }
}
