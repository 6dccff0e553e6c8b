//! Sockets: addresses, sending, queueing, receiving, closing.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element, HtmlElement};

use super::fake_web_socket::FakeWebSocket;
use super::{eventually, find, pause, record, stage};
use crate::browser::listener::Listener;
use crate::browser::live_elements::release_with;
use crate::browser::page;
use crate::browser::processing::process_ws;
use crate::browser::processors::{self, Turn};

async fn live(html: &str) -> Element {
    processors::register(Turn::Sockets, process_ws);
    let stage = stage(html);
    processors::process(&stage);
    pause(0).await;
    stage
}

fn end(stage: &Element) {
    release_with(stage);
    stage.remove();
}

fn click(stage: &Element, selector: &str) {
    find::<HtmlElement>(stage, selector).click();
}

fn host() -> String {
    page::window().unwrap().location().host().unwrap()
}

#[wasm_bindgen_test]
async fn wsc_05_wsc_07_addresses() {
    for (connect, expected) in [
        ("/chat", format!("ws://{}/chat", host())),
        ("wss:/chat", format!("wss://{}/chat", host())),
        ("ws://other.example/x?y", "ws://other.example/x?y".to_owned()),
    ] {
        let fake = FakeWebSocket::install();
        let stage = live(&format!(r#"<div hx-ws="connect:{connect}"></div>"#)).await;
        assert_eq!(fake.urls(), [expected]);
        end(&stage);
        assert_eq!(fake.closed_with(), Some(1000.0)); // WSR-12, WSR-19
    }
}

#[wasm_bindgen_test]
async fn wss_03_wss_04_a_form_is_sent_as_one_flat_object() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/flat"><form id="wf" name="chat" hx-ws="send" hx-vals='{"n":7}' hx-headers='{"X-A":"b","HX-Request":"no"}'>
           <input name="text" value="hi"><button name="go" value="1"></button></form></div>"#,
    )
    .await;
    fake.open();
    click(&stage, "button");
    let sent: serde_json::Value = serde_json::from_str(&fake.sent()[0]).unwrap();
    let url = page::window().unwrap().location().href().unwrap();
    assert_eq!(
        sent,
        serde_json::json!({"text": "hi", "go": "1", "n": 7, "HEADERS": {
            "HX-Request": "true", "HX-Trigger": "wf", "HX-Trigger-Name": "chat", "HX-Target": "wf",
            "HX-Current-URL": url, "X-A": "b"
        }})
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsq_01_to_04_messages_wait_for_the_socket_in_order() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/queue"><button class="a" hx-ws="send" name="k" value="1"></button>
           <button class="b" hx-ws="send" name="k" value="2"></button></div>"#,
    )
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeSend", "htmx:wsOpen", "htmx:wsError"]);
    for selector in [".a", ".b", ".a"] {
        click(&stage, selector);
    }
    assert!(heard.borrow().is_empty() && fake.sent().is_empty());
    fake.open();
    let order: Vec<_> = fake
        .sent()
        .iter()
        .map(|text| text.contains(r#""k":"1""#))
        .collect();
    assert_eq!(order, [true, false, true]);
    assert_eq!(heard.borrow()[0], "htmx:wsOpen");
    // Down again: a hundred wait, and the next one is an error that one sees.
    fake.end(1006);
    for _ in 0..101 {
        click(&stage, ".a");
    }
    let errors = heard
        .borrow()
        .iter()
        .filter(|name| *name == "htmx:wsError")
        .count();
    assert_eq!(errors, 1);
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    assert_eq!(fake.sent().len(), 100);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_17_to_20_hooks_can_change_and_refuse() {
    let fake = FakeWebSocket::install();
    let stage =
        live(r#"<div hx-ws="connect:/hooks"><button hx-ws="send" name="k" value="1"></button></div>"#).await;
    fake.open();
    let changing = Listener::add(&stage, "htmx:wsConfigSend", |event: CustomEvent| {
        let get = |name: &str| js_sys::Reflect::get(&event.detail(), &name.into()).unwrap();
        js_sys::Reflect::set(&get("parameters"), &"k".into(), &"changed".into()).unwrap();
        // WSS-18: what the hook left is used, also when it is another object.
        js_sys::Reflect::set(&event.detail(), &"headers".into(), &wasm_bindgen::JsValue::NULL).unwrap();
        assert!(js_sys::Reflect::has(&get("socketWrapper"), &"sendImmediately".into()).unwrap());
    });
    click(&stage, "button");
    assert_eq!(fake.sent(), [r#"{"k":"changed"}"#]);
    drop(changing);
    for name in ["htmx:wsConfigSend", "htmx:wsBeforeSend"] {
        let refusing = Listener::on(&stage, name, |event| event.prevent_default());
        click(&stage, "button");
        drop(refusing);
    }
    assert_eq!(fake.sent().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_13_wss_15_invalid_fields_stop_the_sending_and_the_page_stays() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/valid"><form hx-ws="send" action="/away"><input name="t" required></form></div>"#,
    )
    .await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:validation:halted", "htmx:validation:failed"]);
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let submit = web_sys::Event::new_with_event_init_dict("submit", &init).unwrap();
    find::<Element>(&stage, "form").dispatch_event(&submit).unwrap();
    assert!(submit.default_prevented());
    assert_eq!(
        *heard.borrow(),
        ["htmx:validation:failed", "htmx:validation:halted"]
    );
    assert!(fake.sent().is_empty());
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsm_29_a_frame_for_two_sources_is_placed_once() {
    let fake = FakeWebSocket::install();
    let stage =
        live(r#"<div hx-ws="connect:/twice"></div><div hx-ws="connect:/twice"></div><ol id="wsm29"></ol>"#)
            .await;
    assert_eq!(fake.urls().len(), 1);
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeMessage", "htmx:wsAfterMessage"]);
    fake.say(r#"<ol id="wsm29" hx-swap-oob="beforeend"><li>1</li></ol>"#);
    pause(60).await;
    assert_eq!(find::<Element>(&stage, "ol").inner_html(), "<li>1</li>");
    assert_eq!(heard.borrow().len(), 4);
    // Control frames are nobody's messages.
    fake.say(r#"{"ll:heartbeat":"0000000000000001-1"}"#);
    assert_eq!(heard.borrow().len(), 4);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsr_01_close_codes_decide() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/codes"></div>"#).await;
    fake.open();
    fake.end(1012);
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    fake.end(4403);
    assert_eq!(
        find::<Element>(&stage, "div")
            .get_attribute("data-state")
            .unwrap(),
        "closed"
    );
    pause(700).await;
    assert_eq!(fake.urls().len(), 2);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsc_16_a_sender_without_a_source_is_told() {
    let stage = stage(r#"<button hx-ws="send" name="a"></button>"#);
    processors::register(Turn::Sockets, process_ws);
    let (heard, _listeners) = record(&stage, &["htmx:noWebSocketSourceError", "htmx:wsError"]);
    processors::process(&stage);
    click(&stage, "button");
    assert_eq!(*heard.borrow(), ["htmx:noWebSocketSourceError", "htmx:wsError"]);
    end(&stage);
}
