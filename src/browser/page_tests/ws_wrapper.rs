//! What scripts do with a socket: `detail.socketWrapper`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_web_socket::FakeWebSocket;
use super::{click, end, find, live, record};
use crate::browser::listener::Listener;

/// The wrapper of the source on the stage, taken from an event.
fn wrapper_of(stage: &Element, fake: &FakeWebSocket) -> JsValue {
    let found = Rc::new(RefCell::new(JsValue::UNDEFINED));
    let kept = Rc::clone(&found);
    let listener = Listener::add(stage, "htmx:wsOpen", move |event: CustomEvent| {
        *kept.borrow_mut() = get(&event.detail(), "socketWrapper");
    });
    fake.open();
    drop(listener);
    found.take()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn call(wrapper: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = get(wrapper, name).into();
    function.apply(wrapper, &arguments.iter().copied().collect::<Array>())
}

#[wasm_bindgen_test]
async fn wsq_05_send_immediately() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/immediately"><p></p></div>"#).await;
    let wrapper = wrapper_of(&stage, &fake);
    let sender: Element = find(&stage, "p");
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeSend", "htmx:wsAfterSend"]);
    // Without an element: no events.
    call(&wrapper, "sendImmediately", &[&"1".into()]).unwrap();
    assert!(heard.borrow().is_empty());
    // With one: on it.
    call(&wrapper, "sendImmediately", &[&"2".into(), &sender]).unwrap();
    assert_eq!(*heard.borrow(), ["htmx:wsBeforeSend", "htmx:wsAfterSend"]);
    // Which may refuse it.
    let refusing = Listener::on(&sender, "htmx:wsBeforeSend", |event| event.prevent_default());
    call(&wrapper, "sendImmediately", &[&"3".into(), &sender]).unwrap();
    drop(refusing);
    assert_eq!(fake.sent(), ["1", "2"]);
    // The body can be an element like any other.
    let body: JsValue = crate::browser::page::body().unwrap().into();
    call(&wrapper, "sendImmediately", &[&"4".into(), &body]).unwrap();
    assert_eq!(fake.sent().len(), 3);
    // It does not wait (WSQ-10), and what cannot be sent is an error.
    assert!(call(&wrapper, "sendImmediately", &[&JsValue::from(7)]).is_err());
    fake.end(1012);
    let error = call(&wrapper, "sendImmediately", &[&"5".into()]).unwrap_err();
    let message = get(&error, "message").as_string().unwrap();
    assert_eq!(message, "expected an open socket, found none");
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsq_01_wsq_06_the_queue_can_be_seen_and_emptied() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/seen"><button hx-ws="send" name="k"></button></div>"#).await;
    let wrapper = wrapper_of(&stage, &fake);
    fake.end(1012);
    call(&wrapper, "send", &[&"text".into()]).unwrap();
    click(&stage, "button");
    let queue: Array = get(&wrapper, "queue").dyn_into().unwrap();
    assert_eq!(queue.length(), 2);
    assert_eq!(get(&queue.get(0), "message"), "text");
    assert_eq!(
        get(&queue.get(1), "sendElt"),
        JsValue::from(find::<Element>(&stage, "button"))
    );
    Reflect::set(&queue, &"length".into(), &0.into()).unwrap();
    super::eventually(|| fake.urls().len() == 2).await;
    fake.open();
    assert!(fake.sent().is_empty());
    end(&stage);
    // Whoever keeps it longer than the socket lives gets an exception.
    assert!(call(&wrapper, "send", &[&"late".into()]).is_err());
}

#[wasm_bindgen_test]
async fn wsq_07_reconnect() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/again"></div>"#).await;
    let wrapper = wrapper_of(&stage, &fake);
    call(&wrapper, "reconnect", &[]).unwrap();
    assert_eq!(fake.urls().len(), 2);
    fake.open();
    // Also one that is over.
    fake.end(4400);
    call(&wrapper, "reconnect", &[]).unwrap();
    assert_eq!(fake.urls().len(), 3);
    // WSR-20: nothing of the sockets before is heard.
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeMessage"]);
    fake.say_on(0, "late");
    assert!(heard.borrow().is_empty());
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsq_09_a_hook_may_send_something_else() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/else"><button hx-ws="send" name="k"></button></div>"#).await;
    fake.open();
    let sending = Listener::add(&stage, "htmx:wsConfigSend", |event: CustomEvent| {
        event.prevent_default();
        let detail = event.detail();
        call(
            &get(&detail, "socketWrapper"),
            "send",
            &[&"mine".into(), &get(&detail, "elt")],
        )
        .unwrap();
    });
    click(&stage, "button");
    assert_eq!(fake.sent(), ["mine"]);
    drop(sending);
    // WSS-17: a body of one's own, also one that is no text.
    let own = Listener::add(&stage, "htmx:wsConfigSend", |event: CustomEvent| {
        let bytes = js_sys::Uint8Array::from(&[1_u8, 2][..]).buffer();
        Reflect::set(&event.detail(), &"messageBody".into(), &bytes).unwrap();
    });
    click(&stage, "button");
    assert!(fake.sent_values().get(1).is_instance_of::<js_sys::ArrayBuffer>());
    drop(own);
    end(&stage);
}
