//! Listeners that freeze what they are told: the next thing that is told of it comes all the same.

use js_sys::Object;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_web_socket::FakeWebSocket;
use super::{details, end, field, find, live, record, stage};
use crate::browser::dom_events::{Detail, dispatch, dispatch_error};
use crate::browser::listener::Listener;

/// A detail is told again after the message was given to the socket, and a listener may have frozen it by then.
#[wasm_bindgen_test]
async fn wss_20_wss_21_a_listener_may_freeze_a_detail() {
    let fake = FakeWebSocket::install();
    let stage =
        live(r#"<div hx-ws="connect:/frozen"><form hx-ws="send"><input name="a" value="1"></form></div>"#)
            .await;
    let form: Element = find(&stage, "form");
    let freezing: Vec<_> = ["htmx:confirm", "htmx:validation:validate", "htmx:wsBeforeSend"]
        .map(|name| {
            Listener::add(&form, name, |event: CustomEvent| {
                drop(Object::freeze(event.detail().unchecked_ref::<js_sys::Object>()))
            })
        })
        .into();
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeSend", "htmx:wsAfterSend", "htmx:wsError"]);
    fake.open();
    super::fire(&stage, "form", "submit");
    assert_eq!(fake.sent_json()[0]["a"], "1");
    assert_eq!(*heard.borrow(), ["htmx:wsBeforeSend", "htmx:wsAfterSend"]);
    drop(freezing);
    end(&stage);
}

/// What is told of an error is told twice, and a listener may have frozen it in between.
#[wasm_bindgen_test]
fn ssr_01_a_listener_may_freeze_what_it_is_told() {
    let stage = stage("<p></p>");
    let _freezing = Listener::add(&stage, "htmx:error", |event: CustomEvent| {
        drop(Object::freeze(
            field(&event.detail(), "errorInfo").unchecked_ref::<Object>(),
        ));
    });
    let (heard, _listener) = details(&stage, "live:test");
    dispatch_error(&find(&stage, "p"), "live:test", &Detail::new());
    assert_eq!(field(&heard.borrow()[0], "error"), "live:test");
    stage.remove();
}

/// What was handed to somebody else may have been frozen before it is told for the first time.
#[wasm_bindgen_test]
fn ssr_01_a_detail_that_was_shown_before_may_be_frozen() {
    let stage = stage("<p></p>");
    let (heard, _listener) = details(&stage, "live:test");
    let detail = Detail::new().with("a", 1);
    drop(Object::freeze(detail.value().unchecked_ref::<Object>()));
    assert!(dispatch(&find(&stage, "p"), "live:test", &detail));
    let heard = heard.borrow();
    assert_eq!(field(&heard[0], "a"), 1);
    assert!(field(&heard[0], "elt").is_undefined());
    stage.remove();
}
