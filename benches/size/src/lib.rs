//! Three apps that differ in what they use of the library, and in nothing else: `cargo xtask bench --only size` compares
//! their bytes.

use leptos::prelude::*;

#[cfg(feature = "everything")]
mod everything;
#[cfg(all(feature = "streams", not(feature = "everything")))]
mod streams;

/// Takes over the page that the server has rendered.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app);
}

/// What every app has: something that changes, something that is shown at times, and a list.
fn app() -> impl IntoView {
    let (count, set_count) = signal(0);
    let rows = move || {
        (0..count.get())
            .map(|row| view! { <li>{row}</li> })
            .collect_view()
    };
    view! {
        <main>
            <button on:click=move |_| set_count.update(|count| *count += 1)>{count}</button>
            <Show when=move || { count.get() > 0 }>
                <ul>{rows}</ul>
            </Show>
            {live()}
        </main>
    }
}

#[cfg(feature = "everything")]
use everything::live;
#[cfg(all(feature = "streams", not(feature = "everything")))]
use streams::live;

#[cfg(not(any(feature = "streams", feature = "everything")))]
fn live() -> impl IntoView {
    view! { <p>"nothing"</p> }
}
