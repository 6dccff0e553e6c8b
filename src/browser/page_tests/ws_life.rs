//! The life of a socket: its events, its ends, and what comes after them.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::components::mounted;
use super::fake_web_socket::FakeWebSocket;
use super::ws_connecting::{at_once, stage_with_two, state};
use super::{end, eventually, find, live, pause, record};
use crate::browser::listener::Listener;
use crate::{RetryPolicy, SocketCodes, WsSource, WsSwap};

#[wasm_bindgen_test]
async fn wsc_18_wsv_01_wsr_21_the_events_of_a_life() {
    let fake = FakeWebSocket::install();
    let told = Rc::new(RefCell::new(Vec::new()));
    let stage = stage_with_two();
    find::<Element>(&stage, "#no").remove();
    let names = ["htmx:wsConnecting", "htmx:wsOpen", "htmx:wsClose", "htmx:wsError"];
    let _listeners = names.map(|name| {
        let (told, place) = (Rc::clone(&told), stage.clone());
        Listener::add(&stage, name, move |event: CustomEvent| {
            let get = |name: &str| js_sys::Reflect::get(&event.detail(), &name.into()).unwrap();
            let kind = match get("event").is_object() {
                true => js_sys::Reflect::get(&get("event"), &"type".into())
                    .unwrap()
                    .as_string(),
                false => None,
            };
            let has_wrapper = get("socketWrapper").is_object();
            let attempt = get("attempt").as_f64().map_or(-1, |attempt| attempt as i32);
            let text = format!(
                "{} {} {has_wrapper} {attempt} {}",
                event.type_(),
                kind.unwrap_or_default(),
                state(&place)
            );
            told.borrow_mut().push(text);
        })
    });
    crate::browser::processors::process(&stage);
    pause(0).await;
    fake.open();
    fake.fail();
    fake.end(1006);
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    fake.end(1000);
    assert_eq!(
        *told.borrow(),
        [
            // WSC-18: without a wrapper.
            "htmx:wsConnecting connecting false 0 ",
            "htmx:wsOpen open true 0 open",
            // WSR-16
            "htmx:wsError  true -1 open",
            // WSR-15: it comes for every close, and after the retry was scheduled.
            "htmx:wsClose close true -1 reconnecting",
            "htmx:wsConnecting connecting false 1 reconnecting",
            // WSR-21: the attempt that has succeeded.
            "htmx:wsOpen open true 1 open",
            "htmx:wsClose close true -1 closed",
        ]
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsc_19_wsr_12_an_owner_that_goes_while_connecting() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/going"></div>"#).await;
    assert_eq!((fake.urls().len(), fake.closed_with()), (1, None));
    end(&stage);
    assert_eq!(fake.closed_with(), Some(1000.0));
    // WSR-09, WSR-10: and one that goes while it waits to reconnect.
    let (stage, handle) =
        mounted(|| view! { <WsSource connect="/going" retry=at_once()>""</WsSource> }).await;
    fake.open();
    fake.end(1006);
    drop(handle);
    pause(30).await;
    assert_eq!(fake.urls().len(), 2);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsr_13_wsr_22_wsm_26_a_shared_socket_ends_with_its_last_source() {
    let fake = FakeWebSocket::install();
    let first = live(r#"<div hx-ws="connect:/shared"></div>"#).await;
    let second = live(r#"<div hx-ws="connect:/shared"></div>"#).await;
    assert_eq!(fake.urls().len(), 1);
    fake.open();
    end(&first);
    assert_eq!(fake.closed_with(), None);
    let (heard, _listeners) = record(&second, &["htmx:wsBeforeMessage", "htmx:wsError"]);
    fake.say("x");
    fake.fail();
    assert_eq!(*heard.borrow(), ["htmx:wsBeforeMessage", "htmx:wsError"]);
    // Taken away by a script: the next frame notices.
    second.remove();
    fake.say("x");
    assert_eq!(fake.closed_with(), Some(1000.0));
}

#[wasm_bindgen_test]
async fn wsr_01_wsr_07_con_07_codes_of_ones_own() {
    for (codes, code, is_retried) in [
        (SocketCodes::Only(&[4000]), 4000, true),
        (SocketCodes::Only(&[4000]), 1006, false),
        (SocketCodes::Any, 1000, true),
        (SocketCodes::Never, 1012, false),
        (SocketCodes::Transient, 1008, false),
    ] {
        let fake = FakeWebSocket::install();
        let (stage, handle) = mounted(move || {
            let retry = RetryPolicy {
                socket_codes: codes,
                ..at_once()
            };
            view! { <WsSource connect="/codes" retry>""</WsSource> }
        })
        .await;
        fake.open();
        fake.end(code);
        let expected = if is_retried { "reconnecting" } else { "closed" };
        assert_eq!(state(&stage), expected, "{codes:?} {code}");
        if is_retried {
            eventually(|| fake.urls().len() == 2).await;
        }
        drop(handle);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn wsr_03_wsr_08_delays_and_their_number_are_the_apps() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        let retry = RetryPolicy {
            max_attempts: Some(2),
            ..at_once()
        };
        view! { <WsSource connect="/delays" retry>""</WsSource> }
    })
    .await;
    for opened in 2..=3 {
        fake.end(1006);
        eventually(|| fake.urls().len() == opened).await;
    }
    fake.end(1006);
    assert_eq!(state(&stage), "closed");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsr_23_a_peer_that_falls_silent_is_dead() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        let retry = RetryPolicy {
            silence: 60,
            ..at_once()
        };
        view! { <WsSource connect="/silent" retry><WsSwap id="wsr23"/></WsSource> }
    })
    .await;
    fake.open();
    // A server without heartbeats may be silent for ever.
    pause(120).await;
    assert_eq!(fake.urls().len(), 1);
    fake.say(r#"{"ll:heartbeat":"0000000000000001-1"}"#);
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(state(&stage), "reconnecting");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsr_19_lif_12_the_back_forward_cache() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/cache"></div>"#).await;
    fake.open();
    let fire = |name: &str| {
        let init = web_sys::PageTransitionEventInit::new();
        init.set_persisted(true);
        let event = web_sys::PageTransitionEvent::new_with_event_init_dict(name, &init).unwrap();
        crate::browser::page::window()
            .unwrap()
            .dispatch_event(&event)
            .unwrap();
    };
    fire("pagehide");
    assert_eq!(fake.closed_with(), Some(1000.0));
    fire("pageshow");
    assert_eq!(fake.urls().len(), 2);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsr_14_wsr_15_every_close_is_told() {
    let fake = FakeWebSocket::install();
    let told = Rc::new(RefCell::new(Vec::new()));
    let stage = live(r#"<p hx-ws="connect:/told"></p>"#).await;
    let heard = Rc::clone(&told);
    let _listener = Listener::add(&stage, "htmx:wsClose", move |event: CustomEvent| {
        let get =
            |object: &wasm_bindgen::JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).unwrap();
        let closed = get(&event.detail(), "event");
        let text = format!(
            "{} {} {}",
            get(&closed, "type").as_string().unwrap(),
            get(&closed, "code").as_f64().unwrap(),
            get(&closed, "reason").as_string().unwrap()
        );
        heard.borrow_mut().push(text);
    });
    fake.open();
    fake.say(r#"{"ll:close":"close"}"#);
    // What is over already is not closed again.
    super::super::live_elements::release_with(&stage);
    // The owner goes.
    crate::browser::processors::process(&stage);
    pause(0).await;
    fake.open();
    end(&stage);
    assert_eq!(
        *told.borrow(),
        ["close 1000 ended by the server", "close 1000 released"]
    );
}
