//! `coalesce`: one swap a frame, where only the last can be seen. DIFFERENCE: htmx swaps each message in.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted};
use super::fake_console::FakeConsole;
use super::fake_event_source::FakeEventSource;
use super::{eventually, find, pause, record};
use crate::{SseSource, SseSwap, SwapStyle};

const EVENTS: [&str; 4] = [
    "htmx:sseBeforeMessage",
    "htmx:sseMessage",
    "htmx:afterSwap",
    "htmx:sseClose",
];

/// What of the events' names is not the same for all.
fn short(heard: &[String]) -> String {
    let short = heard.iter().map(|name| match name.as_str() {
        "htmx:sseBeforeMessage" => 'b',
        "htmx:sseMessage" => 'm',
        "htmx:afterSwap" => 's',
        _ => 'c',
    });
    short.collect()
}

#[wasm_bindgen_test]
async fn the_last_one_of_a_frame_is_swapped_in_and_all_are_announced() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/frame"><SseSwap tag="p" event="x" coalesce=true/></SseSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &EVENTS);
    fake.open();
    for data in ["1", "2", "<b>3</b>"] {
        fake.say("x", data, "");
    }
    assert_eq!(html(&find(&stage, "p")), "");
    eventually(|| html(&find(&stage, "p")) == "<b>3</b>").await;
    assert_eq!(short(&heard.borrow()), "bbmbmsm");
    // The next frame is another one.
    fake.say("x", "4", "");
    eventually(|| html(&find(&stage, "p")) == "4").await;
    pause(150).await;
    assert_eq!(short(&heard.borrow()), "bbmbmsmbsm");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_page_without_frames_shows_the_last_one_all_the_same() {
    let fake = FakeEventSource::install();
    js_sys::eval("window.__frame = requestAnimationFrame; window.requestAnimationFrame = () => 0").unwrap();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/hidden"><SseSwap tag="p" event="x" coalesce=true/></SseSource> }
    })
    .await;
    fake.open();
    fake.say("x", "1", "");
    fake.say("x", "2", "");
    eventually(|| html(&find(&stage, "p")) == "2").await;
    js_sys::eval("window.requestAnimationFrame = window.__frame").unwrap();
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_waits_is_on_the_page_before_it_is_told_that_the_stream_has_ended() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/ends"><SseSwap tag="p" event="x" coalesce=true/></SseSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &EVENTS);
    fake.open();
    fake.say("x", "1", "");
    fake.say("ll:close", "", "");
    assert_eq!(html(&find(&stage, "p")), "1");
    assert_eq!(short(&heard.borrow()), "bsmc");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_waits_is_not_lost_with_its_component() {
    let fake = FakeEventSource::install();
    let is_there = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/goes">
                <output id="coalesced"></output>
                <Show when=move || is_there.get()>
                    <SseSwap tag="p" event="x" target="#coalesced" coalesce=true/>
                </Show>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("x", "1", "");
    is_there.set(false);
    eventually(|| html(&find(&stage, "output")) == "1").await;
    assert!(stage.query_selector("p").unwrap().is_none());
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_is_more_than_content_is_swapped_in_at_once_and_in_its_order() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/parts">
                <output id="elsewhere"></output>
                <SseSwap tag="p" event="x" coalesce=true/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("x", "1", "");
    fake.say("x", r#"2<i id="elsewhere" hx-swap-oob="innerHTML">part</i>"#, "");
    assert_eq!(html(&find(&stage, "p")), "2");
    assert_eq!(html(&find(&stage, "output")), "part");
    // CON-19: an empty message leaves the target alone, and so does not take the place of another one.
    fake.say("x", "3", "");
    fake.say("x", "", "");
    assert_eq!(html(&find(&stage, "p")), "3");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_style_that_keeps_what_was_there_is_refused_and_loses_nothing() {
    let fake = FakeEventSource::install();
    let console = FakeConsole::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/appends">
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd coalesce=true/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("x", "1", "");
    fake.say("x", "2", "");
    assert_eq!(html(&find(&stage, "p")), "12");
    let told: Vec<_> = console
        .warnings()
        .into_iter()
        .filter(|line| line.contains("coalesce"))
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("`beforeend`"), "{told:?}");
    drop(handle);
    stage.remove();
}
