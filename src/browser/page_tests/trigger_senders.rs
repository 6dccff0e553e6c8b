//! What makes a sender send over its socket: all of `hx-trigger`.

use wasm_bindgen_test::wasm_bindgen_test;

use super::fake_web_socket::FakeWebSocket;
use super::trigger::fire;
use super::{end, eventually, live, pause, record};

#[wasm_bindgen_test]
async fn wss_01_wss_02_senders_know_every_trigger() {
    for (trigger, causes, expected) in [
        ("", vec!["click", "ping"], 1),
        ("ping", vec!["click", "ping"], 1),
        ("ping, pong", vec!["ping", "pong", "click"], 2),
        ("ping once", vec!["ping", "ping"], 1),
        (
            "ping[type == 'pong'], pong[type == 'pong']",
            vec!["ping", "pong"],
            1,
        ),
        ("load", vec![], 1),
        ("ping from:body", vec!["ping"], 1),
    ] {
        let socket = FakeWebSocket::install();
        let stage = live(&format!(
            r#"<div hx-ws="connect:/senders"><p hx-ws="send" hx-trigger="{trigger}" hx-vals='"a":1'></p></div>"#
        ))
        .await;
        socket.open();
        for cause in causes {
            fire(&stage, "p", cause);
        }
        pause(0).await;
        assert_eq!(socket.sent().len(), expected, "{trigger}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn wss_02_senders_poll_and_wait() {
    let socket = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/polling"><p hx-ws="send" hx-trigger="every 10ms" hx-vals='"poll":1'></p>
           <i hx-ws="send" hx-trigger="ping delay:20ms" hx-vals='"late":1'></i></div>"#,
    )
    .await;
    socket.open();
    eventually(|| socket.sent().len() > 2).await;
    for _ in 0..3 {
        fire(&stage, "i", "ping");
    }
    let late = || socket.sent().iter().filter(|text| text.contains("late")).count();
    assert_eq!(late(), 0);
    eventually(|| late() == 1).await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn trg_12_a_sender_that_is_triggered_tells_so() {
    let socket = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/tells"><p hx-ws="send" hx-vals='"a":1'></p></div>"#).await;
    socket.open();
    let (heard, _listeners) = record(&stage, &["htmx:trigger", "htmx:wsConfigSend"]);
    fire(&stage, "p", "click");
    assert_eq!(*heard.borrow(), ["htmx:trigger", "htmx:wsConfigSend"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn val_09_the_list_of_parameters_counts_for_sockets() {
    let socket = FakeWebSocket::install();
    for (params, expected) in [
        ("*", r#"{"a":1,"b":2}"#),
        ("none", "{}"),
        ("b", r#"{"b":2}"#),
        ("not b", r#"{"a":1}"#),
    ] {
        let stage = live(&format!(
            r#"<div hx-ws="connect:/params"><p hx-ws="send" hx-params="{params}" hx-vals='"a":1,"b":2'></p></div>"#
        ))
        .await;
        socket.open();
        fire(&stage, "p", "click");
        let mut sent: serde_json::Value = serde_json::from_str(socket.sent().last().unwrap()).unwrap();
        sent.as_object_mut().unwrap().remove("HEADERS");
        assert_eq!(sent.to_string(), expected, "{params}");
        end(&stage);
    }
}
