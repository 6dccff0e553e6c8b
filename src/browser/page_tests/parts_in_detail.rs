//! Out-of-band parts, closely: what listeners can do about them, how they are found, what becomes of them.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::swap_modifiers::consumer;
use super::{end, eventually, find, live, record, text};
use crate::browser::listener::Listener;
use crate::browser::page;

fn words(stage: &Element, selector: &str) -> String {
    find::<Element>(stage, selector)
        .text_content()
        .unwrap_or_default()
}

#[wasm_bindgen_test]
async fn oob_07_listeners_refuse_and_send_elsewhere() {
    let (fake, stage) = consumer(
        "",
        "",
        r#"<i id="o07a">0</i><i id="o07b">0</i><i id="o07c">0</i>"#,
    )
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:oobBeforeSwap", "htmx:oobAfterSwap"]);
    let answer = Rc::new(RefCell::new(""));
    let asked = Rc::clone(&answer);
    let elsewhere: Element = find(&stage, "#o07b");
    let _deciding = Listener::add(&stage, "htmx:oobBeforeSwap", move |event: CustomEvent| {
        let set = |name: &str, value: &wasm_bindgen::JsValue| {
            js_sys::Reflect::set(&event.detail(), &name.into(), value).unwrap();
        };
        match *asked.borrow() {
            "prevent" => event.prevent_default(),
            "shouldSwap" => set("shouldSwap", &false.into()),
            "target" => set("target", &elsewhere),
            _ => {}
        }
    });
    let say = |how: &'static str, number: &str| {
        answer.replace(how);
        fake.say(
            "x",
            &format!(r#"<i id="o07a" hx-swap-oob="innerHTML">{number}</i>"#),
            "",
        );
        ["#o07a", "#o07b"].map(|selector| words(&stage, selector))
    };
    assert_eq!(say("prevent", "1"), ["0", "0"]);
    assert_eq!(say("shouldSwap", "2"), ["0", "0"]);
    assert_eq!(say("target", "3"), ["0", "3"]);
    assert_eq!(say("", "4"), ["4", "3"]);
    let after = heard
        .borrow()
        .iter()
        .filter(|name| *name == "htmx:oobAfterSwap")
        .count();
    assert_eq!((heard.borrow().len(), after), (6, 2));
    end(&stage);
}

