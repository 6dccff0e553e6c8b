//! Streams that are read by a request of our own: what is sent, what arrives, and where it goes on.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Event, MessageEvent};

use super::components::{html, mounted};
use super::fake_console::FakeConsole;
use super::fake_fetch::FakeFetch;
use super::{at, eventually, find, pause, quickly, record, state};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::{SseSource, SseSwap, StreamRequest, SwapStyle};

#[wasm_bindgen_test]
async fn sse_06_ss4_03_method_headers_and_body_go_along() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        let request = StreamRequest::post()
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer 1")
            .body(r#"{"q":1}"#);
        view! { <SseSource connect="/ask?a=%20b" request><SseSwap tag="p" event="x"/></SseSource> }
    })
    .await;
    let field = |name: &str| fake.field(name).unwrap();
    assert_eq!(
        [
            field("url"), // SSE-05
            field("method"),
            field("body"),
            field("credentials"),
            field("cache")
        ],
        ["/ask?a=%20b", "POST", r#"{"q":1}"#, "same-origin", "no-store"]
    );
    for (name, expected) in [
        ("accept", Some("text/event-stream")),
        ("content-type", Some("application/json")),
        ("authorization", Some("Bearer 1")),
        ("last-event-id", None),
    ] {
        assert_eq!(fake.last_header(name).as_deref(), expected, "{name}");
    }
    let messages = Rc::<RefCell<Vec<MessageEvent>>>::default();
    let kept = Rc::clone(&messages);
    let _listener = Listener::add(&stage, "htmx:sseMessage", move |event: CustomEvent| {
        kept.borrow_mut().push(event.detail().dyn_into().unwrap());
    });
    let (heard, _listeners) = record(&stage, &["htmx:sseOpen"]);
    fake.open().await;
    assert_eq!((state(&stage), heard.borrow().len()), ("open".to_owned(), 1));
    fake.say("event: x\nid: 7\ndata: <b>1</b>\n\n").await;
    assert_eq!(html(&find(&stage, "p")), "<b>1</b>");
    // The same that an `EventSource` would have dispatched.
    let message = messages.borrow()[0].clone();
    let origin = page::window().unwrap().location().origin();
    assert_eq!(
        (
            message.type_(),
            message.last_event_id(),
            message.data().as_string(),
            Ok(message.origin())
        ),
        ("x".into(), "7".into(), Some("<b>1</b>".into()), origin)
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn r02_a_stream_may_be_cut_anywhere() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/cut" request=StreamRequest::get()>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    fake.open().await;
    fake.say_bytewise("\u{feff}event: x\r\ndata: ü€\r\ndata: 😀\r\n\r\nevent: x\rdata: 2\r\r:\n")
        .await;
    assert_eq!(html(&find(&stage, "p")), "ü€\n😀2");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_24_ss4_26_need_2_a_reconnection_says_the_same_and_where_it_was() {
    let fake = FakeFetch::install();
    let token = RwSignal::new("old".to_owned());
    let (stage, handle) = mounted(move || {
        let request = StreamRequest::post()
            .header("Authorization", move || token.get())
            .body("b");
        view! {
            <SseSource connect="/resumes" request retry=quickly()>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    assert_eq!(fake.last_header("authorization").as_deref(), Some("old"));
    token.set("new".to_owned());
    for (chunk, id) in [
        // Of a name that nobody listens to; of a block without data; in UTF-8; of a block that never ends.
        ("id: 1\nevent: y\ndata: 1\n\n", Some("1")),
        ("id: 2\n\n", Some("2")),
        ("data: no id of its own\n\n", Some("2")),
        (
            "id: …\nevent: x\ndata: a\n\nid: 4\nevent: x\ndata: b",
            Some("\u{e2}\u{80}\u{a6}"),
        ),
        // SS4-25: an empty one is none.
        ("id\n\n", None),
    ] {
        let requests = fake.count();
        fake.open().await;
        fake.say(chunk).await;
        fake.break_off().await;
        eventually(|| fake.count() == requests + 1).await;
        assert_eq!(
            fake.last_header("last-event-id").as_deref(),
            id,
            "after {chunk:?}"
        );
        assert_eq!(fake.last_header("authorization").as_deref(), Some("new"));
        assert_eq!(fake.field("body").as_deref(), Some("b"));
        assert_eq!(fake.field("url").as_deref(), Some("/resumes"));
    }
    assert_eq!(html(&find(&stage, "p")), "a");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssr_11_a_stream_of_ours_resumes_from_its_position() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/ours" request=StreamRequest::get() retry=quickly()>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    let begin = async |offset: u64| {
        fake.open().await;
        let position = at(offset);
        // What a hub asks for as a field is for browsers; the page goes by its control event.
        fake.say(&format!(
            "event: ll:heartbeat\nid: {position}\ndata: {position}\n\nretry: 60000\n\n"
        ))
        .await;
    };
    begin(3).await;
    fake.say(&format!("event: x\nid: {}\ndata: 4\n\n", at(4))).await;
    fake.break_off().await;
    eventually(|| fake.count() == 2).await;
    assert_eq!(fake.last_header("last-event-id"), Some(at(4)));
    assert_eq!(fake.field("url").as_deref(), Some("/ours")); // SSE-05
    begin(4).await;
    for offset in [4, 5] {
        let event = format!("event: x\nid: {}\ndata: {offset}\n\n", at(offset));
        fake.say(&event).await;
    }
    assert_eq!(html(&find(&stage, "p")), "45");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn decision_5_what_is_asked_for_alike_is_asked_for_once() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        let with = |token: &str| StreamRequest::get().header("Authorization", token);
        view! {
            <SseSource connect="/alike" request=with("a")><SseSwap tag="i" event="x"/></SseSource>
            <SseSource connect="/alike" request=with("a")><SseSwap tag="b" event="x"/></SseSource>
            <SseSource connect="/alike" request=with("b")><SseSwap tag="p" event="x"/></SseSource>
        }
    })
    .await;
    assert_eq!(
        (fake.count(), fake.last_header("authorization")),
        (2, Some("b".to_owned()))
    );
    fake.open().await;
    fake.say("event: x\ndata: 1\n\n").await;
    let shown = ["i", "b", "p"].map(|tag| html(&find(&stage, tag)));
    assert_eq!(shown, ["", "", "1"]);
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn s18_a_message_that_is_too_long_is_left_out_and_told() {
    let fake = FakeFetch::install();
    let console = FakeConsole::install();
    let (stage, handle) = mounted(|| {
        let request = StreamRequest::get();
        view! { <SseSource connect="/long" request><SseSwap tag="p" event="x"/></SseSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:sseError", "htmx:sseMessage"]);
    fake.open().await;
    let long = "x".repeat((4 << 20) + 1);
    fake.say(&format!("event: x\ndata: {long}\n\nevent: x\ndata: next\n\n"))
        .await;
    eventually(|| html(&find(&stage, "p")) == "next").await;
    eventually(|| heard.borrow().len() == 2).await;
    assert_eq!(state(&stage), "open");
    let warnings = console.warnings();
    assert!(
        warnings
            .iter()
            .any(|told| told.contains("/long: event: expected at most 4194304 bytes")),
        "{warnings:?}"
    );
    drop(handle);
    stage.remove();
}

/// A closure that was asked for a header closed the stream, which was then opened all the same, for nobody and for ever.
#[wasm_bindgen_test]
async fn a_stream_that_is_closed_while_it_is_being_opened_stays_closed() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        let request = StreamRequest::get().header("X-A", || {
            let source = page::document().unwrap().get_element_by_id("closes-itself");
            let abort = Event::new("htmx:abort").unwrap();
            source.unwrap().dispatch_event(&abort).unwrap();
            "1".to_owned()
        });
        view! {
            <SseSource connect="/closes-itself" request id="closes-itself"><SseSwap event="x"/></SseSource>
        }
    })
    .await;
    pause(0).await;
    assert_eq!((fake.alive(), state(&stage)), (0, "closed".to_owned()));
    drop(handle);
    stage.remove();
}
