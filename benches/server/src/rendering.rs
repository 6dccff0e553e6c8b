//! Server rendering: a page of live components beside the elements that it is made of.
//!
//! Both are written as one writes views, rendered by the same call, and have the same text, byte for byte: the same elements,
//! attributes and texts.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, ensure};
use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap};

use crate::measurement::{Figures, PAGE};
use crate::scenario::Size;
use crate::server::Kind;

/// As many as the page has.
const COMPONENTS: usize = 100;

pub(crate) fn run(kind: Kind, size: Size) -> Result<Figures> {
    ensure!(live() == plain(), "the two pages differ");
    let pages = match size {
        Size::Full => 3_000,
        Size::Quick => 10,
    };
    let render = if kind == Kind::Ours { live } else { plain };
    let began = Instant::now();
    for _ in 0..pages {
        black_box(render());
    }
    Ok(vec![(
        PAGE,
        began.elapsed().as_secs_f64() * 1e6 / f64::from(pages),
    )])
}

fn live() -> String {
    page(|| {
        let swaps = |number| {
            view! {
                <SseSwap event=format!("e{number}") id=format!("e{number}")>
                    <b>{number}</b>
                </SseSwap>
            }
        };
        view! {
            <SseSource connect="/news">{(0..COMPONENTS).map(swaps).collect_view()}</SseSource>
        }
        .to_html()
    })
}

fn plain() -> String {
    page(|| {
        let elements = |number| {
            view! {
                <div hx-sse=format!("swap:e{number}") id=format!("e{number}")>
                    <b>{number}</b>
                </div>
            }
        };
        view! {
            <div hx-sse="connect:/news" data-state="idle">
                {(0..COMPONENTS).map(elements).collect_view()}
            </div>
        }
        .to_html()
    })
}

/// Renders as a server does, below an owner that ends with the page.
fn page(render: impl FnOnce() -> String) -> String {
    let owner = Owner::new();
    let html = owner.with(render);
    owner.cleanup();
    html
}
