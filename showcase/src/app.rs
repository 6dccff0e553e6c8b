//! The whole site: the document around it, its layout, and which page stands at which path.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{A, Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::location::RequestUrl;
use leptos_router::path;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::demos::{self, DEMOS, Demo, Group};
use crate::program::Program;
use crate::site_footer::SiteFooter;
use crate::testkit;
use crate::visit::visit;

/// Whether the page is one for measuring, which has nothing that the others' pages do not have: a browser runs no script
/// before it has the styles.
fn is_bare() -> bool {
    use_context::<RequestUrl>().is_some_and(|url| url.as_ref().contains("/bench/"))
}

/// The document that the server sends.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let css = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-visit=visit()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="description" content="htmx's live attributes as Leptos components, shown on real streams."/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {(!is_bare()).then(|| view! { <link rel="stylesheet" href=css/> })}
                <AutoReload options=options.clone()/>
                <Program options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The site.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="leptos-live"/>
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=path!("") view=Layout>
                    <Route path=path!("") view=demos::Home/>
                    <Route path=path!("simple") view=demos::Simple/>
                    <Route path=path!("multiple") view=demos::Multiple/>
                    <Route path=path!("multichannel") view=demos::Multichannel/>
                    <Route path=path!("triggers") view=demos::Triggers/>
                    <Route path=path!("target") view=demos::Target/>
                    <Route path=path!("settling") view=demos::Settling/>
                    <Route path=path!("out-of-band") view=demos::OutOfBand/>
                    <Route path=path!("table") view=demos::Table/>
                    <Route path=path!("morph") view=demos::Morph/>
                    <Route path=path!("answer") view=demos::Answer/>
                    <Route path=path!("echo") view=demos::Echo/>
                    <Route path=path!("heartbeat") view=demos::Heartbeat/>
                    <Route path=path!("reconnect") view=demos::Reconnect/>
                    <Route path=path!("chat") view=demos::Chat/>
                    <Route path=path!("dashboard") view=demos::Dashboard/>
                    <Route path=path!("log") view=demos::RequestLog/>
                </ParentRoute>
                <ParentRoute path=path!("testkit") view=testkit::Bare>
                    <Route path=path!("sequence") view=testkit::Sequence/>
                    <Route path=path!("session") view=testkit::Session/>
                    <Route path=path!("mounts") view=testkit::Mounts/>
                    <Route path=path!("components") view=testkit::Components/>
                    <Route path=path!("two") view=testkit::Two/>
                    <Route path=path!("reactive") view=testkit::Reactive/>
                    <Route path=path!("late") view=testkit::Late/>
                    <Route path=path!("raw") view=testkit::Raw/>
                    <Route path=path!("spread") view=testkit::Spread/>
                    <Route path=path!("swap") view=testkit::Swap/>
                    <Route path=path!("form") view=testkit::Form/>
                    <Route path=path!("blank") view=testkit::Blank/>
                    <Route path=path!("hostile") view=testkit::Hostile/>
                    <Route path=path!("slow") view=testkit::Slow/>
                    <Route path=path!("oracle") view=testkit::Oracle/>
                </ParentRoute>
                <ParentRoute path=path!("bench") view=Outlet>
                    <Route path=path!("one") view=testkit::BenchOne/>
                    <Route path=path!("mounts") view=testkit::BenchMounts/>
                    <Route path=path!("many") view=testkit::BenchMany/>
                    <Route path=path!("list") view=testkit::BenchList/>
                    <Route path=path!("ws-in") view=testkit::BenchWsIn/>
                    <Route path=path!("ws-send") view=testkit::BenchWsSend/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What stands around every page of the site; it stays when the page changes.
#[component]
fn Layout() -> impl IntoView {
    let main = NodeRef::<leptos::html::Main>::new();
    let path = use_location().pathname;
    // Whoever cannot see that the page has changed is put where the new one begins.
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if let (true, Some(main)) = (before.is_some_and(|before| before != path), main.get_untracked()) {
            let _ = main.focus();
        }
        show_link(&path);
        path
    });
    view! {
        <div class="site-frame">
            <a class="skip" href="#main">"Skip to the page"</a>
            <header class="site">
                <A href="/" exact=true attr:class="brand">
                    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                        <path d="M5 23c6 0 6-14 11-14s5 14 11 14"></path>
                        <circle cx="27" cy="23" r="3"></circle>
                    </svg>
                    "leptos-live"
                </A>
                <nav aria-label="Demos">
                    {Group::ALL
                        .map(|group| {
                            view! {
                                <p class="group">{group.title()}</p>
                                <ul>
                                    {DEMOS
                                        .into_iter()
                                        .filter(|demo| demo.group == group)
                                        .map(link)
                                        .collect_view()}
                                </ul>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                </nav>
            </header>
            <main id="main" tabindex="-1" node_ref=main>
                <Outlet/>
            </main>
            <SiteFooter/>
        </div>
    }
}

/// Brings the link of this page into sight, where the navigation is a line that scrolls.
fn show_link(path: &str) {
    let link = document().query_selector(&format!("nav a[href='{path}']"));
    if let Ok(Some(link)) = link {
        let options = ScrollIntoViewOptions::new();
        options.set_inline(ScrollLogicalPosition::Center);
        options.set_block(ScrollLogicalPosition::Nearest);
        link.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn link(demo: &'static Demo) -> impl IntoView {
    view! {
        <li>
            <A href=demo.path exact=true>
                {demo.title}
            </A>
        </li>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found · leptos-live"/>
        <main id="main" class="lost">
            <h1>"Nothing here"</h1>
            <p>
                "No page of this site has that address. "
                <a href="/">"All demos"</a>
            </p>
        </main>
    }
}
