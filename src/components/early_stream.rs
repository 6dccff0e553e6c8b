//! What a source's inline script has to know of those inside it, and the script itself: see `browser/connection/early.rs`.
//!
//! All of this happens while a page is rendered on the server, and nothing of it in a browser.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyView;

use super::address::Address;
use super::server_part::with_server_part;
use crate::browser::connection::early;
use crate::browser::connection::stream_address::StreamAddress;
use crate::browser::page;
use crate::browser::table::Table;
use crate::grammar::{TriggerEvent, TriggerList};
use crate::wire::Position;

/// What the text of an `hx-trigger` says; nothing if it says nothing sensible, which is reported in the browser.
pub(super) fn read(triggers: Option<&str>) -> TriggerList {
    triggers.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Names that an `EventSource` cannot tell from its own events, or does not know at all.
const UNHEARD: [&str; 3] = ["*", "error", "open"];

/// A browser does not honour the nonce of a script that has one of these in an attribute, as it may be another script whose
/// beginning was swallowed (CSP 3, "Is element nonceable?").
const WITHOUT_NONCE: [&str; 2] = ["<script", "<style"];

fn costs_the_nonce(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    WITHOUT_NONCE.iter().any(|mark| value.contains(mark))
}

/// The stream that the script of the source around opens; none where there is no script.
#[derive(Clone, Debug, Default)]
pub(super) struct EarlyStream(Option<Arc<Mutex<Names>>>);

#[derive(Debug, Default)]
struct Names {
    heard: Table<String, ()>,
    /// Those of them that may change what stands elsewhere in the page.
    elsewhere: Table<String, ()>,
}

impl Names {
    fn hear(&mut self, name: &str, reach: Reach) {
        // Most are known: a list has many rows and few names.
        if !self.heard.contains(name) {
            self.heard.insert(name.to_owned(), ());
        }
        if reach == Reach::Elsewhere && !self.elsewhere.contains(name) {
            self.elsewhere.insert(name.to_owned(), ());
        }
    }
}

/// What an event may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The content of its region alone, by nothing but `innerHTML`.
    Plain,
    /// Its region, or nothing of the page before the program has answered.
    Own,
    /// Any place.
    Elsewhere,
}

impl EarlyStream {
    /// That of a source. A page that forbids inline scripts has none: where Leptos has no nonce, nothing is known of the
    /// page's policy, or what is rendered is no page.
    pub(super) fn of_source(is_wanted: bool, connect: &Address) -> Self {
        // What an address is relative to is known in the browser alone.
        let is_absolute = || {
            let url = connect.get_untracked();
            url.starts_with('/') || url.contains(':')
        };
        let is_there = is_wanted && !page::is_browser() && is_absolute() && use_nonce().is_some();
        Self(is_there.then(Arc::default))
    }

    /// Hears these names, and returns what is written on a region that the script may swap.
    pub(super) fn hear<'a>(&self, names: impl IntoIterator<Item = &'a str>, reach: Reach) -> Option<String> {
        let mut known = self.names()?;
        // They are found as words of an attribute.
        let mut words = (reach == Reach::Plain).then(String::new);
        for name in names {
            known.hear(name, reach);
            words = words.filter(|_| !name.contains(char::is_whitespace));
            if let Some(words) = &mut words {
                words.push_str(if words.is_empty() { "" } else { " " });
                words.push_str(name);
            }
        }
        words
    }

    /// Hears what triggers something.
    pub(super) fn hear_triggers(&self, list: impl FnOnce() -> TriggerList) {
        if self.0.is_none() {
            return;
        }
        let triggers = list().0.into_iter();
        let names = triggers.filter_map(|trigger| match trigger.event {
            TriggerEvent::Sse(name) => Some(name),
            _ => None,
        });
        for name in names {
            self.hear([name.as_str()], Reach::Own);
        }
    }

    fn names(&self) -> Option<MutexGuard<'_, Names>> {
        let names = self.0.as_ref()?;
        Some(names.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The script, which is rendered after the content of the source, and so knows whom that has brought.
    pub(super) fn script(
        self,
        address: impl FnOnce() -> StreamAddress,
        from: Option<Position>,
    ) -> Option<AnyView> {
        if page::is_browser() || self.0.is_none() {
            return None;
        }
        let address = address();
        let nonce = use_nonce().map(|nonce| nonce.to_string());
        let script = move || {
            let names = self.names()?;
            let is_unfit = |name: &String| UNHEARD.contains(&name.as_str()) || costs_the_nonce(name);
            let address_at = address.resuming_at(from, false);
            if names.heard.iter().any(|(name, ())| is_unfit(name)) || costs_the_nonce(&address_at) {
                return None;
            }
            let lines = |names: &Table<String, ()>| {
                let names = names.iter().map(|(name, ())| name.as_str());
                names.collect::<Vec<_>>().join("\n")
            };
            let elsewhere = Some(lines(&names.elsewhere)).filter(|names| !names.is_empty());
            let written = leptos::html::script()
                .attr("nonce", nonce.clone())
                .attr("data-u", address_at)
                .attr("data-w", address.with_credentials.then_some(""))
                .attr("data-n", lines(&names.heard))
                .attr("data-k", elsewhere.map(|names| format!("\n{names}\n")))
                .inner_html(early::script());
            Some(written)
        };
        Some(script.into_any())
    }
}

