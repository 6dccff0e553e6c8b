//! Streams: resuming, failing, swapping, closing.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_event_source::FakeEventSource;
use super::{at, end, eventually, find, live, pause, record, stage, text};
use crate::browser::listener::Listener;
use crate::browser::{processing, processors};

const CONNECTING: u32 = 0;
const CLOSED: u32 = 2;

#[wasm_bindgen_test]
async fn sse_03_ssw_01_a_named_message_is_swapped() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/sw?a=b swap:x"></div>"#).await;
    assert_eq!(fake.urls(), ["/sw?a=b"]); // SSE-05, SSE-16
    let (heard, _listeners) = record(
        &stage,
        &[
            "htmx:sseOpen",
            "htmx:sseBeforeMessage",
            "htmx:sseMessage",
            "htmx:afterSwap",
        ],
    );
    fake.open();
    fake.say("x", "<b>1</b>", "");
    fake.say("X", "<b>2</b>", "");
    assert_eq!(text(&stage, "div b"), "1");
    assert_eq!(
        *heard.borrow(),
        [
            "htmx:sseOpen",
            "htmx:sseBeforeMessage",
            "htmx:afterSwap",
            "htmx:sseMessage"
        ] // SET-09
    );
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn act_09_order_never_matters() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="swap:x connect:/order"></div>"#).await;
    fake.say("x", "1", "");
    assert_eq!(text(&stage, "div"), "1");
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_05_a_filter_reads_the_message() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/filter"><p hx-trigger="sse:n[detail.data == 'yes'], sse:n[data == 'also']"></p></div>"#,
    )
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    for (data, expected) in [("no", 0), ("yes", 1), ("also", 2), ("", 2)] {
        fake.say("n", data, "");
        assert_eq!(heard.borrow().len(), expected, "{data}");
    }
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_12_parts_of_a_message_are_placed_also_when_its_target_goes() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/parts"><p hx-sse="swap:x" hx-swap="delete"></p></div><i id="ssw12"></i>"#,
    )
    .await;
    fake.say(
        "x",
        r#"<template><b id="ssw12" hx-swap-oob="true">new</b></template>"#,
        "",
    );
    assert!(stage.query_selector("p").unwrap().is_none());
    assert_eq!(text(&stage, "b"), "new");
    end(&stage);
    // A template goes with the parts that it carried; another one is content.
    let stage = live(r#"<div hx-sse="connect:/carried swap:x"></div><i id="ssw12"></i>"#).await;
    let payload =
        r#"<p>1</p><template><b id="ssw12" hx-swap-oob="true">2</b></template><template>3</template>"#;
    fake.say("x", payload, "");
    pause(60).await;
    assert_eq!(
        stage.inner_html(),
        r#"<div hx-sse="connect:/carried swap:x" data-state="connecting"><p>1</p><template>3</template></div><b id="ssw12">2</b>"#
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssr_11_our_stream_is_reopened_from_the_last_position() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/resume swap:x"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("x", "4", &at(4));
    // Of a name that nobody consumes, the heartbeat tells.
    fake.say("ll:heartbeat", &at(9), &at(9));
    fake.fail(CONNECTING);
    assert_eq!(fake.alive(), 0);
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(fake.urls()[1], format!("/resume?last-event-id={}", at(9)));
    end(&stage);
}

#[wasm_bindgen_test]
async fn decision_3_a_strangers_stream_is_left_to_the_browser() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/stranger swap:x"></div>"#).await;
    fake.open();
    fake.say("x", "1", &at(1)); // an id that looks like ours says nothing by itself
    fake.fail(CONNECTING);
    assert_eq!(
        find::<Element>(&stage, "div")
            .get_attribute("data-state")
            .unwrap(),
        "reconnecting"
    );
    fake.open();
    fake.say("x", "1 again", &at(1));
    assert_eq!(text(&stage, "div"), "1 again");
    pause(600).await;
    assert_eq!((fake.urls().len(), fake.alive()), (1, 1));
    // SSR-05: once the browser has given up, it is ours to try.
    fake.fail(CLOSED);
    eventually(|| fake.urls().len() == 2).await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_18_a_message_named_error_is_a_message() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/named swap:error swap:open"></div>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:sseError", "htmx:sseOpen"]);
    fake.open();
    fake.say("error", "e", "");
    assert_eq!(text(&stage, "div"), "e");
    fake.say("open", "o", "");
    assert_eq!((text(&stage, "div"), heard.borrow().len()), ("o".to_owned(), 1));
    end(&stage);
}

