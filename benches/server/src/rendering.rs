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
    let page = || {
        let swaps = (0..COMPONENTS)
            .map(|number| {
                view! {
                    <SseSwap event=format!("e{number}") id=format!("e{number}")>
                        <b>{number}</b>
                    </SseSwap>
                }
            })
            .collect_view();
        view! { <SseSource connect="/news">{swaps}</SseSource> }.to_html()
    };
    let owner = Owner::new();
    let html = owner.with(page);
    owner.cleanup();
    html
}

fn plain() -> String {
    let page = || {
        let elements = (0..COMPONENTS)
            .map(|number| {
                view! {
                    <div hx-sse=format!("swap:e{number}") id=format!("e{number}")>
                        <b>{number}</b>
                    </div>
                }
            })
            .collect_view();
        view! { <div hx-sse="connect:/news" data-state="idle">{elements}</div> }.to_html()
    };
    let owner = Owner::new();
    let html = owner.with(page);
    owner.cleanup();
    html
}
