//! The names and details of events, against htmx 2's: what a page's script could do there it can do here.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{click, details, end, field, find, fire, live, record, stage};
use crate::attributes;
use crate::browser::listener::Listener;
use crate::browser::{processing, processors};

const CONNECTING: u32 = 0;

#[wasm_bindgen_test]
async fn ssv_01_ssv_02_ssr_01_open_and_error() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/states"></div>"#).await;
    let element = object(&stage, "div");
    let (opened, _opening) = details(&stage, "htmx:sseOpen");
    let (failed, _failing) = details(&stage, "htmx:sseError");
    let (general, _erring) = details(&stage, "htmx:error");
    let (order, _listeners) = record(&stage, &["htmx:error", "htmx:sseError"]);
    fake.open();
    let source = fake.last();
    let detail = opened.borrow()[0].clone();
    assert_eq!(
        (field(&detail, "source"), field(&detail, "elt")),
        (source.clone(), element.clone())
    );
    fake.fail(CONNECTING);
    let detail = failed.borrow()[0].clone();
    assert_eq!(
        (field(&detail, "source"), field(&detail, "elt")),
        (source, element.clone())
    );
    assert_eq!(field(&detail, "error.type"), "error");
    assert_eq!(field(&general.borrow()[0], "errorInfo"), detail);
    assert_eq!(field(&general.borrow()[0], "elt"), element);
    assert_eq!(*order.borrow(), ["htmx:error", "htmx:sseError"]);
    fake.open(); // SSR-14
    assert_eq!(opened.borrow().len(), 2);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssv_03_ssv_04_ssv_07_a_message_is_its_own_detail() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/own"><p sse-swap="x"></p><i hx-trigger="sse:x"></i></div>"#).await;
    let heard: Vec<_> = ["htmx:sseBeforeMessage", "htmx:sseMessage", "sse:x"]
        .map(|name| details(&stage, name))
        .into();
    fake.say("x", "hello", "7");
    let counts: Vec<_> = heard.iter().map(|(details, _)| details.borrow().len()).collect();
    // SSV-03: nothing is asked before a trigger; SSV-04: both are told of after.
    assert_eq!(counts, [1, 2, 1]);
    for (details, _listener) in &heard {
        for detail in &*details.borrow() {
            assert!(detail.is_instance_of::<web_sys::MessageEvent>());
            let values = ["data", "type", "lastEventId"].map(|name| field(detail, name).as_string().unwrap());
            assert_eq!(values, ["hello", "x", "7"]);
            assert!(field(detail, "elt").is_instance_of::<Element>());
        }
    }
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssv_05_the_three_types_of_close() {
    let fake = FakeEventSource::install();
    for (kind, close) in [
        (
            "message",
            (|_, fake| fake.say("end", "", "")) as fn(&Element, &FakeEventSource),
        ),
        ("nodeReplaced", |stage, _| end(stage)),
        ("nodeMissing", |stage, fake| {
            find::<Element>(stage, "div").remove();
            fake.say("x", "", "");
        }),
    ] {
        let stage = live(r#"<div sse-connect="/types" sse-close="end" sse-swap="x"></div>"#).await;
        let element: Element = find(&stage, "div");
        let (closed, _listener) = details(&element, "htmx:sseClose");
        fake.open();
        let source = fake.last();
        close(&stage, &fake);
        let closed = closed.borrow();
        assert_eq!(closed.len(), 1, "{kind}");
        assert_eq!(
            (field(&closed[0], "type"), field(&closed[0], "source")),
            (kind.into(), source)
        );
        assert_eq!(field(&closed[0], "elt"), *AsRef::<JsValue>::as_ref(&element));
        // The end of the element is told, too, as in htmx.
        drop(closed);
        end(&stage);
    }
}

#[wasm_bindgen_test]
fn ssv_06_wsc_16_wsv_03_without_a_source() {
    processing::enter_streams();
    processing::enter_sockets();
    let stage = stage(r#"<p sse-swap="x"></p><button ws-send></button>"#);
    for (name, selector) in [
        ("htmx:noSSESourceError", "p"),
        ("htmx:noWebSocketSourceError", "button"),
    ] {
        let (missing, _listener) = details(&stage, name);
        let (general, _erring) = details(&stage, "htmx:error");
        processors::process(&find(&stage, selector));
        let detail = missing.borrow()[0].clone();
        // The name stands for the error, as in every error event of htmx that has no other.
        assert_eq!(field(&detail, "error"), name);
        assert_eq!(field(&detail, "elt"), object(&stage, selector));
        assert_eq!(field(&general.borrow()[0], "errorInfo"), detail);
    }
    end(&stage);
}

/// An element as the details of events have it.
fn object(stage: &Element, selector: &str) -> JsValue {
    find::<Element>(stage, selector).into()
}

/// An object's method, called without arguments other than these.
fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let method: Function = field(object, method).unchecked_into();
    method.apply(object, &arguments.iter().collect()).unwrap()
}

#[wasm_bindgen_test]
async fn wsv_01_wsq_08_a_socket_s_life_and_its_one_wrapper() {
    let sockets = FakeWebSocket::install();
    let names = [
        "htmx:wsConnecting",
        "htmx:wsOpen",
        "htmx:wsBeforeMessage",
        "htmx:wsAfterMessage",
        "htmx:wsError",
        "htmx:wsClose",
    ];
    let stage = stage(r#"<div ws-connect="/life"></div>"#);
    let (order, _listeners) = record(&stage, &names);
    let heard = names.map(|name| details(&stage, name));
    attributes::process(&stage);
    super::pause(0).await;
    sockets.open();
    sockets.say("<p id='nowhere'></p>");
    sockets.fail();
    sockets.end(1000);
    assert_eq!(*order.borrow(), names);
    let [connecting, opened, before, after, failed, closed] =
        heard.each_ref().map(|(details, _)| details.borrow()[0].clone());
    // WSC-18
    assert_eq!(field(&connecting, "event.type"), "connecting");
    assert!(!Reflect::has(&connecting, &"socketWrapper".into()).unwrap());
    assert_eq!(
        (field(&opened, "event.type"), field(&closed, "event.type")),
        ("open".into(), "close".into())
    );
    assert_eq!(
        (field(&closed, "event.code"), field(&failed, "error.type")),
        (1000.into(), "error".into())
    );
    for message in [&before, &after] {
        assert_eq!(field(message, "message"), "<p id='nowhere'></p>");
    }
    let wrapper = field(&opened, "socketWrapper");
    let element = object(&stage, "div");
    for detail in [&opened, &before, &after, &failed, &closed] {
        assert_eq!(
            (field(detail, "socketWrapper"), field(detail, "elt")),
            (wrapper.clone(), element.clone())
        );
    }
    for name in ["send", "sendImmediately", "reconnect"] {
        assert!(field(&wrapper, name).is_function(), "{name}");
    }
    assert!(Array::is_array(&field(&wrapper, "queue")));
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsv_02_wss_17_what_is_sent_and_how() {
    let sockets = FakeWebSocket::install();
    let stage = live(
        r#"<div ws-connect="/sends"><form ws-send name="f" hx-vals='{"n":7}'><input name="t" value="v"></form></div>"#,
    )
    .await;
    let (opened, _opening) = details(&stage, "htmx:wsOpen");
    sockets.open();
    let wrapper = field(&opened.borrow()[0], "socketWrapper");
    let names = ["htmx:wsConfigSend", "htmx:wsBeforeSend", "htmx:wsAfterSend"];
    let (order, _listeners) = record(&stage, &names);
    let heard = names.map(|name| details(&stage, name));
    fire(&stage, "form", "submit");
    assert_eq!(*order.borrow(), names);
    let [config, before, after] = heard.each_ref().map(|(details, _)| details.borrow()[0].clone());
    let form = object(&stage, "form");
    for detail in [&config, &before, &after] {
        assert_eq!(
            (field(detail, "socketWrapper"), field(detail, "elt")),
            (wrapper.clone(), form.clone())
        );
    }
    for values in ["parameters", "unfilteredParameters"] {
        assert_eq!(field(&config, &format!("{values}.t")), "v");
        assert_eq!(field(&config, &format!("{values}.n")), 7);
    }
    assert_eq!(field(&config, "headers.HX-Trigger-Name"), "f");
    assert_eq!(field(&config, "errors.length"), 0);
    assert_eq!(field(&config, "triggeringEvent.type"), "submit");
    assert!(field(&config, "messageBody").is_undefined());
    for detail in [&before, &after] {
        assert_eq!(field(detail, "message"), sockets.sent()[0].as_str());
    }
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsv_05_wsq_05_what_a_script_can_do() {
    let sockets = FakeWebSocket::install();
    let stage =
        live(r#"<div ws-connect="/scripted"><button ws-send name="a" value="1"></button></div>"#).await;
    let (opened, _opening) = details(&stage, "htmx:wsOpen");
    sockets.open();
    let wrapper = field(&opened.borrow()[0], "socketWrapper");
    // Its own body in place of the values, after WSQ-09: sending from inside a hook.
    let own = Listener::add(&stage, "htmx:wsConfigSend", |event: CustomEvent| {
        Reflect::set(&event.detail(), &"messageBody".into(), &"own".into()).unwrap();
        let wrapper = field(&event.detail(), "socketWrapper");
        call(&wrapper, "sendImmediately", &["before".into()]);
    });
    click(&stage, "button");
    drop(own);
    assert_eq!(sockets.sent(), ["before", "own"]);
    // A message by hand, with the element that is asked.
    let element = object(&stage, "button");
    let refusing = Listener::on(&stage, "htmx:wsBeforeSend", |event| event.prevent_default());
    call(&wrapper, "send", &["refused".into(), element.clone()]);
    drop(refusing);
    let (after, _listener) = details(&stage, "htmx:wsAfterSend");
    call(&wrapper, "send", &["taken".into(), element]);
    assert_eq!((sockets.sent().len(), after.borrow().len()), (3, 1));
    // WSQ-06, WSQ-07: the queue can be looked into and emptied, the socket exchanged.
    call(&wrapper, "reconnect", &[]);
    assert_eq!(sockets.urls().len(), 2);
    call(&wrapper, "send", &["waits".into()]);
    let queue: Array = field(&wrapper, "queue").unchecked_into();
    assert_eq!(
        (queue.length(), field(&queue.get(0), "message")),
        (1, "waits".into())
    );
    queue.set_length(0);
    sockets.open();
    assert!(sockets.sent().is_empty());
    assert_eq!(field(&opened.borrow()[1], "socketWrapper"), wrapper);
    // WSM-10: a frame that is refused.
    let refusing = Listener::on(&stage, "htmx:wsBeforeMessage", |event| event.prevent_default());
    let (shown, _showing) = details(&stage, "htmx:wsAfterMessage");
    sockets.say("<p></p>");
    drop(refusing);
    assert!(shown.borrow().is_empty());
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsv_02_wss_13_a_halted_send() {
    let sockets = FakeWebSocket::install();
    let stage =
        live(r#"<div ws-connect="/halted"><form ws-send><input name="t" required></form></div>"#).await;
    sockets.open();
    let (halted, _listener) = details(&stage, "htmx:validation:halted");
    fire(&stage, "form", "submit");
    let errors: Array = halted.borrow()[0].clone().unchecked_into();
    let error = errors.get(0);
    assert!(field(&error, "message").is_string() && field(&error, "validity.valueMissing").is_truthy());
    assert_eq!(field(&error, "elt"), object(&stage, "input"));
    assert_eq!(field(&errors, "elt"), object(&stage, "form"));
    end(&stage);
}

#[wasm_bindgen_test]
async fn section_7_every_event_bubbles_is_composed_and_can_be_cancelled() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/bubbles"></div>"#).await;
    let document = crate::browser::page::document().unwrap();
    let heard = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = std::rc::Rc::clone(&heard);
    let _listener = Listener::on(&document, "htmx:sseOpen", move |event| {
        assert!(event.bubbles() && event.composed() && event.cancelable());
        count.set(count.get() + 1);
    });
    fake.open();
    assert_eq!(heard.get(), 1);
    end(&stage);
}
