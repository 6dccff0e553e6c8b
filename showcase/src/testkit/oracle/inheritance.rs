//! What consumers inherit from the elements around them, and what keeps them from it.
//!
//! These are plain elements, since a component writes the attributes that it was given and no others.

use leptos::prelude::*;
use leptos_live::SseSwap;

use super::case;

pub(super) fn cases() -> Vec<AnyView> {
    vec![
        component("inherit-target-this", "this"),
        component("inherit-target-id", "#inherit-target-id-place"),
        component("inherit-target-next", "next p"),
        component("inherit-target-find", "find b"),
        swap("inherit-swap", "beforeend"),
        swap("inherit-swap-modifiers", "afterbegin settle:10ms"),
        unset(),
        disinherit("inherit-not-at-all", "*"),
        disinherit("inherit-no-target", "hx-target"),
        disinherit("inherit-no-swap", "hx-swap"),
        disinherit("inherit-neither", "hx-target hx-swap"),
        prefixed(),
        disabled(),
        far(),
    ]
}

fn place(name: &str) -> impl IntoView + use<> {
    view! { <p id=format!("{name}-place")>"place"</p> }
}

fn component(name: &'static str, target: &'static str) -> AnyView {
    let content = view! {
        <div hx-target=target>
            <SseSwap event=name id=name>
                <b>"first"</b>
            </SseSwap>
            {place(name)}
        </div>
    };
    case(name, target, content)
}

fn swap(name: &'static str, swap: &'static str) -> AnyView {
    let content = view! {
        <div hx-swap=swap>
            <SseSwap event=name id=name>
                <b>"first"</b>
            </SseSwap>
        </div>
    };
    case(name, swap, content)
}

fn unset() -> AnyView {
    let name = "inherit-unset";
    let content = view! {
        <div hx-target="#inherit-unset-place" hx-swap="beforeend">
            <div hx-sse="swap:inherit-unset" hx-target="unset" hx-swap="unset">
                <b>"first"</b>
            </div>
            {place(name)}
        </div>
    };
    case(name, "hx-target=unset, hx-swap=unset", content)
}

fn disinherit(name: &'static str, what: &'static str) -> AnyView {
    let content = view! {
        <div hx-target=format!("#{name}-place") hx-swap="beforeend" hx-disinherit=what>
            <SseSwap event=name id=name>
                <b>"first"</b>
            </SseSwap>
            {place(name)}
        </div>
    };
    case(name, what, content)
}

fn prefixed() -> AnyView {
    let content = view! {
        <div data-hx-target="next p">
            <div data-hx-sse="swap:inherit-prefixed" data-hx-swap="beforeend">
                <b>"first"</b>
            </div>
            {place("inherit-prefixed")}
        </div>
    };
    case("inherit-prefixed", "data-hx-…", content)
}

fn disabled() -> AnyView {
    let content = view! {
        <div hx-disable="">
            <div hx-sse="swap:inherit-disabled">
                <b>"first"</b>
            </div>
        </div>
    };
    case("inherit-disabled", "hx-disable", content)
}

/// The nearest wins.
fn far() -> AnyView {
    let content = view! {
        <div hx-target="#inherit-far-place" hx-swap="outerHTML">
            <div hx-swap="beforeend">
                <SseSwap event="inherit-far" id="inherit-far">
                    <b>"first"</b>
                </SseSwap>
                {place("inherit-far")}
            </div>
        </div>
    };
    case("inherit-far", "two ancestors", content)
}
