//! What becomes of answers: status, headers, redirections.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_fetch::FakeFetch;
use super::request::member;
use super::trigger::fire;
use super::{end, eventually, find, live, record, text};
use crate::browser::listener::Listener;
use crate::browser::page;

/// What stands in an element, without the class of what has not settled yet.
fn shown(stage: &Element, selector: &str) -> String {
    text(stage, selector).replace(r#" class="htmx-added""#, "")
}

#[wasm_bindgen_test]
async fn each_status_is_handled_as_in_htmx_2() {
    for (status, content, error) in [
        (200, "new", false),
        (201, "new", false),
        (204, "old", false),
        (286, "new", false),
        (404, "old", true),
        (422, "old", true),
        (500, "old", true),
    ] {
        let fetch = FakeFetch::install();
        let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old</p>"#).await;
        let (heard, _listeners) = record(&stage, &["htmx:responseError", "htmx:error"]);
        let seen = Rc::new(RefCell::new(String::new()));
        let told = Rc::clone(&seen);
        let _after = Listener::add(&stage, "htmx:afterRequest", move |event: CustomEvent| {
            let read = js_sys::Function::new_with_args(
                "d",
                "return [d.successful, d.failed, d.xhr.status, d.xhr.responseText, d.xhr.getResponseHeader('X-A'), d.requestConfig.verb, d.pathInfo.requestPath, d.target.tagName].join()",
            );
            let line = read.call1(&wasm_bindgen::JsValue::NULL, &event.detail()).unwrap();
            told.replace(line.as_string().unwrap());
        });
        fire(&stage, "p", "ping");
        fetch.answer_with(0, status, "new", &[("X-A", "b")]).await;
        assert_eq!(text(&stage, "p"), content, "{status}");
        let errors: &[&str] = if error {
            &["htmx:error", "htmx:responseError"]
        } else {
            &[]
        };
        assert_eq!(*heard.borrow(), errors, "{status}");
        let body = if status == 204 { "" } else { "new" };
        let expected = format!("{},{error},{status},{body},b,get,/x,P", !error);
        assert_eq!(*seen.borrow(), expected);
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn no_answer_is_told_and_the_next_one_works() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old</p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:afterRequest", "htmx:sendError", "htmx:error"]);
    fire(&stage, "p", "ping");
    fetch.fail(0).await;
    assert_eq!(
        *heard.borrow(),
        ["htmx:afterRequest", "htmx:error", "htmx:sendError"]
    );
    fire(&stage, "p", "ping");
    fetch.answer(1, 200, "new").await;
    assert_eq!(shown(&stage, "p"), "new");
    end(&stage);
}

#[wasm_bindgen_test]
async fn headers_change_where_an_answer_goes() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old</p><i>first</i><b></b>"#).await;
    let answer = "<u>1</u><s>2</s>";
    for (headers, paragraph, italic) in [
        (vec![("HX-Retarget", "next i")], "old", answer),
        (
            vec![("HX-Retarget", "next i"), ("HX-Reswap", "beforeend")],
            "old",
            "first<u>1</u><s>2</s>",
        ),
        (vec![("HX-Reselect", "s")], "<s>2</s>", "first"),
        (vec![("HX-Reswap", "none")], "old", "first"),
        (vec![("HX-Retarget", "#missing")], "old", "first"),
        (vec![("HX-Reswap", "nonsense")], "old", "first"),
    ] {
        let (heard, _listeners) = record(&stage, &["htmx:targetError"]);
        let index = fetch.count() as u32;
        fire(&stage, "p", "ping");
        fetch.answer_with(index, 200, answer, &headers).await;
        assert_eq!(
            (shown(&stage, "p"), shown(&stage, "i")),
            (paragraph.into(), italic.into()),
            "{headers:?}"
        );
        let is_bad = headers
            .iter()
            .any(|(_, value)| ["#missing", "nonsense"].contains(value));
        assert_eq!(heard.borrow().len(), usize::from(is_bad), "{headers:?}");
        crate::browser::dom::set_html(&find(&stage, "p"), &"old".into());
        crate::browser::dom::set_html(&find(&stage, "i"), &"first".into());
    }
    end(&stage);
}

#[wasm_bindgen_test]
async fn hx_select_and_scripts_choose_what_is_swapped() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<div hx-select="b"><p hx-get="/x" hx-trigger="ping">old</p></div><i></i>"#).await;
    fire(&stage, "p", "ping");
    fetch.answer(0, 200, "<u>1</u><b>2</b><div><b>3</b></div>").await;
    assert_eq!(shown(&stage, "p"), "<b>2</b><b>3</b>");
    // An error that a script shows, somewhere else and in its own words.
    let _listener = Listener::add(&stage, "htmx:beforeSwap", |event: CustomEvent| {
        js_sys::Function::new_with_args(
            "d",
            "d.shouldSwap = true; d.isError = false; d.target = document.querySelector('i'); d.serverResponse = '<b>sorry</b>'; d.selectOverride = 'unset'",
        )
        .call1(&wasm_bindgen::JsValue::NULL, &event.detail())
        .unwrap();
    });
    let (heard, _listeners) = record(&stage, &["htmx:responseError"]);
    fire(&stage, "p", "ping");
    fetch.answer(1, 500, "broken").await;
    assert_eq!(shown(&stage, "i"), "<b>sorry</b>");
    assert!(heard.borrow().is_empty());
    end(&stage);
}

