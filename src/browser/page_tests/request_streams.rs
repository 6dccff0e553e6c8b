//! Answers of requests that are streams, as the request sees them.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::mounted;
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::trigger::fire;
use super::{end, eventually, find, live, pause, record, text};
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::listener::Listener;
use crate::browser::request::stream::{self, StreamEnd, StreamedAnswer};
use crate::browser::response_stream;
use crate::{RequestError, SseSource, SseTrigger};

thread_local! {
    static STREAMED: RefCell<Option<StreamedAnswer>> = const { RefCell::new(None) };
}

#[wasm_bindgen_test]
async fn ss4_01_ss4_04_a_stream_goes_to_whoever_reads_streams() {
    // Another test may have made raw markup live, which reads them.
    stream::unregister();
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping" hx-headers='"accept":"text/plain"'>old</p>"#).await;
    let (heard, _listeners) = record(
        &stage,
        &["htmx:responseError", "htmx:sendError", "htmx:afterRequest"],
    );
    let event_stream = [("Content-Type", "Text/Event-Stream; charset=utf-8")];
    // Nobody reads them: an error, and no waiting for ever.
    fire(&stage, "p", "ping");
    fetch.answer_with(0, 200, "data: x\n\n", &event_stream).await;
    assert!(fetch.is_aborted(0));
    assert_eq!(heard.take(), ["htmx:responseError", "htmx:afterRequest"]);
    assert_eq!(fetch.header(0, "Accept").as_deref(), Some("text/plain"));
    stream::register(|answer| {
        Box::pin(async move {
            let signal = answer.controller.signal();
            STREAMED.replace(Some(answer));
            // Until the test says that it is over.
            while STREAMED.with_borrow(Option::is_some) && !signal.aborted() {
                pause(5).await;
            }
            if signal.aborted() {
                Err("aborted".to_owned())
            } else {
                Ok(StreamEnd::Over)
            }
        })
    });
    fire(&stage, "p", "ping");
    assert_eq!(
        fetch.header(1, "accept").as_deref(),
        Some("text/plain, text/event-stream")
    );
    fetch.answer_with(1, 200, "data: x\n\n", &event_stream).await;
    let answer = STREAMED.take().unwrap();
    assert_eq!(answer.element, find(&stage, "p"));
    assert_eq!(answer.response.status(), 200);
    eventually(|| heard.borrow().len() == 1).await;
    // SS4-32: released early, the next request goes while the stream lasts.
    fire(&stage, "p", "ping");
    fetch.answer_with(2, 200, "data: x\n\n", &event_stream).await;
    let marked = || find::<Element>(&stage, "p").class_list().contains("htmx-request");
    assert!(marked());
    STREAMED.with_borrow(|answer| answer.as_ref().unwrap().busy.release());
    assert!(!marked());
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 4);
    // SS4-36: the element's going ends both.
    let signal = STREAMED.take().unwrap().controller.signal();
    end(&stage);
    assert!(signal.aborted() || fetch.is_aborted(3));
    stream::unregister();
}

