//! How the things that the feeds talk about look on a page.

use leptos::prelude::*;
use leptos_live::server::Fragment;

use super::data::{Item, haiku};
use super::dice::between;

/// A thing, and the name of the event that brings it.
pub(crate) fn card(item: &Item, event: Option<&str>) -> Fragment {
    let Item { kind, title, details } = item.clone();
    let event = event.unwrap_or("(none)").to_owned();
    Fragment::render(move || {
        let details = details.into_iter().map(|detail| view! { <p>{detail}</p> });
        view! {
            <div class="item">
                <p class="title">
                    <b>{kind.label()} ":"</b>
                    " "
                    {title}
                </p>
                {details.collect_view()}
                <p class="event">"event: " {event}</p>
            </div>
        }
    })
}

/// The page that triggers fetch: two random numbers and a poem.
pub(crate) fn random_page() -> Fragment {
    let (one, two) = (between(0, 1_000_000), between(0, 1_000_000));
    let lines = haiku();
    Fragment::render(move || {
        view! {
            <div class="item">
                <p class="title">{one} " and " {two}</p>
                <p class="poem">{lines.map(|line| view! { {line} <br/> }).into_iter().collect_view()}</p>
            </div>
        }
    })
}
