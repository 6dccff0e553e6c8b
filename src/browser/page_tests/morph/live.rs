//! What lives on elements that stay, change and leave.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::super::components::{html, mounted};
use super::super::fake_event_source::FakeEventSource;
use super::super::{end, eventually, find, live, pause, record, text};
use super::{Morphed, morph};
use crate::browser::{live_elements, processors};
use crate::{SseSource, SseSwap, SwapStyle};

/// What the swap engine does after a morph.
async fn go_on(morphed: &Morphed) {
    processors::process_these(morphed.changed.clone());
    for element in &morphed.inserted {
        processors::process(element);
    }
    pause(0).await;
}

#[wasm_bindgen_test]
async fn lif_06_what_stays_keeps_its_connection() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div id="o" hx-sse="connect:/kept swap:x">1</div><b></b>"#).await;
    fake.open();
    let owner: Element = find(&stage, "#o");
    let state = owner.get_attribute("data-state");
    assert!(state.is_some());
    // The state is the runtime's own, whatever the payload was rendered with.
    for payload in [
        r#"<div id="o" hx-sse="connect:/kept swap:x" class="c">2</div>"#,
        r#"<p><div id="o" hx-sse="connect:/kept swap:x" data-state="idle" data-position="1-1">3</div></p>"#,
    ] {
        go_on(&morph(&stage, payload)).await;
        assert_eq!(find::<Element>(&stage, "#o"), owner);
        assert_eq!(owner.get_attribute("data-state"), state);
        assert_eq!((fake.urls().len(), fake.alive()), (1, 1));
    }
    fake.say("x", "<i>4</i>", "");
    assert_eq!(text(&stage, "#o i"), "4");
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn lif_06_what_asks_for_something_else_starts_anew() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div id="o" hx-sse="connect:/before swap:x"></div>"#).await;
    let morphed = morph(&stage, r#"<div id="o" hx-sse="connect:/after swap:x"></div>"#);
    assert_eq!(morphed.changed, [find::<Element>(&stage, "#o")]);
    go_on(&morphed).await;
    assert_eq!(fake.urls(), ["/before", "/after"]);
    assert_eq!(fake.alive(), 1);
    // It does not ask for anything any more.
    go_on(&morph(&stage, r#"<div id="o"></div>"#)).await;
    assert_eq!(fake.alive(), 0);
    end(&stage);
}

#[wasm_bindgen_test]
async fn lif_06_what_hangs_on_a_source_follows_it_to_another_address() {
    let fake = FakeEventSource::install();
    let source = |address: &str| {
        format!(
            r#"<div id="o" hx-sse="connect:{address}"><p hx-sse="swap:x"></p><i hx-trigger="sse:x">1</i></div>"#
        )
    };
    let stage = live(&source("/one")).await;
    let before = live_elements::count();
    let consumer: Element = find(&stage, "p");
    go_on(&morph(&stage, &source("/two"))).await;
    assert_eq!(
        (fake.urls().len(), fake.alive(), live_elements::count()),
        (2, 1, before)
    );
    fake.say("x", "from the second", "");
    assert_eq!(
        (find::<Element>(&stage, "p"), text(&stage, "p").as_str()),
        (consumer, "from the second")
    );
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn swp_28_lif_02_what_leaves_ends_before_it_goes() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<p><i hx-sse="connect:/leaving"></i></p><p><b id="stays" hx-sse="connect:/staying"></b></p>"#,
    )
    .await;
    let before = live_elements::count();
    let (heard, _listeners) = record(&stage, &["htmx:beforeCleanupElement"]);
    morph(
        &stage,
        r#"<main><b id="stays" hx-sse="connect:/staying"></b></main>"#,
    );
    // It is heard on the stage, so it was told while it stood there; and only of the one.
    assert_eq!(*heard.borrow(), ["htmx:beforeCleanupElement"]);
    assert_eq!((live_elements::count(), fake.alive()), (before - 1, 1));
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_07_what_is_new_is_told_of() {
    let fake = FakeEventSource::install();
    let stage = live("<b>1</b>").await;
    let morphed = morph(&stage, r#"<p><i hx-sse="connect:/new"></i></p><b>1</b>"#);
    assert_eq!(morphed.inserted, [find::<Element>(&stage, "p")]);
    go_on(&morphed).await;
    assert_eq!(fake.urls(), ["/new"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_18_swp_10_a_stream_that_morphs() {
    let fake = FakeEventSource::install();
    let stage =
        live(r#"<ul hx-sse="connect:/morph swap:x" hx-swap="innerMorph"><li id="a">1</li></ul>"#).await;
    let row: Element = find(&stage, "#a");
    fake.say("x", r#"<li id="b">2</li><li id="a">3</li>"#, "");
    eventually(|| text(&stage, "ul") == r#"<li id="b">2</li><li id="a">3</li>"#).await;
    assert_eq!(find::<Element>(&stage, "#a"), row);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_18_a_components_own_element_stays_the_same() {
    let fake = FakeEventSource::install();
    let is_shown = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/own">
                <Show when=move || is_shown.get() fallback=|| view! { <i>"gone"</i> }>
                    <SseSwap tag="p" event="x" swap=SwapStyle::OuterMorph/>
                </Show>
            </SseSource>
        }
    })
    .await;
    let own: Element = find(&stage, "p");
    for number in ["1", "2"] {
        let payload = format!(r#"<p hx-sse="swap:x" hx-swap="outerMorph" title="{number}">{number}</p>"#);
        fake.say("x", &payload, "");
        assert_eq!(find::<Element>(&stage, &format!("p[title='{number}']")), own);
        assert_eq!(own.inner_html(), number);
    }
    pause(60).await;
    is_shown.set(false);
    pause(0).await;
    assert!(!html(&stage).contains("<p") && html(&stage).contains("<i>gone</i>"));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_10_what_leptos_has_built_is_not_kept() {
    // Its handlers would read signals of an owner that has ended.
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/built">
                <SseSwap tag="section" event="x" swap=SwapStyle::InnerMorph>
                    <Counter/>
                    <SseSwap tag="p" event="inner"/>
                </SseSwap>
            </SseSource>
        }
    })
    .await;
    let built: HtmlElement = find(&stage, "button");
    built.click();
    pause(0).await;
    assert_eq!(text(&stage, "button"), "1");
    let payload = r#"<button>2</button><p hx-sse="swap:inner"></p>"#;
    fake.say("x", payload, "");
    let brought: HtmlElement = find(&stage, "button");
    assert_ne!(brought, built);
    brought.click();
    // What the payload has brought is live, and kept by the next one.
    fake.say("inner", "heard", "");
    assert_eq!(text(&stage, "p"), "heard");
    fake.say("x", r#"<button>3</button><p hx-sse="swap:inner">shown</p>"#, "");
    assert_eq!(find::<HtmlElement>(&stage, "button"), brought);
    fake.say("inner", "heard again", "");
    assert_eq!(text(&stage, "p"), "heard again");
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[component]
fn Counter() -> impl IntoView {
    let count = RwSignal::new(0);
    view! { <button on:click=move |_| count.set(count.get() + 1)>{move || count.get()}</button> }
}
