//! The footer of every page: the time on the server and how many pages are open.
//!
//! It stands in the layout, so its connection survives the change from page to page. It is a socket
//! because a browser opens at most six HTTP/1.1 connections to a server, over all its tabs: a stream
//! in every footer would bring the site to a halt with the sixth tab.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, WsSource, WsSwap};

/// What the footer says at the moment, provided by the server for each request.
#[derive(Clone, Debug)]
pub struct SiteNow {
    /// The time of day.
    pub clock: String,
    /// How many pages are open.
    pub pages: u64,
}

/// The time, as the element that a frame brings.
pub fn clock(time: &str) -> impl IntoView + use<> {
    view! { <span id="site-clock" hx-swap-oob="innerHTML">{time.to_owned()}</span> }
}

/// The number of open pages, as the element that a frame brings.
pub fn pages(count: u64) -> impl IntoView {
    view! { <span id="site-pages" hx-swap-oob="innerHTML">{in_words(count)}</span> }
}

fn in_words(count: u64) -> String {
    match count {
        1 => "1 page open".to_owned(),
        count => format!("{count} pages open"),
    }
}

/// The footer.
#[component]
pub fn SiteFooter() -> impl IntoView {
    let now = use_context::<SiteNow>();
    let time = now
        .as_ref()
        .map_or_else(|| "--:--:--".to_owned(), |now| now.clock.clone());
    let count = in_words(now.map_or(1, |now| now.pages.max(1)));
    view! {
        <footer class="site">
            <WsSource connect="/ws/site" class="now">
                <WsSwap id="site-clock" tag="span" class="clock">
                    {time}
                </WsSwap>
                " UTC · "
                <WsSwap id="site-pages" tag="span">
                    {count}
                </WsSwap>
                " · "
                <ConnectionStatus class="state"/>
            </WsSource>
            <p>"htmx’s live attributes as Leptos components. One socket feeds this line on every page."</p>
        </footer>
    }
}
