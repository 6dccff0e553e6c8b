//! Pages that the test suite looks at: small, without the site around them, so that what the server
//! counts is what the page itself has opened.
//!
//! They are served only with `LEPTOS_LIVE_TESTKIT=1`; `src/docs/testkit.md` of the library says what
//! each of them promises.

mod bench;
mod blank;
mod components;
mod form;
mod hostile;
mod late;
mod mounts;
mod oracle;
mod raw;
mod reactive;
mod sequence;
mod session;
mod slow;
mod spread;
mod swap;
mod two;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_query_map;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub use bench::{BenchList, BenchMany, BenchMounts, BenchOne, BenchWsIn, BenchWsSend};
pub use blank::Blank;
pub use components::Components;
pub use form::Form;
pub use hostile::Hostile;
pub use late::Late;
pub use mounts::Mounts;
pub use oracle::Oracle;
pub use raw::Raw;
pub use reactive::Reactive;
pub use sequence::Sequence;
pub use session::Session;
pub use slow::Slow;
pub use spread::Spread;
pub use swap::Swap;
pub use two::Two;

/// What stands around the test pages: nothing.
#[component]
pub fn Bare() -> impl IntoView {
    view! {
        <Title text="Test kit · leptos-live"/>
        <main id="main" class="bare">
            <Outlet/>
        </main>
    }
}

/// A parameter of the page's address.
fn parameter(name: &str, otherwise: &str) -> String {
    use_query_map()
        .read_untracked()
        .get(name)
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| otherwise.to_owned())
}

/// The stream of a topic.
fn sse(topic: &str) -> String {
    format!(
        "/testkit/sse?topic={}",
        utf8_percent_encode(topic, NON_ALPHANUMERIC)
    )
}
