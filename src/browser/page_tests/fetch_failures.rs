//! Requests for streams that fail, are refused, or are let go.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element, Event};

use super::components::{html, mounted};
use super::fake_fetch::FakeFetch;
use super::{eventually, find, pause, quickly, record, state};
use crate::browser::listener::Listener;
use crate::{CloseReason, RetryPolicy, SseSource, SseSwap, StreamRequest};

#[wasm_bindgen_test]
async fn ssr_13_a_status_is_known_at_once() {
    for (status, state_after, requests, errors) in [
        (204, "closed", 1, 0),
        (401, "closed", 1, 1),
        (403, "closed", 1, 1),
        (503, "connecting", 2, 1),
    ] {
        let fake = FakeFetch::install();
        let reason = RwSignal::new(None);
        let (stage, handle) = mounted(move || {
            view! {
                <SseSource
                    connect="/status"
                    request=StreamRequest::get()
                    retry=quickly()
                    on_close=move |found: CloseReason| reason.set(Some(found))
                >
                    <SseSwap/>
                </SseSource>
            }
        })
        .await;
        let statuses = Rc::<RefCell<Vec<f64>>>::default();
        let told = Rc::clone(&statuses);
        let _listener = Listener::add(&stage, "htmx:sseError", move |event: CustomEvent| {
            let status = Reflect::get(&event.detail(), &"status".into()).unwrap();
            told.borrow_mut().push(status.as_f64().unwrap());
        });
        fake.stream(status, "text/event-stream").await;
        eventually(|| fake.count() == requests).await;
        // SS4-19
        assert_eq!(*statuses.borrow(), vec![f64::from(status); errors], "{status}");
        let expected = match status {
            204 => Some(CloseReason::EndedByServer),
            503 => None,
            refused => Some(CloseReason::Refused(refused)),
        };
        assert_eq!(reason.get_untracked(), expected);
        if state_after == "closed" {
            assert_eq!(state(&stage), state_after, "{status}");
        }
        drop(handle);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn mpt_07_an_answer_that_is_no_stream_is_a_failure() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/page" request=StreamRequest::get() retry=quickly()><SseSwap/></SseSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:sseOpen", "htmx:sseError"]);
    fake.stream(200, "text/html").await;
    eventually(|| fake.count() == 2).await;
    assert_eq!(*heard.borrow(), ["htmx:sseError"]);
    // SS4-27, CON-30: nor is one that never comes, or none at all, the end.
    fake.fail_last().await;
    eventually(|| fake.count() == 3).await;
    fake.stream(200, "text/event-stream;charset=utf-8").await;
    assert_eq!(state(&stage), "open");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_33_an_attempt_that_nobody_answers_is_aborted() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        let retry = RetryPolicy {
            connect: 30,
            ..quickly()
        };
        view! { <SseSource connect="/hole" request=StreamRequest::get() retry><SseSwap/></SseSource> }
    })
    .await;
    eventually(|| fake.count() == 2).await;
    assert_eq!(fake.alive(), 1);
    // What is open is not bounded by it.
    fake.open().await;
    pause(60).await;
    assert_eq!((fake.count(), state(&stage)), (2, "open".to_owned()));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssx_09_ss4_35_leaving_aborts_and_is_no_error() {
    let fake = FakeFetch::install();
    for is_open in [false, true] {
        let before = fake.count();
        let (stage, handle) = mounted(|| {
            view! { <SseSource connect="/left" request=StreamRequest::get() retry=quickly()><SseSwap/></SseSource> }
        })
        .await;
        let (heard, _listeners) = record(&stage, &["htmx:sseError", "htmx:sseClose", "htmx:sseMessage"]);
        if is_open {
            fake.open().await;
        }
        drop(handle);
        pause(20).await;
        assert_eq!((fake.alive(), fake.count()), (0, before + 1), "{is_open}");
        assert!(!heard.borrow().contains(&"htmx:sseError".to_owned()));
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn what_the_browser_will_never_send_is_not_tried_again() {
    let bad = [
        StreamRequest::get().body("a GET has none"),
        StreamRequest::get().header("no name", "x"),
        StreamRequest::get().header("X-A", "two\nlines"),
        StreamRequest::new("no method"),
    ];
    for request in bad {
        let fake = FakeFetch::install();
        let reason = RwSignal::new(None);
        let (stage, handle) = mounted(move || {
            view! {
                <SseSource
                    connect="/never"
                    request
                    retry=quickly()
                    on_close=move |found: CloseReason| reason.set(Some(found))
                >
                    <SseSwap/>
                </SseSource>
            }
        })
        .await;
        pause(20).await;
        assert_eq!((fake.count(), state(&stage)), (0, "closed".to_owned()));
        assert_eq!(reason.get_untracked(), Some(CloseReason::BadAddress));
        drop(handle);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn closing_in_the_middle_of_a_chunk_ends_it_there() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/middle" request=StreamRequest::get()><SseSwap tag="p"/></SseSource> }
    })
    .await;
    let element: Element = find(&stage, "[data-state]");
    let closing = Listener::on(&stage, "htmx:sseMessage", move |_| {
        let abort = Event::new("htmx:abort").unwrap();
        element.dispatch_event(&abort).unwrap();
    });
    fake.open().await;
    fake.say("data: 1\n\ndata: 2\n\n").await;
    assert_eq!((html(&find(&stage, "p")), fake.alive()), ("1".to_owned(), 0));
    assert_eq!(state(&stage), "closed"); // SS4-36
    drop(closing);
    drop(handle);
    stage.remove();
}