/// The content of a source with the script at its end, where hydration does not look.
pub(super) fn followed_by_script<C: IntoView>(content: C, script: Option<AnyView>) -> impl IntoView {
    // Where Leptos erases types, it ends the children of an element by a comment, and hydration wants it before anything
    // that it does not know of; elsewhere it is one comment more that nobody looks at.
    with_server_part(content, script, |content, script| (content, (), script))
}

// Leptos makes nonces on servers alone.
#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use std::sync::Arc;

    use leptos::nonce::Nonce;
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::grammar::SelectOob;
    use crate::wire::{Epoch, LiveRenderSource, Position, RenderSource};
    use crate::{EventNames, SseSource, SseSwap, SseTrigger, StreamRequest, SwapStyle, WsSend};

    struct Head;

    impl RenderSource for Head {
        fn head(&self) -> Position {
            Position {
                epoch: Epoch(1),
                offset: 7,
            }
        }
    }

    /// A page as leptos_axum renders it.
    fn page<V: IntoView>(view: impl FnOnce() -> V) -> String {
        rendered(|| {
            provide_context(Nonce::from_value("AAAAAAAAAAAAAAAAAAAAAA"));
            provide_context(LiveRenderSource(Arc::new(Head)));
            view()
        })
    }

    fn has_script<V: IntoView>(view: impl FnOnce() -> V) -> bool {
        page(view).contains("<script")
    }

    #[test]
    fn the_script_stands_at_the_end_of_its_source_and_is_small() {
        let html = page(|| {
            view! {
                <SseSource connect="/news">
                    <SseSwap event=["headline", "ticker"]>"none yet"</SseSwap>
                </SseSource>
            }
        });
        let (before, script) = html.split_at(html.find("<script").unwrap());
        assert_eq!(
            before,
            r#"<div hx-sse="connect:/news" data-state="idle" data-position="0000000000000001-7"><div hx-sse="swap:headline swap:ticker" data-early="headline ticker">none yet</div>"#
        );
        let data = "<script nonce=\"AAAAAAAAAAAAAAAAAAAAAA\" data-u=\"/news?last-event-id=0000000000000001-7\" data-n=\"headline\nticker\">{";
        assert!(script.starts_with(data), "{script}");
        assert!(script.ends_with("}</script></div>"), "{script}");
        let length = script.len() - "</div>".len();
        assert!(length <= 1024, "{length} bytes");
    }

    #[test]
    fn every_name_is_heard_and_plain_regions_alone_are_marked() {
        let html = page(|| {
            let parts = "#log".parse::<SelectOob>().unwrap();
            view! {
                <SseSource connect="https://x.example/?a&b" with_credentials=true>
                    <SseSwap event="plain"/>
                    <SseSwap event="list" swap=SwapStyle::BeforeEnd/>
                    <SseSwap event="asked" on_before_swap=|_| true/>
                    <SseSwap event="part" select=".x"/>
                    <SseSwap event="there" target="#t"/>
                    <SseSwap event="parts" select_oob=parts/>
                    <SseTrigger event="order" trigger="click, sse:other delay:1s" get="/totals"/>
                    <WsSend trigger="sse:sent">"Send"</WsSend>
                    {move || view! { <SseSwap event="late"/> }}
                </SseSource>
            }
        });
        let data = "data-u=\"https://x.example/?a&amp;b\" data-w=\"\" data-n=\"asked\nlate\nlist\norder\nother\npart\nparts\nplain\nsent\nthere\" data-k=\"\nparts\nthere\n\">";
        assert!(html.contains(data), "{html}");
        assert_eq!(html.matches(" data-early=").count(), 2, "{html}");
        assert!(html.contains(r#"data-early="plain""#) && html.contains(r#"data-early="late""#));
    }

    #[test]
    fn there_is_none_where_the_page_may_forbid_it() {
        let plain = || view! { <SseSource connect="/n"><SseSwap/></SseSource> };
        assert!(has_script(plain));
        assert!(!rendered(plain).contains("script"));
        assert!(!rendered(plain).contains("early"));
    }

    #[test]
    fn there_is_none_where_it_is_switched_off_or_the_source_does_not_connect_by_itself() {
        let content = || view! { <SseSwap/> };
        assert!(!has_script(
            || view! { <SseSource connect="/n" early=false>{content()}</SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="n">{content()}</SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="/n" connect_on="click">{content()}</SseSource> }
        ));
        let wanted = || Signal::from(true);
        assert!(!has_script(
            || view! { <SseSource connect="/n" connect_when=wanted()>{content()}</SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="/n" pause_when_hidden=true>{content()}</SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="/n" close_on="end">{content()}</SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="/n" on_before_connect=|()| true>{content()}</SseSource> }
        ));
        let post = StreamRequest::post();
        assert!(!has_script(
            || view! { <SseSource connect="/n" request=post>{content()}</SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="/n"><SseSwap event=EventNames::any()/></SseSource> }
        ));
        assert!(!has_script(
            || view! { <SseSource connect="/n"><SseSwap event="error"/></SseSource> }
        ));
        for name in ["<script>", "a<STYLE", "b<scripty"] {
            assert!(
                !has_script(|| view! { <SseSource connect="/n"><SseSwap event=name/></SseSource> }),
                "{name}"
            );
        }
        // What is switched off has nothing to do with what is around it.
        let html = page(|| {
            view! {
                <SseSource connect="/n"><SseSource connect="/m" early=false><SseSwap/></SseSource></SseSource>
            }
        });
        assert_eq!(
            (html.matches("<script").count(), html.contains("data-early=\"")),
            (1, false),
            "{html}"
        );
    }
}
