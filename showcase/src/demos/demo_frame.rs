//! What every demo has around it: its name, its counts, the buttons that disturb it, and its source.

use leptos::prelude::*;
use leptos_meta::Title;

use super::Demo;
use crate::controls::Controls;
use crate::meter::{Meter, MeterView};

/// A demo's page.
#[component]
pub fn DemoFrame(
    /// What the page says about itself.
    demo: &'static Demo,
    /// What its connections have counted.
    meter: Meter,
    /// The file that one is looking at.
    source: &'static str,
    /// Whether the ten-second outage is offered too.
    #[prop(optional)]
    with_outage: bool,
    /// The demo.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=format!("{} · leptos-live", demo.title)/>
        <header class="page">
            <h1>{demo.title}</h1>
            <p class="lede">{demo.text}</p>
            {demo
                .mirrors
                .map(|page| {
                    view! {
                        <p class="mirrors">
                            "Mirrors " <code>{page}</code> " of htmx’s test server."
                        </p>
                    }
                })}
        </header>
        <section class="stage" aria-label="The demo">
            {children()}
        </section>
        <section class="bench" aria-labelledby="bench-heading">
            <h2 id="bench-heading">"What happens"</h2>
            <MeterView meter/>
            <Controls with_outage/>
        </section>
        <section class="source" aria-labelledby="source-heading">
            <h2 id="source-heading">"Its source"</h2>
            <details>
                <summary>{format!("showcase/src/demos{}.rs", file_of(demo))}</summary>
                <pre tabindex="0" role="region" aria-label="Source code"><code>{source}</code></pre>
            </details>
        </section>
    }
}

/// The path of a page is the name of its file, but for the log's.
fn file_of(demo: &Demo) -> &'static str {
    match demo.path {
        "/log" => "/request_log",
        "/out-of-band" => "/out_of_band",
        path => path,
    }
}
