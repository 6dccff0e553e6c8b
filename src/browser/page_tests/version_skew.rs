//! Pages and servers of different ages.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted};
use super::fake_console::FakeConsole;
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{at, details, end, field, find, live, record};
use crate::browser::page;
use crate::browser::version_skew::is_news;
use crate::{EventNames, SseSource, SseSwap, SwapStyle, VersionSkew, WIRE_VERSION, WsSource};

#[wasm_bindgen_test]
async fn r29_a_server_of_another_version_is_told_of_and_understood_as_far_as_that_goes() {
    let (fake, sockets, console) = (
        FakeEventSource::install(),
        FakeWebSocket::install(),
        FakeConsole::install(),
    );
    let told = RwSignal::new(Vec::new());
    let tell = move |skew: VersionSkew| told.update(|all| all.push(skew.server));
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/skew" on_version=tell><SseSwap tag="p" event="x"/></SseSource>
            <WsSource connect="/skew" on_version=tell>""</WsSource>
        }
    })
    .await;
    let (heard, _listener) = details(&stage, "live:version");
    fake.open();
    sockets.open();
    // The same version is nothing to speak of.
    fake.say("ll:version", &WIRE_VERSION.to_string(), "");
    sockets.say(&format!(r#"{{"ll:version":"{WIRE_VERSION}"}}"#));
    assert_eq!((heard.borrow().len(), console.warnings().len()), (0, 0));
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("ll:version", "7", &at(3));
    sockets.say(r#"{"ll:version":"8"}"#);
    fake.say("x", "4", &at(4));
    assert_eq!(told.get_untracked(), [7, 8]);
    let detail = heard.borrow()[0].clone();
    let numbers = ["page", "server"].map(|name| field(&detail, name).as_f64());
    assert_eq!(numbers, [Some(f64::from(WIRE_VERSION)), Some(7.0)]);
    let warnings = console.warnings();
    assert_eq!(warnings.len(), 2);
    assert!(warnings[0].contains("found 7"), "{warnings:?}");
    assert_eq!(html(&find(&stage, "p")), "4");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn r29_words_of_a_later_version_are_passed_over() {
    let (fake, requests, sockets, console) = (
        FakeEventSource::install(),
        FakeFetch::install(),
        FakeWebSocket::install(),
        FakeConsole::install(),
    );
    let stage =
        live(r#"<div hx-sse="connect:/later swap:x">old</div><div hx-ws="connect:/later"></div>"#).await;
    let (heard, _listeners) = record(
        &stage,
        &[
            "htmx:sseBeforeMessage",
            "htmx:sseError",
            "htmx:wsBeforeMessage",
            "htmx:wsError",
            "live:version",
        ],
    );
    fake.open();
    sockets.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("ll:of-a-later-version", "x", &at(9));
    sockets.say(r#"{"ll:of-a-later-version":"x"}"#);
    sockets.say(r#"{"ll:of-a-later-version":{"of":"another form"}}"#);
    assert!(heard.borrow().is_empty(), "{:?}", heard.borrow());
    assert!(console.warnings().is_empty(), "{:?}", console.warnings());
    end(&stage);
    // Nor are they taken by who takes every name.
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/later"><SseSwap tag="p" event=EventNames::any() swap=SwapStyle::BeforeEnd/></SseSource>
        }
    })
    .await;
    requests.open().await;
    requests
        .say("event: ll:of-a-later-version\ndata: no\n\nevent: x\ndata: yes\n\n")
        .await;
    assert_eq!(html(&find(&stage, "p")), "yes");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
fn r29_a_tab_is_loaded_anew_once_for_each_server() {
    let memory = page::window().unwrap().session_storage().unwrap().unwrap();
    memory.clear().unwrap();
    let skew = |page: u32, server: u32| VersionSkew { page, server };
    assert!(is_news(&memory, skew(1, 2)));
    // It got the old program again.
    assert!(!is_news(&memory, skew(1, 2)));
    assert!(is_news(&memory, skew(1, 3)));
    // And the new server was taken back.
    assert!(is_news(&memory, skew(3, 1)));
    // Both are behind one address and take turns: the page was loaded anew for ever.
    assert!(!is_news(&memory, skew(1, 2)));
    assert!(!is_news(&memory, skew(1, 3)));
    memory.clear().unwrap();
}
