//! A page of a hundred elements rendered, written in three ways, so that what a component of Leptos costs in any case can be
//! told from what ours add.

use divan::{Bencher, black_box};
use leptos::children::Children;
use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap};

const ELEMENTS: usize = 100;

fn page<V: IntoView>(bencher: Bencher<'_, '_>, view: fn() -> V) {
    bencher.bench_local(|| {
        let owner = Owner::new();
        let html = owner.with(|| view().to_html());
        owner.cleanup();
        black_box(html)
    });
}

#[divan::bench]
fn live_components(bencher: Bencher<'_, '_>) {
    page(bencher, || {
        let swap = |number| {
            view! {
                <SseSwap event=format!("e{number}") id=format!("e{number}")>
                    <b>{number}</b>
                </SseSwap>
            }
        };
        view! { <SseSource connect="/news">{(0..ELEMENTS).map(swap).collect_view()}</SseSource> }
    });
}

/// The least that has children, a name and an id.
#[component]
fn Element(event: String, id: String, children: Children) -> impl IntoView {
    view! {
        <div hx-sse=format!("swap:{event}") id=id>
            {children()}
        </div>
    }
}

#[divan::bench]
fn components_of_ones_own(bencher: Bencher<'_, '_>) {
    page(bencher, || {
        let element = |number| {
            view! {
                <Element event=format!("e{number}") id=format!("e{number}")>
                    <b>{number}</b>
                </Element>
            }
        };
        view! {
            <div hx-sse="connect:/news" data-state="idle">
                {(0..ELEMENTS).map(element).collect_view()}
            </div>
        }
    });
}

#[divan::bench]
fn plain_elements(bencher: Bencher<'_, '_>) {
    page(bencher, || {
        let element = |number| {
            view! {
                <div hx-sse=format!("swap:e{number}") id=format!("e{number}")>
                    <b>{number}</b>
                </div>
            }
        };
        view! {
            <div hx-sse="connect:/news" data-state="idle">
                {(0..ELEMENTS).map(element).collect_view()}
            </div>
        }
    });
}
