//! Sockets: addresses, receiving, closing.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

use super::fake_web_socket::FakeWebSocket;
use super::{end, eventually, find, live, pause, record};
use crate::browser::{dom, page};

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
async fn wsm_14_a_frame_does_not_replace_the_owner() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div id="wsm14" hx-ws="connect:/owner"><i id="wsm14i"></i></div>"#).await;
    fake.open();
    fake.say(r#"<div id="wsm14">gone</div><i id="wsm14i">in</i>"#);
    assert_eq!((fake.closed_with(), fake.urls().len()), (None, 1));
    assert_eq!(find::<Element>(&stage, "#wsm14 #wsm14i").inner_html(), "in");
    // Its content is fair game.
    fake.say(r#"<div id="wsm14" hx-swap-oob="innerHTML">new</div>"#);
    assert_eq!(find::<Element>(&stage, "#wsm14").inner_html(), "new");
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsm_03_a_form_may_have_controls_that_are_called_like_methods() {
    let fake = FakeWebSocket::install();
    let stage =
        live(r#"<div hx-ws="connect:/names"></div><form id="wsm03">old</form><i id="wsm03i"></i>"#).await;
    fake.open();
    let form =
        r#"<input name="text" value="1"><button name="remove"></button><button name="reset"></button>"#;
    for parts in ["", "<template></template>"] {
        fake.say(&format!(
            r#"<form id="wsm03">{form}</form><i id="wsm03i">in</i>{parts}"#
        ));
        assert_eq!(find::<Element>(&stage, "#wsm03").inner_html(), form);
        assert_eq!(find::<Element>(&stage, "#wsm03i").inner_html(), "in");
        find::<Element>(&stage, "#wsm03").set_text_content(None);
        find::<Element>(&stage, "#wsm03i").set_text_content(None);
    }
    fake.say(&format!(r#"<form id="wsm03">{form}</form>"#));
    let text = find::<HtmlInputElement>(&stage, "#wsm03 input");
    text.set_value("2");
    dom::reset(&find::<HtmlFormElement>(&stage, "#wsm03"));
    assert_eq!(text.value(), "1");
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsm_05_templates_carry_what_the_parser_would_drop() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/template"></div><table><tbody><tr id="wsm05"><td>old</td></tr></tbody></table>"#,
    )
    .await;
    fake.open();
    fake.say(r#"<template><tr id="wsm05"><td>new</td></tr></template>"#);
    assert_eq!(find::<Element>(&stage, "td").inner_html(), "new");
    end(&stage);
}

#[wasm_bindgen_test]
async fn r09_a_gap_on_a_socket_is_told_and_is_no_message() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/gap"></div>"#).await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["live:gap", "htmx:wsBeforeMessage"]);
    fake.say(r#"{"ll:gap":"evicted 0000000000000001-9"}"#);
    assert_eq!(*heard.borrow(), ["live:gap"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn r12_a_socket_says_too_that_its_server_is_cut_off() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/upstream"></div>"#).await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["live:upstream", "htmx:wsBeforeMessage"]);
    fake.say(r#"{"ll:upstream":"down"}"#);
    let source = find::<Element>(&stage, "div");
    assert_eq!(source.get_attribute("data-upstream").as_deref(), Some("down"));
    fake.say(r#"{"ll:upstream":"up"}"#);
    assert!(!source.has_attribute("data-upstream"));
    assert_eq!(*heard.borrow(), ["live:upstream", "live:upstream"]);
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
async fn wsm_13_binary_frames_are_told_and_left_alone() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div id="wsm13" hx-ws="connect:/binary"></div>"#).await;
    fake.open();
    let (heard, _listeners) = record(
        &stage,
        &["htmx:wsBeforeMessage", "htmx:wsAfterMessage", "htmx:wsError"],
    );
    let before = stage.inner_html();
    fake.say_value(&js_sys::ArrayBuffer::new(3));
    fake.say_value(&web_sys::Blob::new().unwrap());
    assert_eq!(
        *heard.borrow(),
        [
            "htmx:wsBeforeMessage",
            "htmx:wsAfterMessage",
            "htmx:wsBeforeMessage",
            "htmx:wsAfterMessage"
        ]
    );
    assert_eq!(stage.inner_html(), before);
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
