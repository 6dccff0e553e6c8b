//! Streams that have an end.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{html, mounted};
use super::fake_fetch::FakeFetch;
use super::{click, eventually, find, pause, quickly, record, state};
use crate::{CloseReason, SseSource, SseSwap, StreamRequest, SwapSpec, SwapStyle};

#[wasm_bindgen_test]
async fn ss4_02_ss4_22_an_end_is_the_end_only_of_what_is_finite() {
    for is_finite in [false, true] {
        let fake = FakeFetch::install();
        let reason = RwSignal::new(None);
        let (stage, handle) = mounted(move || {
            let request = StreamRequest::post();
            let request = if is_finite { request.finite() } else { request };
            view! {
                <SseSource
                    connect="/ends"
                    request
                    retry=quickly()
                    on_close=move |found: CloseReason| reason.set(Some(found))
                >
                    <SseSwap tag="p" swap=SwapStyle::BeforeEnd/>
                </SseSource>
            }
        })
        .await;
        let (heard, _listeners) = record(&stage, &["htmx:sseError", "htmx:sseClose"]);
        // A loss is one in either case.
        fake.open().await;
        fake.say("id: 1\ndata: a\n\n").await;
        fake.break_off().await;
        eventually(|| fake.count() == 2).await;
        assert_eq!(fake.last_header("last-event-id").as_deref(), Some("1"));
        assert_eq!(
            heard.borrow_mut().drain(..).collect::<Vec<_>>(),
            ["htmx:sseError"]
        );
        fake.open().await;
        fake.say("data: b\n\ndata: not complete").await;
        fake.end().await;
        assert_eq!(html(&find(&stage, "p")), "ab");
        if is_finite {
            pause(20).await;
            assert_eq!((fake.count(), state(&stage)), (2, "closed".to_owned()));
            assert_eq!(reason.get_untracked(), Some(CloseReason::EndedByServer));
            assert_eq!(*heard.borrow(), ["htmx:sseClose"]);
        } else {
            eventually(|| fake.count() == 3).await;
            assert_eq!((reason.get_untracked(), heard.borrow().len()), (None, 0));
        }
        drop(handle);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn need_21_every_character_of_a_token_stream_is_kept() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        // A token may be a blank and nothing else, which is content here.
        let swap: SwapSpec = "beforeend swapEmpty:true".parse().unwrap();
        view! {
            <SseSource connect="/tokens" request=StreamRequest::post().body("prompt").finite()>
                <SseSwap tag="pre" swap/>
            </SseSource>
        }
    })
    .await;
    fake.open().await;
    for token in ["fn", "  main", " ", "()", "\n", "\n  ", "1 &lt; 2"] {
        let data: Vec<_> = token.split('\n').map(|line| format!("data: {line}\n")).collect();
        fake.say(&format!("{}\n", data.concat())).await;
    }
    let shown = find::<Element>(&stage, "pre").text_content().unwrap();
    assert_eq!(shown, "fn  main ()\n\n  1 < 2");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_34_a_finite_stream_is_replaced_by_the_next_and_has_nothing_to_do_with_it() {
    let fake = FakeFetch::install();
    let prompt = RwSignal::new("one".to_owned());
    let (stage, handle) = mounted(move || {
        let request = StreamRequest::post().body(move || prompt.get()).finite();
        view! {
            <button id="ss4-34">"ask"</button>
            <SseSource connect="/prompt" request connect_on="click from:#ss4-34">
                <SseSwap tag="p" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    for (text, ends) in [("one", false), ("two", true), ("three", true)] {
        prompt.set(text.to_owned());
        click(&stage, "button");
        pause(0).await;
        assert_eq!(fake.field("body").as_deref(), Some(text));
        assert_eq!(fake.last_header("last-event-id"), None, "{text}");
        fake.open().await;
        fake.say(&format!("id: {text}\ndata: {text}\n\n")).await;
        if ends {
            fake.end().await;
            assert_eq!(state(&stage), "closed");
        }
    }
    assert_eq!(
        (fake.count(), html(&find(&stage, "p"))),
        (3, "onetwothree".to_owned())
    );
    drop(handle);
    stage.remove();
}