#[wasm_bindgen_test]
async fn oob_08_oob_09_oob_15_what_is_inserted_and_what_is_not() {
    let (fake, stage) = consumer("", "", r#"<i id="a.b:c #d">old</i>"#).await;
    let payload =
        r#"main<i id="a.b:c #d" hx-swap-oob="true">new</i><b id="nowhere" data-hx-swap-oob="true">lost</b>"#;
    fake.say("x", payload, "");
    assert_eq!(words(&stage, "i"), "new");
    assert_eq!(words(&stage, ".c"), "main");
    assert!(
        stage
            .query_selector("[hx-swap-oob],[data-hx-swap-oob]")
            .unwrap()
            .is_none()
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn oob_10_oob_12_rows_in_templates_find_a_table_that_came_with_them() {
    let (fake, stage) = consumer("", "", "").await;
    let payload = r#"<template><tr id="r10" hx-swap-oob="true"><td>new</td></tr></template>
        <table><tbody><tr id="r10"><td>old</td></tr></tbody></table>"#;
    fake.say("x", payload, "");
    assert_eq!(words(&stage, ".c td"), "new");
    assert!(stage.query_selector("template").unwrap().is_none());
    end(&stage);
}

#[wasm_bindgen_test]
async fn oob_16_which_parts_bring_themselves() {
    for (instruction, expected) in [
        ("true", "<u id=\"k16\">1</u>"),
        ("outerHTML", "<u id=\"k16\">1</u>"),
        ("innerHTML", "<s id=\"k16\">1</s>"),
        ("beforeend", "<s id=\"k16\">01</s>"),
        ("innerHTML strip:false", "<s id=\"k16\"><u id=\"k16\">1</u></s>"),
        ("outerHTML strip:true", "1"),
    ] {
        let (fake, stage) = consumer("", "", r#"<section><s id="k16">0</s></section>"#).await;
        let payload = format!(r#"<u id="k16" hx-swap-oob="{instruction} settle:0ms">1</u>"#);
        fake.say("x", &payload, "");
        assert_eq!(text(&stage, "section"), expected, "{instruction}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn oob_17_wsm_08_what_was_inserted_is_live() {
    let (fake, stage) = consumer("", "", "").await;
    let part = r#"<div id="l17" hx-swap-oob="innerHTML"><b hx-sse="swap:y"></b></div>"#;
    find::<Element>(&stage, ".c").set_id("l17");
    fake.say("x", part, "");
    fake.say("y", "1", "");
    assert_eq!(words(&stage, "b"), "1");
    end(&stage);
    let (streams, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    let stage = live(r#"<div hx-ws="connect:/live"><p id="l08"></p></div>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:load"]);
    sockets.open();
    sockets.say(r#"<p id="l08" hx-swap-oob="innerHTML"><u hx-sse="connect:/l08 swap:x"></u></p>"#);
    eventually(|| streams.urls() == ["/l08"]).await;
    streams.say("x", "2", "");
    assert_eq!(words(&stage, "u"), "2");
    eventually(|| heard.borrow().len() == 1).await;
    end(&stage);
    assert_eq!(streams.alive(), 0);
}

#[wasm_bindgen_test]
async fn ssw_11_wsm_07_con_17_modifiers_hold_on_every_channel() {
    let (streams, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    let stage = live(
        r#"<div hx-sse="connect:/all"><p hx-sse="swap:x" hx-swap="innerHTML swap:40ms settle:40ms"></p></div>
           <div hx-ws="connect:/all"></div><b id="w07"></b>"#,
    )
    .await;
    sockets.open();
    streams.say("x", "<i>1</i>", "");
    sockets.say(r#"<b id="w07" hx-swap-oob="innerHTML swap:40ms settle:40ms"><i>2</i></b>"#);
    let has = |selector: &str, class: &str| find::<Element>(&stage, selector).class_list().contains(class);
    for selector in ["p", "b"] {
        assert!(
            words(&stage, selector).is_empty() && has(selector, "htmx-swapping"),
            "{selector}"
        );
    }
    for (selector, shown) in [("p", "1"), ("b", "2")] {
        eventually(|| words(&stage, selector) == shown).await;
        eventually(|| !has(selector, "htmx-swapping") && !has(selector, "htmx-settling")).await;
    }
    end(&stage);
}

#[wasm_bindgen_test]
async fn set_06_settling_focuses_and_tells() {
    let (fake, stage) = consumer(r#"hx-swap="innerHTML settle:10ms""#, "", "").await;
    let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
    fake.say("x", r#"<b>1</b><input id="i06" autofocus>"#, "");
    eventually(|| heard.borrow().len() == 3).await;
    assert_eq!(*heard.borrow(), ["htmx:load", "htmx:load", "htmx:afterSettle"]);
    let focused = page::document().unwrap().active_element().unwrap();
    assert_eq!(focused.id(), "i06");
    end(&stage);
}

/// DIFFERENCE: htmx announces what nobody can see any more.
#[wasm_bindgen_test]
async fn set_06_what_was_replaced_before_it_settled_is_not_announced() {
    let (fake, stage) = consumer(r#"hx-swap="innerHTML settle:10ms""#, "", "").await;
    let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
    fake.say("x", "<b>1</b>", "");
    let replaced: Element = find(&stage, "b");
    let _hearing = Listener::on(&replaced, "htmx:load", |_| panic!("it is gone"));
    fake.say("x", "<b>2</b>", "");
    eventually(|| heard.borrow().len() == 3).await;
    assert_eq!(
        *heard.borrow(),
        ["htmx:afterSettle", "htmx:load", "htmx:afterSettle"]
    );
    end(&stage);
}