#[wasm_bindgen_test]
async fn hx_trigger_headers_become_events() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping"></p><i id="told"></i>"#).await;
    let heard = Rc::<RefCell<Vec<String>>>::default();
    let listeners = [
        "one",
        "two",
        "three",
        "later",
        "last",
        "htmx:beforeSwap",
        "htmx:afterSwap",
        "htmx:afterSettle",
    ]
    .map(|name| {
        let told = Rc::clone(&heard);
        Listener::add(&stage, name, move |event: CustomEvent| {
            let target: Element = wasm_bindgen::JsCast::unchecked_into(event.target().unwrap());
            let value = member(&event, "value").as_string().unwrap_or_default();
            told.borrow_mut().push(
                format!("{} {} {value}", event.type_(), target.local_name())
                    .trim()
                    .to_owned(),
            );
        })
    });
    fire(&stage, "p", "ping");
    let headers = [
        ("HX-Trigger", "one, two"),
        ("HX-Trigger-After-Swap", "later"),
        ("HX-Trigger-After-Settle", "last"),
    ];
    fetch.answer_with(0, 200, "<b></b>", &headers).await;
    eventually(|| heard.borrow().last().is_some_and(|line| line.starts_with("last"))).await;
    let order = [
        "one p",
        "two p",
        "htmx:beforeSwap p",
        "htmx:afterSwap p",
        "later p",
        "htmx:afterSettle p",
        "last p",
    ];
    assert_eq!(heard.take(), order);
    // Details, and somebody else to tell.
    fire(&stage, "p", "ping");
    let json =
        r##"{"one": "text", "two": {"value": "object"}, "three": {"target": "#told", "value": "there"}}"##;
    fetch.answer_with(1, 204, "", &[("HX-Trigger", json)]).await;
    assert_eq!(heard.take()[..3], ["one p text", "two p object", "three i there"]);
    drop(listeners);
    end(&stage);
}

#[wasm_bindgen_test]
async fn s30_redirections_stay_within_the_origin() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old</p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:badResponseUrl"]);
    let refused = [
        ("HX-Redirect", "https://elsewhere.example/"),
        ("HX-Redirect", "//elsewhere.example/"),
        ("HX-Redirect", "/\t/elsewhere.example"),
        ("HX-Redirect", "\\\\elsewhere.example"),
        ("HX-Redirect", "javascript:window.__liveRan=1"),
        ("HX-Redirect", "data:text/html,x"),
        ("HX-Location", "java\tscript:window.__liveRan=1"),
        ("HX-Location", r#"{"path":"java\nscript:window.__liveRan=1"}"#),
        ("HX-Location", r#"{"target":"x"}"#),
    ];
    for (index, header) in refused.into_iter().enumerate() {
        fire(&stage, "p", "ping");
        fetch.answer_with(index as u32, 200, "new", &[header]).await;
        assert_eq!(heard.borrow().len(), index + 1, "{header:?}");
    }
    assert!(js_sys::eval("window.__liveRan").unwrap().is_undefined());
    assert_eq!(shown(&stage, "p"), "old");
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_redirection_within_the_origin_is_followed() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old</p>"#).await;
    // Within the page, so that the tests go on.
    for (index, (header, hash)) in [
        ("HX-Redirect", "#live-1"),
        ("HX-Location", "#live-2"),
        ("HX-Location", "#live-3"),
    ]
    .into_iter()
    .enumerate()
    {
        let value = if hash == "#live-3" {
            format!(r#"{{"path":"{hash}"}}"#)
        } else {
            hash.to_owned()
        };
        fire(&stage, "p", "ping");
        fetch
            .answer_with(index as u32, 200, "new", &[(header, &value)])
            .await;
        assert_eq!(page::window().unwrap().location().hash().unwrap(), hash);
        // Whoever leaves shows that it is busy.
        assert!(find::<Element>(&stage, "p").class_list().contains("htmx-request"));
    }
    assert_eq!(shown(&stage, "p"), "old");
    end(&stage);
}

#[wasm_bindgen_test]
async fn whoever_listens_further_up_hears_of_an_answer_that_took_the_element_away() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<section><p hx-get="/x" hx-trigger="ping" hx-swap="outerHTML"></p></section>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:afterRequest", "htmx:afterOnLoad"]);
    fire(&stage, "p", "ping");
    fetch.answer(0, 200, "<b>new</b>").await;
    assert_eq!(*heard.borrow(), ["htmx:afterRequest", "htmx:afterOnLoad"]);
    eventually(|| text(&stage, "section") == "<b>new</b>").await;
    end(&stage);
}
