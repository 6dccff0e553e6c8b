//! The first page: what this is, and all demos.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use super::{DEMOS, Group};

/// The index of demos.
#[component]
pub fn Home() -> impl IntoView {
    view! {
        <Title text="leptos-live: htmx’s live attributes as Leptos components"/>
        <header class="page">
            <h1>"Live pages, rendered on the server"</h1>
            <p class="lede">
                "What an htmx user writes as " <code>"hx-sse"</code> " or " <code>"hx-ws"</code>
                ", a Leptos user writes as a component. The server renders it, the browser hydrates it, "
                "and it goes on where the server left off: no event is missed, and none is shown twice."
            </p>
        </header>
        {Group::ALL
            .map(|group| {
                view! {
                    <section class="index" aria-label=group.title()>
                        <h2>{group.title()}</h2>
                        <ul>
                            {DEMOS
                                .into_iter()
                                .filter(|demo| demo.group == group)
                                .map(|demo| {
                                    view! {
                                        <li>
                                            <A href=demo.path>{demo.title}</A>
                                            <p>{demo.text}</p>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    </section>
                }
            })
            .into_iter()
            .collect_view()}
    }
}
