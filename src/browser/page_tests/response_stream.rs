//! Answers of requests that are streams.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AbortController, CustomEvent, Element, Event, MessageEvent};

use super::fake_fetch::FakeFetch;
use super::{details, end, field, find, live, pause, record, replace, text};
use crate::browser::fetch::{self, Fetch};
use crate::browser::listener::Listener;
use crate::browser::request::stream::{Busy, StreamEnd, StreamedAnswer, is_stream};
use crate::browser::response_stream::show;

type Outcome = Rc<RefCell<Option<Result<StreamEnd, String>>>>;

/// Requests for an element what the fake then answers, and shows the answer if it is a stream.
async fn request(element: &Element) -> (AbortController, Outcome) {
    let (controller, outcome) = (AbortController::new().unwrap(), Outcome::default());
    let (element, signal) = (element.clone(), controller.signal());
    let (ending, told) = (controller.clone(), Rc::clone(&outcome));
    wasm_bindgen_futures::spawn_local(async move {
        let request = Fetch {
            method: "POST",
            headers: &[],
            body: None,
            with_credentials: false,
            signal: &signal,
        };
        let response = fetch::send("/answer", &request.init().unwrap()).await.unwrap();
        if is_stream(&response) {
            let answer = StreamedAnswer {
                element,
                response,
                controller: ending,
                busy: Busy::default(),
            };
            told.replace(Some(show(&answer).await));
        }
    });
    pause(0).await;
    (controller, outcome)
}