#[wasm_bindgen_test]
async fn r07_a_gap_is_told_to_those_who_lost_something() {
    let fake = FakeEventSource::install();
    let stage = live(&format!(
        r#"<div hx-sse="connect:/gap swap:x" hx-swap="beforeend" data-position="{}"></div>"#,
        at(40)
    ))
    .await;
    let (heard, _listeners) = record(&stage, &["live:gap"]);
    fake.open();
    let new = |offset: u64| format!("0000000000000002-{offset}");
    fake.say("ll:heartbeat", &new(0), &new(0));
    fake.say("ll:gap", &format!("epoch {} {}", new(0), at(40)), &new(0));
    fake.say("ll:snapshot", &new(2), "");
    fake.say("x", "a", &new(1));
    fake.say("x", "b", &new(2));
    fake.say("ll:live", &new(2), &new(2));
    fake.say("x", "b", &new(2));
    assert_eq!((text(&stage, "div"), heard.borrow().len()), ("ab".to_owned(), 1));
    end(&stage);
}

#[wasm_bindgen_test]
async fn r12_a_server_that_is_cut_off_is_shown_until_it_is_back_or_another_one_answers() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/upstream swap:x"></div>"#).await;
    let (heard, _listeners) = record(&stage, &["live:upstream"]);
    let source = find::<Element>(&stage, "div");
    let shown = || source.get_attribute("data-upstream");
    fake.open();
    fake.say("ll:heartbeat", &at(1), &at(1));
    fake.say("ll:upstream", "down", "");
    fake.say("ll:upstream", "down", "");
    assert_eq!((shown().as_deref(), heard.borrow().len()), (Some("down"), 1));
    fake.say("ll:upstream", "up", "");
    assert_eq!((shown(), heard.borrow().len()), (None, 2));
    fake.say("ll:upstream", "down", "");
    fake.say("ll:upstream", "sideways", "");
    assert_eq!(shown().as_deref(), Some("down"));
    // What the next process knows it says itself.
    fake.fail(0);
    assert_eq!(shown(), None);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssx_04_swapping_the_source_away_closes_it() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/gone swap:x" hx-swap="outerHTML"></div>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:sseClose"]);
    fake.open();
    fake.say("x", "<i>bye</i>", ""); // SSW-20
    assert_eq!((fake.alive(), heard.borrow().len()), (0, 1));
    assert_eq!(
        stage.inner_html(),
        r#"<i class="htmx-added htmx-settling">bye</i>"#
    );
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssw_19_what_is_swapped_in_is_live() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/in"><p hx-sse="swap:a" hx-swap="outerHTML">0</p></div>"#).await;
    fake.say("a", r#"<p hx-sse="swap:b" hx-swap="outerHTML">1</p>"#, "");
    fake.say("a", "<p>wrong</p>", "");
    fake.say("b", "<p>2</p>", "");
    assert_eq!(text(&stage, "p"), "2");
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_23_a_listener_can_refuse_a_message() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/veto swap:x">0</div>"#).await;
    let refusing = Listener::add(&stage, "htmx:sseBeforeMessage", |event: CustomEvent| {
        // The detail is the message event itself (SSV-03).
        let data = js_sys::Reflect::get(&event.detail(), &"data".into()).unwrap();
        if data == "no" {
            event.prevent_default();
        }
    });
    fake.say("x", "no", "");
    assert_eq!(text(&stage, "div"), "0");
    fake.say("x", "yes", "");
    assert_eq!(text(&stage, "div"), "yes");
    drop(refusing);
    end(&stage);
}

#[wasm_bindgen_test]
async fn closing_inside_an_event_is_safe() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/inside swap:x swap:y"><p hx-sse="swap:x">0</p></div>"#).await;
    let inner = stage.clone();
    let closing = Listener::on(&stage, "htmx:sseMessage", move |_| end(&inner));
    fake.say("x", "1", "");
    assert_eq!(fake.alive(), 0);
    drop(closing);
    let stage = live(r#"<div hx-sse="connect:/inside2 swap:x"></div>"#).await;
    let inner = stage.clone();
    let closing = Listener::on(&stage, "htmx:sseError", move |_| end(&inner));
    fake.fail(CLOSED);
    assert_eq!(fake.alive(), 0);
    drop(closing);
}

#[wasm_bindgen_test]
async fn sst_06_sst_07_sst_08_a_trigger_without_a_verb() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/naked" hx-trigger="sse:n"><p hx-trigger="sse:n once, sse:m"></p></div>"#,
    )
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:trigger", "sse:n", "htmx:sseMessage"]);
    fake.say("n", "1", "");
    // The outer element is triggered once, although the inner one's event bubbles through it.
    let triggered = heard
        .borrow()
        .iter()
        .filter(|name| *name == "htmx:trigger")
        .count();
    assert_eq!(triggered, 2, "{:?}", heard.borrow());
    fake.say("n", "2", "");
    fake.say("m", "3", "");
    let triggered = heard
        .borrow()
        .iter()
        .filter(|name| *name == "htmx:trigger")
        .count();
    assert_eq!(triggered, 4);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_12_a_consumer_without_a_source_is_told() {
    processing::enter_streams();
    let stage = stage(r#"<p hx-sse="swap:x"></p>"#);
    let (heard, _listeners) = record(&stage, &["htmx:noSSESourceError"]);
    processors::process(&stage);
    assert_eq!(heard.borrow().len(), 1);
    stage.remove();
}
