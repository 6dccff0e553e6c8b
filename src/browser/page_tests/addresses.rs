//! What a connection is opened with.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::mounted;
use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use crate::{SseSource, SseSwap, WsSource};

#[wasm_bindgen_test]
async fn sse_07_cookies_go_to_another_origin_only_if_asked_for() {
    for with_credentials in [false, true] {
        let fake = FakeEventSource::install();
        let (stage, handle) = mounted(move || {
            view! { <SseSource connect="https://other.example/s" with_credentials><SseSwap event="x"/></SseSource> }
        })
        .await;
        assert_eq!(fake.with_credentials(), with_credentials);
        drop(handle);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn wsc_10_sub_protocols_are_offered() {
    let sockets = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        let protocols = vec!["chat.v2".to_owned(), "chat.v1".to_owned()];
        view! { <WsSource connect="/protocols" protocols>""</WsSource> }
    })
    .await;
    assert_eq!(sockets.protocols(), ["chat.v2", "chat.v1"]);
    drop(handle);
    let (plain, handle) = mounted(|| view! { <WsSource connect="/plain">""</WsSource> }).await;
    assert!(sockets.protocols().is_empty());
    drop(handle);
    stage.remove();
    plain.remove();
}
