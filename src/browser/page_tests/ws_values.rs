//! Frames that are values or bytes rather than HTML.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted};
use super::fake_web_socket::FakeWebSocket;
use super::{at, record};
use crate::{BinaryKind, DataEvent, MalformedMessage, Typed, WsSource};

#[wasm_bindgen_test]
async fn con_03_typed_frames_are_values_in_order() {
    let fake = FakeWebSocket::install();
    let values = RwSignal::new(Vec::new());
    let malformed = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        let codec = Typed::new(move |value: (u32, String)| values.update(|all| all.push(value)))
            .on_malformed(move |error: MalformedMessage| malformed.update(|all| all.push(error.kind)));
        view! { <WsSource connect="/typed" codec transform=|text: String| Some(text).filter(|text| text != "skip")>""</WsSource> }
    })
    .await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:wsError"]);
    let before = html(&stage);
    for frame in [r#"[1,"one"]"#, "skip", r#"[2]"#, "<b>html</b>", r#"[3,"three"]"#] {
        fake.say(frame);
    }
    assert_eq!(
        values.get_untracked(),
        [(1, "one".to_owned()), (3, "three".to_owned())]
    );
    assert_eq!(malformed.get_untracked(), ["typed frame", "typed frame"]);
    assert_eq!((heard.borrow().len(), html(&stage)), (2, before));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn con_03_events_of_topics_are_values_with_positions() {
    let fake = FakeWebSocket::install();
    let values = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        let codec = Typed::new(move |event: DataEvent<u32>| {
            values.update(|all| all.push((event.name.to_string(), event.position.offset, event.data)));
        });
        view! { <WsSource connect="/events" codec>""</WsSource> }
    })
    .await;
    fake.open();
    fake.say(&format!(r#"{{"event":"price","position":"{}","data":7}}"#, at(3)));
    assert_eq!(values.get_untracked(), [("price".to_owned(), 3, 7)]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_13_binary_frames_are_bytes() {
    let fake = FakeWebSocket::install();
    let received = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/bytes" on_binary={move |bytes: Vec<u8>| received.update(|all| all.push(bytes))}>
                ""
            </WsSource>
        }
    })
    .await;
    fake.open();
    assert_eq!(fake.binary_type(), "arraybuffer");
    for bytes in [&[1_u8, 2][..], &[], &[255]] {
        fake.say_value(&js_sys::Uint8Array::from(bytes).buffer());
    }
    fake.say("text is something else");
    assert_eq!(received.get_untracked(), [vec![1, 2], vec![], vec![255]]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn cfg_02_the_kind_of_binary_frames() {
    for (kind, expected) in [
        (BinaryKind::Blob, "blob"),
        (BinaryKind::ArrayBuffer, "arraybuffer"),
    ] {
        let fake = FakeWebSocket::install();
        let (stage, handle) = mounted(move || {
            // Sources that want another kind have another socket.
            view! {
                <WsSource connect="/kinds" binary_type=kind>""</WsSource>
                <WsSource connect="/kinds" binary_type=kind>""</WsSource>
                <WsSource connect="/kinds" binary_type=BinaryKind::ArrayBuffer>""</WsSource>
            }
        })
        .await;
        let sockets = if kind == BinaryKind::Blob { 2 } else { 1 };
        assert_eq!(fake.urls().len(), sockets);
        drop(handle);
        stage.remove();
        let (stage, handle) =
            mounted(move || view! { <WsSource connect="/kind" binary_type=kind>""</WsSource> }).await;
        assert_eq!(fake.binary_type(), expected);
        drop(handle);
        stage.remove();
    }
}
