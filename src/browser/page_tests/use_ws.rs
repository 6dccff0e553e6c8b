//! The programmatic handle on a socket.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::mounted;
use super::fake_web_socket::FakeWebSocket;
use super::{pause, record, text};
use crate::{ConnectionState, SendError, WsHandle, WsSource, use_ws};

/// Hands out the handle of its place.
#[component]
fn Hold(held: RwSignal<Option<WsHandle>>) -> impl IntoView {
    let socket = use_ws();
    held.set(Some(socket));
    view! { <i>{move || socket.state().get().as_str()}</i> }
}

#[wasm_bindgen_test]
async fn wsq_08_a_handle_sends_closes_and_reconnects() {
    let fake = FakeWebSocket::install();
    let held = RwSignal::new(None);
    let (stage, handle) =
        mounted(move || view! { <WsSource connect="/handle"><Hold held/></WsSource> }).await;
    let socket = held.get_untracked().unwrap();
    assert_eq!(text(&stage, "i"), "connecting");
    // Before it is open, messages wait in order.
    socket.send("text").unwrap();
    socket.send_json(&("json", 1)).unwrap();
    socket.send_binary(&[1, 2]).unwrap();
    fake.open();
    pause(0).await;
    assert_eq!(text(&stage, "i"), "open");
    let sent = fake.sent_values();
    assert_eq!(
        (sent.get(0).as_string(), sent.get(1).as_string()),
        (Some("text".into()), Some(r#"["json",1]"#.into()))
    );
    let bytes: js_sys::ArrayBuffer = sent.get(2).dyn_into().unwrap();
    assert_eq!(js_sys::Uint8Array::new(&bytes).to_vec(), [1, 2]);
    socket.close();
    pause(0).await;
    assert_eq!(
        (text(&stage, "i").as_str(), fake.closed_with()),
        ("closed", Some(1000.0))
    );
    assert!(matches!(socket.send("late"), Err(SendError::Closed(_))));
    socket.reconnect();
    assert_eq!(fake.urls().len(), 2);
    assert_eq!(socket.state().get_untracked(), ConnectionState::Connecting);
    fake.open();
    socket.send("again").unwrap();
    assert_eq!(fake.sent(), ["again"]);
    socket.reconnect();
    assert_eq!(fake.urls().len(), 3);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsq_08_each_handle_is_that_of_the_source_around_it() {
    let fake = FakeWebSocket::install();
    let (inner, outer, none) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
    let (stage, handle) = mounted(move || {
        view! {
            <Hold held=none/>
            <WsSource connect="/outer">
                <WsSource connect="/inner"><Hold held=inner/></WsSource>
                <Hold held=outer/>
            </WsSource>
        }
    })
    .await;
    let first = |held: RwSignal<Option<WsHandle>>| held.get_untracked().unwrap();
    assert_eq!(first(none).send("x"), Err(SendError::NoSource));
    // The socket opened last is the inner one, as it is built inside the outer one.
    assert_eq!(fake.urls().len(), 2);
    first(inner).send("to inner").unwrap();
    first(outer).send("to outer").unwrap();
    fake.open();
    let last_url = fake.urls().remove(1);
    let expected = if last_url.ends_with("/inner") {
        "to inner"
    } else {
        "to outer"
    };
    assert_eq!(fake.sent(), [expected]);
    // Each opens and closes its own, also where a socket is shared.
    first(inner).close();
    first(inner).open();
    assert_eq!(fake.urls().len(), 3);
    drop(handle);
    // A handle that is kept does no harm.
    assert_eq!(first(inner).send("late"), Err(SendError::NoSource));
    first(inner).close();
    first(inner).reconnect();
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsq_08_closing_leaves_the_socket_to_those_who_share_it() {
    let fake = FakeWebSocket::install();
    let (one, two) = (RwSignal::new(None), RwSignal::new(None));
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/both"><Hold held=one/></WsSource>
            <WsSource connect="/both"><Hold held=two/></WsSource>
        }
    })
    .await;
    let (one, two): (WsHandle, WsHandle) = (one.get_untracked().unwrap(), two.get_untracked().unwrap());
    fake.open();
    one.close();
    assert_eq!(
        (fake.closed_with(), one.state().get_untracked().as_str()),
        (None, "closed")
    );
    assert!(matches!(one.send("x"), Err(SendError::Closed(_))));
    two.send("y").unwrap();
    assert_eq!(two.state().get_untracked(), ConnectionState::Open);
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeMessage"]);
    fake.say("x");
    assert_eq!(heard.borrow().len(), 1);
    one.open();
    assert_eq!(
        (fake.urls().len(), one.state().get_untracked()),
        (1, ConnectionState::Open)
    );
    one.close();
    two.close();
    assert_eq!(fake.closed_with(), Some(1000.0));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsq_08_what_a_handle_has_sent_is_not_lost_silently() {
    let fake = FakeWebSocket::install();
    let held = RwSignal::new(None);
    let (stage, handle) =
        mounted(move || view! { <WsSource connect="/silent"><Hold held/></WsSource> }).await;
    let socket: WsHandle = held.get_untracked().unwrap();
    let (heard, _listeners) = record(&stage, &["htmx:wsError"]);
    socket.send("waits").unwrap();
    socket.close();
    assert_eq!(heard.borrow().len(), 1);
    assert!(fake.urls().len() == 1);
    drop(handle);
    stage.remove();
}
