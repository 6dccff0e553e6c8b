//! What goes out on a socket: values, headers, checks, hooks, the queue.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_web_socket::FakeWebSocket;
use super::{click, end, eventually, find, fire, live, record, stage};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::browser::{processing, processors};

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
    // WSS-05: the target is the sender's, not the owner of the socket.
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
async fn wss_12_a_button_of_a_form_sends_the_form_and_itself() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/button"><form><input name="text" value="hi">
           <button class="b" type="button" hx-ws="send" name="go" value="1"></button></form></div>"#,
    )
    .await;
    fake.open();
    click(&stage, ".b");
    let sent: serde_json::Value = serde_json::from_str(&fake.sent()[0]).unwrap();
    assert_eq!((&sent["text"], &sent["go"]), (&"hi".into(), &"1".into()));
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
    // WSS-16, WSS-25: sending while it connects is no error, and no event tells of a send that has not been.
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
async fn wss_13_what_is_checked() {
    let fake = FakeWebSocket::install();
    for (html, is_sent) in [
        (
            r#"<form hx-ws="send" novalidate><input name="t" required></form>"#,
            true,
        ),
        (
            r#"<form hx-ws="send" novalidate hx-validate="true"><input name="t" required></form>"#,
            false,
        ),
        // Controls that name the form are its own.
        (
            r#"<form hx-ws="send" id="vw"></form><input name="t" required form="vw">"#,
            false,
        ),
        // A control outside of forms, only if it asks.
        (
            r#"<input name="t" required hx-ws="send" hx-trigger="submit">"#,
            true,
        ),
        (
            r#"<input name="t" required hx-ws="send" hx-trigger="submit" hx-validate="true">"#,
            false,
        ),
    ] {
        let stage = live(&format!(r#"<div hx-ws="connect:/checked">{html}</div>"#)).await;
        fake.open();
        fire(&stage, "[hx-ws=send]", "submit");
        assert_eq!(!fake.sent().is_empty(), is_sent, "{html}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn wss_19_errors_that_a_hook_adds_stop_the_sending() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/added"><button hx-ws="send" name="k"></button></div>"#).await;
    fake.open();
    let adding = Listener::add(&stage, "htmx:wsConfigSend", |event: CustomEvent| {
        let errors = js_sys::Reflect::get(&event.detail(), &"errors".into()).unwrap();
        js_sys::Array::from(&errors); // it is a list
        wasm_bindgen::JsCast::unchecked_into::<js_sys::Array>(errors).push(&"not today".into());
    });
    let halted = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let heard = std::rc::Rc::clone(&halted);
    // WSV-03: the detail is the list.
    let _halted = Listener::add(&stage, "htmx:validation:halted", move |event: CustomEvent| {
        let list = js_sys::Array::from(&event.detail());
        heard
            .borrow_mut()
            .extend(list.iter().filter_map(|error| error.as_string()));
    });
    click(&stage, "button");
    assert!(fake.sent().is_empty());
    assert_eq!(*halted.borrow(), ["not today"]);
    drop(adding);
    click(&stage, "button");
    assert_eq!(fake.sent().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_04_headers_without_a_value_are_null() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/null" hx-headers='{"X-A":"far","X-B":"far"}'>
           <p hx-ws="send" hx-headers='{"X-A":"near"}'></p></div>"#,
    )
    .await;
    fake.open();
    click(&stage, "p");
    let sent: serde_json::Value = serde_json::from_str(&fake.sent()[0]).unwrap();
    let headers = &sent["HEADERS"];
    assert!(
        headers["HX-Trigger"].is_null() && headers["HX-Trigger-Name"].is_null(),
        "{sent}"
    );
    assert_eq!(
        (&headers["X-A"], &headers["X-B"]),
        (&"near".into(), &"far".into())
    ); // WSS-06
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_14_links_to_the_top_stay_where_they_are() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r##"<div hx-ws="connect:/links"><a hx-ws="send" href="#" name="a"></a><a hx-ws="send" href="#b"></a><a hx-ws="send" href="/c"></a></div>"##,
    )
    .await;
    fake.open();
    let prevented = |selector: &str| {
        let init = web_sys::EventInit::new();
        init.set_cancelable(true);
        let click = web_sys::Event::new_with_event_init_dict("click", &init).unwrap();
        find::<Element>(&stage, selector).dispatch_event(&click).unwrap();
        click.default_prevented()
    };
    let found = [r##"[href="#"]"##, r##"[href="#b"]"##, r#"[href="/c"]"#].map(prevented);
    assert_eq!(found, [true, false, true]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_closing_socket_swallows_nothing() {
    let fake = FakeWebSocket::install();
    let stage =
        live(r#"<div hx-ws="connect:/swallow"><button hx-ws="send" name="k" value="1"></button></div>"#)
            .await;
    for _ in 0..3 {
        click(&stage, "button");
    }
    // The first of those that waited makes a listener connect anew: the others go on waiting.
    let again = Listener::add(&stage, "htmx:wsAfterSend", |event: CustomEvent| {
        let wrapper = js_sys::Reflect::get(&event.detail(), &"socketWrapper".into()).unwrap();
        let reconnect: js_sys::Function = js_sys::Reflect::get(&wrapper, &"reconnect".into())
            .unwrap()
            .into();
        reconnect.call0(&wrapper).unwrap();
    });
    fake.open();
    drop(again);
    assert_eq!((fake.urls().len(), fake.sent().len()), (2, 0));
    fake.open();
    assert_eq!(fake.sent().len(), 2);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsc_16_a_sender_without_a_source_is_told() {
    let stage = stage(r#"<button hx-ws="send" name="a"></button>"#);
    processing::enter_sockets();
    let (heard, _listeners) = record(&stage, &["htmx:noWebSocketSourceError", "htmx:wsError"]);
    processors::process(&stage);
    click(&stage, "button");
    assert_eq!(*heard.borrow(), ["htmx:noWebSocketSourceError", "htmx:wsError"]);
    end(&stage);
}
