//! The attribute languages, as they are read once for each element of a page.

use divan::black_box;
use leptos_live::grammar::{Filter, SseSpec, SwapSpec, Target, TriggerList};

#[divan::bench]
fn hx_sse() -> bool {
    black_box("connect:/news swap:headline swap:ticker")
        .parse::<SseSpec>()
        .is_ok()
}

#[divan::bench]
fn hx_swap() -> bool {
    black_box("beforeend swap:100ms settle:1s scroll:bottom")
        .parse::<SwapSpec>()
        .is_ok()
}

#[divan::bench]
fn hx_target() -> bool {
    black_box("closest li").parse::<Target>().is_ok()
}

#[divan::bench]
fn hx_trigger() -> bool {
    let text = "sse:news[detail.data != ''] delay:1s, click once from:closest form, every 1m";
    black_box(text).parse::<TriggerList>().is_ok()
}

#[divan::bench]
fn filter() -> bool {
    black_box("ctrlKey && (detail.count > 2 || !detail.done)")
        .parse::<Filter>()
        .is_ok()
}