#[wasm_bindgen_test]
async fn ss4_01_a_request_is_under_way_until_its_stream_ends() {
    let fetch = FakeFetch::install();
    response_stream::enter();
    let stage = live(r#"<p hx-post="/x" hx-trigger="ping" hx-swap="beforeend"></p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:sseOpen", "htmx:sseClose", "htmx:afterRequest"]);
    let marked = || find::<Element>(&stage, "p").class_list().contains("htmx-request");
    fire(&stage, "p", "ping");
    assert_eq!(
        fetch.last_header("accept").as_deref(),
        Some("text/html, text/event-stream")
    );
    fetch.open().await;
    fetch.say("data: 1\n\ndata: 2\n\n").await;
    fire(&stage, "p", "ping");
    assert_eq!(
        (text(&stage, "p"), marked(), fetch.count()),
        ("12".to_owned(), true, 1)
    );
    fetch.end().await;
    // The one that waited has its turn.
    assert_eq!((marked(), fetch.count()), (true, 2));
    assert_eq!(
        heard.take(),
        ["htmx:sseOpen", "htmx:sseClose", "htmx:afterRequest"]
    );
    fetch.open().await;
    // SS4-36, SS4-38: with the element goes its stream.
    end(&stage);
    pause(0).await;
    assert_eq!(fetch.alive(), 1);
    stream::unregister();
}

// The request stayed under way as long as its stream, which an endless one makes for ever.
#[wasm_bindgen_test]
async fn ss4_32_the_request_is_released_when_its_markup_says_so() {
    for (policy, at_start, after_first) in [
        ("", true, true),
        ("end", true, true),
        ("first", true, false),
        ("immediate", false, false),
        // Reported, and as good as nothing.
        ("never", true, true),
    ] {
        let fetch = FakeFetch::install();
        response_stream::enter();
        let says = match policy {
            "" => String::new(),
            policy => format!(r#"hx-request='{{"releaseOn":"{policy}"}}'"#),
        };
        let stage = live(&format!(
            r#"<div {says}><p hx-get="/x" hx-trigger="ping" hx-swap="beforeend"></p></div>"#
        ))
        .await;
        let marked = || find::<Element>(&stage, "p").class_list().contains("htmx-request");
        fire(&stage, "p", "ping");
        assert!(marked(), "{policy}");
        fetch.open().await;
        assert_eq!(marked(), at_start, "{policy}");
        // What is not swapped in is no first one.
        fetch.say("event: note\ndata: n\n\n").await;
        assert_eq!(marked(), at_start, "{policy}");
        fetch.say("data: 1\n\n").await;
        assert_eq!(
            (marked(), text(&stage, "p")),
            (after_first, "1".to_owned()),
            "{policy}"
        );
        fire(&stage, "p", "ping");
        assert_eq!(fetch.count(), if after_first { 1 } else { 2 }, "{policy}");
        if !after_first {
            // SS4-34: the new stream of the element takes the place of the old one, once it begins.
            assert_eq!(fetch.alive(), 2, "{policy}");
            fetch.open().await;
            assert_eq!(fetch.alive(), 1, "{policy}");
            fetch.say("data: 2\n\n").await;
            assert_eq!(text(&stage, "p"), "12", "{policy}");
        }
        // SS4-36: released or not, its stream ends with the element.
        end(&stage);
        pause(0).await;
        assert_eq!(fetch.alive(), 0, "{policy}");
        stream::unregister();
    }
}

#[wasm_bindgen_test]
async fn ss4_32_the_server_can_release_the_request() {
    let fetch = FakeFetch::install();
    response_stream::enter();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping" hx-swap="beforeend"></p>"#).await;
    let (heard, _listeners) = record(&stage, &["sse:hx:release", "htmx:afterRequest", "htmx:sendAbort"]);
    let marked = || find::<Element>(&stage, "p").class_list().contains("htmx-request");
    fire(&stage, "p", "ping");
    fire(&stage, "p", "ping");
    fetch.open().await;
    fetch.say("data: 1\n\n").await;
    assert!(marked());
    let refusing = Listener::on(&stage, "htmx:sseBeforeMessage", |event| event.prevent_default());
    fetch.say("event: hx:release\ndata: now\n\n").await;
    drop(refusing);
    assert!(marked());
    let first = fetch.count();
    fetch.say("event: hx:release\ndata: now\n\ndata: 2\n\n").await;
    // The one that waited is under way, and marks the element anew.
    assert_eq!((first, fetch.count(), text(&stage, "p")), (1, 2, "12".to_owned()));
    assert_eq!(*heard.borrow(), ["sse:hx:release"]);
    // What was released is aborted like anything else.
    dispatch(&find(&stage, "p"), "htmx:abort", &Detail::new());
    pause(0).await;
    assert_eq!((fetch.alive(), marked()), (0, false));
    end(&stage);
    stream::unregister();
}

// Nobody heard of the end of a stream whose element one of its messages had taken away.
#[wasm_bindgen_test]
async fn ss4_09_the_end_is_told_above_when_the_element_is_gone() {
    let fetch = FakeFetch::install();
    response_stream::enter();
    let stage = live(
        r#"<section><p hx-get="/x" hx-trigger="ping" hx-swap="outerHTML" hx-indicator="closest section"></p></section>"#,
    )
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:afterRequest", "htmx:afterOnLoad"]);
    fire(&stage, "p", "ping");
    fetch.open().await;
    fetch.say("data: <i>1</i>\n\n").await;
    assert_eq!(*heard.borrow(), ["htmx:afterRequest", "htmx:afterOnLoad"]);
    assert!(
        !find::<Element>(&stage, "section")
            .class_list()
            .contains("htmx-request")
    );
    end(&stage);
    stream::unregister();
}

/// An answer that broke off was told as if there had been none.
#[wasm_bindgen_test]
async fn ss4_35_an_answer_that_breaks_off_is_told_as_that() {
    response_stream::enter();
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let errors = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/breaks">
                <SseTrigger event="n" get="/a" on_error=move |error: RequestError| errors.update(|all| all.push(error))/>
            </SseSource>
        }
    })
    .await;
    for content_type in ["text/event-stream", "text/html"] {
        events.say("n", "", "");
        pause(0).await;
        fetch.stream(200, content_type).await;
        fetch.break_off().await;
        eventually(|| !errors.get_untracked().is_empty()).await;
        let told = errors.get_untracked();
        assert!(
            matches!(&told[..], [RequestError::BrokenOff { url, .. }] if url == "/a"),
            "{content_type} {told:?}"
        );
        errors.set(Vec::new());
    }
    drop(handle);
    stage.remove();
}
