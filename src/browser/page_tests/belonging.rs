//! Who belongs to which source, who gets what of it, and where that goes.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::mounted;
use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{end, find, live, record, text};
use crate::{LiveEvent, SseSource, SseSwap};

#[wasm_bindgen_test]
async fn sse_09_siblings_and_outsiders_get_nothing() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<p hx-sse="swap:x"></p><div hx-sse="connect:/nearest"><section><b hx-sse="swap:x"></b></section></div>
           <i hx-sse="swap:x"></i>"#,
    )
    .await;
    fake.say("x", "1", "");
    let shown = ["p", "b", "i"].map(|selector| text(&stage, selector));
    assert_eq!(shown, ["", "1", ""]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_15_sse_16_source_consumer_and_trigger_on_one_element() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/all swap:x" hx-trigger="sse:y"></div>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    fake.say("x", "1", "");
    assert_eq!((text(&stage, "div"), heard.borrow().len()), ("1".to_owned(), 0));
    fake.say("y", "2", "");
    assert_eq!((text(&stage, "div"), heard.borrow().len()), ("1".to_owned(), 1));
    assert_eq!(fake.urls().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_08_wsc_11_constructors_are_looked_up_when_they_are_used() {
    // DIFFERENCE: a page puts its own in the place of the browser's (CFG-03); there is no hook for it.
    for path in ["/one", "/two"] {
        let (streams, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
        let stage = live(&format!(
            r#"<div hx-sse="connect:{path}"></div><div hx-ws="connect:{path}"></div>"#
        ))
        .await;
        assert_eq!(streams.urls(), [path]);
        assert!(sockets.urls().len() == 1 && sockets.urls()[0].ends_with(path));
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn tgt_03_a_message_goes_to_whoever_consumes_it() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/own"><p hx-sse="swap:x">0</p><p>0</p></div>"#).await;
    fake.say("x", "1", "");
    assert_eq!(find::<Element>(&stage, "div").text_content().unwrap(), "10");
    end(&stage);
}

#[wasm_bindgen_test]
async fn con_01_con_02_every_message_is_swapped_where_its_name_is_wanted_and_told() {
    let fake = FakeEventSource::install();
    let told = Rc::new(RefCell::new(Vec::new()));
    let names = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/con01" on_message=move |event: LiveEvent| {
                names.update(|all| all.push(event.name.to_string()))
            }>
                <SseSwap tag="p"/>
                <SseSwap tag="b" event="x"/>
            </SseSource>
        }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:sseMessage"]);
    for (name, data) in [("message", "1"), ("x", "2"), ("y", "3")] {
        fake.say(name, data, "");
        told.borrow_mut().push(heard.borrow().len());
    }
    assert_eq!(
        (text(&stage, "p"), text(&stage, "b")),
        ("1".to_owned(), "2".to_owned())
    );
    assert_eq!(
        (names.get_untracked(), told.take()),
        (vec!["message".to_owned(), "x".to_owned()], vec![1, 2, 2])
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_25_a_body_is_filled_and_not_replaced() {
    // A page without a body is no page. That of the tests must stay as it is, so this one is a second.
    let fake = FakeEventSource::install();
    let stage =
        live(r##"<div hx-sse="connect:/body"><p hx-sse="swap:x" hx-target="#swp25" hx-swap="outerHTML"></p></div>"##)
            .await;
    let body = crate::browser::page::document()
        .unwrap()
        .create_element("body")
        .unwrap();
    body.set_id("swp25");
    stage.append_child(&body).unwrap();
    fake.say("x", "<i>1</i>", "");
    assert_eq!(text(&body, "i"), "1");
    assert!(body.is_connected());
    end(&stage);
}
