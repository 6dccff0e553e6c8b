//! Questions before a request: `hx-confirm`, which a script can ask in its own way, and `hx-prompt`.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::CustomEvent;

use super::fake_fetch::FakeFetch;
use super::request::member;
use super::trigger::fire;
use super::{end, live, pause};
use crate::browser::listener::Listener;

#[wasm_bindgen_test]
async fn hx_confirm_asks_and_a_script_can_ask_instead() {
    let fetch = FakeFetch::install();
    js_sys::eval("window.__confirm ??= window.confirm; window.confirm = text => { window.__asked = text; return window.__says; }")
        .unwrap();
    let stage = live(r#"<div hx-confirm="Sure?"><p hx-get="/x" hx-trigger="ping"></p></div>"#).await;
    for (says, expected) in [("false", 0), ("true", 1)] {
        js_sys::eval(&format!("window.__says = {says}")).unwrap();
        fire(&stage, "p", "ping");
        assert_eq!(fetch.count(), expected);
    }
    let asked = js_sys::eval("window.__asked").unwrap();
    assert_eq!(asked.as_string().as_deref(), Some("Sure?"));
    fetch.answer(0, 200, "x").await;
    // Held back, and let go later, without a second question.
    js_sys::eval("window.__asked = undefined; window.__says = false").unwrap();
    let kept = Rc::<RefCell<Option<js_sys::Function>>>::default();
    let keeper = Rc::clone(&kept);
    let _listener = Listener::add(&stage, "htmx:confirm", move |event: CustomEvent| {
        event.prevent_default();
        assert_eq!(member(&event, "question").as_string().as_deref(), Some("Sure?"));
        keeper.replace(Some(member(&event, "issueRequest").unchecked_into()));
    });
    fire(&stage, "p", "ping");
    pause(0).await;
    assert_eq!(fetch.count(), 1);
    let issue = kept.take().unwrap();
    issue.call1(&JsValue::NULL, &JsValue::TRUE).unwrap();
    assert_eq!(fetch.count(), 2);
    assert!(js_sys::eval("window.__asked").unwrap().is_undefined());
    js_sys::eval("window.confirm = window.__confirm").unwrap();
    end(&stage);
}

#[wasm_bindgen_test]
async fn hx_prompt_asks_for_a_header() {
    let fetch = FakeFetch::install();
    js_sys::eval("window.__prompt ??= window.prompt; window.prompt = text => window.__says").unwrap();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping" hx-prompt="Name?"></p>"#).await;
    js_sys::eval("window.__says = null").unwrap();
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 0);
    js_sys::eval("window.__says = 'Ada'").unwrap();
    fire(&stage, "p", "ping");
    assert_eq!(fetch.header(0, "HX-Prompt").as_deref(), Some("Ada"));
    js_sys::eval("window.prompt = window.__prompt").unwrap();
    end(&stage);
}