#[wasm_bindgen_test]
async fn ss4_01_ss4_05_each_message_of_an_answer_is_swapped_in() {
    let fake = FakeFetch::install();
    let stage = live(r##"<button hx-target="next p" hx-swap="beforeend"></button><p></p>"##).await;
    let (heard, _listeners) = record(&stage, &["htmx:sseOpen", "htmx:sseMessage", "htmx:sseClose"]);
    let (_controller, outcome) = request(&find(&stage, "button")).await;
    fake.stream(200, "text/event-stream; charset=utf-8").await;
    fake.say("data: <b>1</b>\n\ndata: 2\n\n").await;
    assert_eq!(text(&stage, "p b"), "1");
    // SS4-08: found anew for each message.
    replace(&stage, "p", "<p>new</p>");
    fake.say("data: 3\n\nevent: ll:heartbeat\ndata: no\n\n").await;
    assert_eq!(
        (text(&stage, "p"), outcome.borrow().is_none()),
        ("new3".to_owned(), true)
    );
    fake.end().await;
    assert_eq!(*outcome.borrow(), Some(Ok(StreamEnd::Over)));
    let expected = [
        "htmx:sseOpen",
        "htmx:sseMessage",
        "htmx:sseMessage",
        "htmx:sseMessage",
        "htmx:sseClose",
    ];
    assert_eq!(*heard.borrow(), expected);
    pause(20).await;
    assert_eq!(fake.count(), 1); // SS4-02
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_01_any_other_answer_is_no_stream() {
    let fake = FakeFetch::install();
    let stage = live("<button></button>").await;
    let (heard, _listeners) = record(&stage, &["htmx:sseOpen"]);
    let _request = request(&find(&stage, "button")).await;
    fake.stream(200, "text/html").await;
    assert_eq!(heard.borrow().len(), 0);
    end(&stage);
}

// DIFFERENCE: under `sse:` and their name, where htmx 4 dispatches the bare name.
#[wasm_bindgen_test]
async fn ss4_07_ss4_40_named_messages_are_events_and_are_not_swapped() {
    let fake = FakeFetch::install();
    let stage = live("<button>0</button>").await;
    let (heard, _listeners) = record(&stage, &["click", "sse:click", "htmx:sseMessage"]);
    let details = Rc::<RefCell<Vec<MessageEvent>>>::default();
    let kept = Rc::clone(&details);
    let _listener = Listener::add(&stage, "sse:click", move |event: CustomEvent| {
        kept.borrow_mut().push(event.detail().dyn_into().unwrap());
    });
    let _request = request(&find(&stage, "button")).await;
    fake.open().await;
    fake.say("event: click\nid: 7\ndata: d\n\n").await;
    assert_eq!(text(&stage, "button"), "0");
    assert_eq!(*heard.borrow(), ["sse:click", "htmx:sseMessage"]);
    let detail = details.borrow()[0].clone();
    let id = js_sys::Reflect::get(&detail, &"id".into()).unwrap();
    assert_eq!((detail.data(), id), ("d".into(), "7".into()));
    fake.end().await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_23_a_message_of_an_answer_can_be_refused() {
    let fake = FakeFetch::install();
    let stage = live("<button>0</button>").await;
    let refusing = Listener::on(&stage, "htmx:sseBeforeMessage", |event: Event| {
        event.prevent_default()
    });
    let _request = request(&find(&stage, "button")).await;
    fake.open().await;
    fake.say("data: 1\n\n").await;
    assert_eq!(text(&stage, "button"), "0");
    drop(refusing);
    fake.say("data: 2\n\n").await;
    assert_eq!(text(&stage, "button"), "2");
    fake.end().await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_09_ss4_38_it_ends_with_its_element() {
    let fake = FakeFetch::install();
    for swapped_away in [true, false] {
        let stage = live(r#"<button hx-swap="outerHTML">0</button>"#).await;
        let element: Element = find(&stage, "button");
        let (_controller, outcome) = request(&element).await;
        fake.open().await;
        if !swapped_away {
            element.remove();
        }
        fake.say("data: <i>1</i>\n\ndata: <i>2</i>\n\n").await;
        let shown = stage.query_selector_all("i").unwrap().length();
        assert_eq!((shown, fake.alive()), (u32::from(swapped_away), 0));
        let expected = if swapped_away {
            StreamEnd::WithElement
        } else {
            StreamEnd::Over
        };
        assert_eq!(*outcome.borrow(), Some(Ok(expected)));
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn ss4_34_another_stream_of_the_same_element_replaces_it() {
    let fake = FakeFetch::install();
    let stage = live(r#"<button hx-swap="beforeend"></button>"#).await;
    let element: Element = find(&stage, "button");
    let (_first, outcome) = request(&element).await;
    fake.open().await;
    fake.say("data: 1\n\n").await;
    let (_second, other) = request(&element).await;
    assert!(outcome.borrow().is_none());
    fake.open().await;
    assert_eq!(
        (outcome.borrow().clone(), fake.alive()),
        (Some(Ok(StreamEnd::Over)), 1)
    );
    fake.say("data: 2\n\n").await;
    assert_eq!(
        (text(&stage, "button"), other.borrow().is_none()),
        ("12".to_owned(), true)
    );
    fake.end().await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_35_ss4_36_an_abort_is_no_error_and_a_break_is_one() {
    let fake = FakeFetch::install();
    for way in ["controller", "event", "break"] {
        let stage = live("<button></button>").await;
        let element: Element = find(&stage, "button");
        let (heard, _listeners) = record(&stage, &["htmx:sseError", "htmx:sseClose"]);
        let (closed, _closing) = details(&stage, "htmx:sseClose");
        let (controller, outcome) = request(&element).await;
        fake.open().await;
        match way {
            "controller" => controller.abort(),
            "event" => drop(
                element
                    .dispatch_event(&Event::new("htmx:abort").unwrap())
                    .unwrap(),
            ),
            _ => fake.break_off().await,
        }
        pause(0).await;
        let is_error = way == "break";
        assert_eq!(
            outcome.borrow().as_ref().map(Result::is_err),
            Some(is_error),
            "{way}"
        );
        let errors = heard
            .borrow()
            .iter()
            .filter(|name| *name == "htmx:sseError")
            .count();
        assert_eq!(
            (errors, heard.borrow().len()),
            (usize::from(is_error), 1 + errors)
        );
        let expected = if is_error { "broken" } else { "cancelled" };
        assert_eq!(field(&closed.borrow()[0], "type"), expected, "{way}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn ssw_22_a_message_without_a_place_is_lost_and_the_stream_is_not() {
    let fake = FakeFetch::install();
    let stage = live(r##"<button hx-target="#ssw22-nowhere"></button>"##).await;
    let (heard, _listeners) = record(&stage, &["htmx:swapError", "htmx:sseMessage"]);
    let (_controller, outcome) = request(&find(&stage, "button")).await;
    fake.open().await;
    fake.say("data: 1\n\nevent: x\ndata: 2\n\n").await;
    assert_eq!(*heard.borrow(), ["htmx:swapError", "htmx:sseMessage"]);
    assert!(outcome.borrow().is_none());
    fake.end().await;
    end(&stage);
}
