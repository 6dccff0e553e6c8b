//! Requests of one element go one at a time: `queue:`, `hx-sync`, `htmx:abort`, and the element's going.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_fetch::FakeFetch;
use super::request::member;
use super::trigger::fire;
use super::{end, eventually, find, live, pause, record, text};
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::listener::Listener;

/// The types of the events that have led to requests on the stage.
fn causes(stage: &Element) -> (Rc<RefCell<Vec<String>>>, Listener) {
    let causes = Rc::<RefCell<Vec<String>>>::default();
    let told = Rc::clone(&causes);
    let listener = Listener::add(stage, "htmx:configRequest", move |event: CustomEvent| {
        let cause = member(&event, "triggeringEvent.type").as_string();
        told.borrow_mut().push(cause.unwrap_or_default());
    });
    (causes, listener)
}

#[wasm_bindgen_test]
async fn trg_06_sst_09_what_waits_is_up_to_the_trigger() {
    for (rule, expected) in [
        ("", vec!["a", "d"]),
        ("queue:last", vec!["a", "d"]),
        ("queue:first", vec!["a", "b"]),
        ("queue:all", vec!["a", "b", "c", "d"]),
        ("queue:none", vec!["a"]),
    ] {
        let fetch = FakeFetch::install();
        let list = ["a", "b", "c", "d"]
            .map(|name| format!("{name} {rule}"))
            .join(",");
        let stage = live(&format!(r#"<p hx-get="/x" hx-trigger="{list}"></p>"#)).await;
        let (causes, _listener) = causes(&stage);
        for name in ["a", "b", "c", "d"] {
            fire(&stage, "p", name);
        }
        assert_eq!(*causes.borrow(), ["a"], "{rule}");
        for index in 0..expected.len() {
            assert_eq!(fetch.count(), index + 1, "{rule}");
            fetch.answer(index as u32, 200, "").await;
        }
        assert_eq!(*causes.borrow(), expected, "{rule}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn trg_06_hx_sync_between_elements() {
    for (rule, requested, aborted, later) in [
        ("drop", vec!["/a"], false, vec![]),
        ("abort", vec!["/a"], false, vec![]),
        ("replace", vec!["/a", "/c"], true, vec![]),
        ("queue", vec!["/a"], false, vec!["/c"]),
        ("queue first", vec!["/a"], false, vec!["/b"]),
        ("queue all", vec!["/a"], false, vec!["/b", "/c"]),
    ] {
        let fetch = FakeFetch::install();
        let stage = live(&format!(
            r#"<div hx-sync="this:{rule}"><p class="a" hx-get="/a" hx-trigger="ping" hx-sync="closest div:drop"></p>
               <p class="b" hx-get="/b" hx-trigger="ping"></p><p class="c" hx-get="/c" hx-trigger="ping"></p></div>"#
        ))
        .await;
        fire(&stage, ".a", "ping");
        if rule != "replace" {
            fire(&stage, ".b", "ping");
        }
        fire(&stage, ".c", "ping");
        let addresses = |from: usize| -> Vec<String> {
            fetch.requests()[from..]
                .iter()
                .map(|line| line.replace("GET ", ""))
                .collect()
        };
        assert_eq!(addresses(0), requested, "{rule}");
        assert_eq!(fetch.is_aborted(0), aborted, "{rule}");
        for index in 0..(requested.len() + later.len()) {
            if index > 0 || !aborted {
                fetch.answer(index as u32, 200, "").await;
            }
        }
        assert_eq!(addresses(requested.len()), later, "{rule}");
        end(&stage);
    }
}

// A rule of `hx-sync` was applied before anybody was asked, so that a refused request had aborted the one under way.
// DIFFERENCE: in htmx whatever refuses it after `htmx:confirm` still finds the other one aborted.
#[wasm_bindgen_test]
async fn trg_06_a_refused_replacement_aborts_nothing_and_those_that_wait_have_their_turn() {
    let fetch = FakeFetch::install();
    js_sys::eval("window.__confirm ??= window.confirm; window.confirm = () => false").unwrap();
    let stage = live(
        r##"<form><i class="b" hx-get="/b" hx-trigger="ping" hx-sync="closest form:queue all"></i>
           <i class="a" hx-get="/a" hx-trigger="ping" hx-sync="closest form:replace"></i>
           <i class="asks" hx-get="/a" hx-trigger="ping" hx-sync="closest form:replace" hx-confirm="Sure?"></i>
           <i class="lost" hx-get="/a" hx-trigger="ping" hx-sync="closest form:replace" hx-target="#nowhere"></i>
           <i class="far" hx-get="//elsewhere.example" hx-trigger="ping" hx-sync="closest form:replace"></i></form>"##,
    )
    .await;
    fire(&stage, ".b", "ping");
    fire(&stage, ".b", "ping");
    for name in [
        "htmx:confirm",
        "htmx:configRequest",
        "htmx:validateUrl",
        "htmx:beforeRequest",
    ] {
        let _listener = Listener::on(&find::<Element>(&stage, ".a"), name, |event| {
            event.prevent_default();
        });
        fire(&stage, ".a", "ping");
        assert!(!fetch.is_aborted(0), "{name}");
    }
    for selector in [".asks", ".lost", ".far"] {
        fire(&stage, selector, "ping");
        assert!(!fetch.is_aborted(0), "{selector}");
    }
    assert_eq!(fetch.requests(), ["GET /b"]);
    // Whoever has the lock still hands on.
    fetch.answer(0, 200, "").await;
    assert_eq!(fetch.requests(), ["GET /b", "GET /b"]);
    // And gives way to what is really sent.
    fire(&stage, ".a", "ping");
    assert!(fetch.is_aborted(1));
    assert_eq!(fetch.requests(), ["GET /b", "GET /b", "GET /a"]);
    js_sys::eval("window.confirm = window.__confirm").unwrap();
    end(&stage);
}

#[wasm_bindgen_test]
async fn trg_06_one_that_gives_way_goes_on_if_nothing_comes_of_the_other() {
    let fetch = FakeFetch::install();
    let stage = live(
        r#"<form hx-post="/form" hx-trigger="send"><p hx-get="/check" hx-trigger="ping" hx-sync="closest form:abort"></p></form>"#,
    )
    .await;
    fire(&stage, "p", "ping");
    let refusing = Listener::on(&find::<Element>(&stage, "form"), "htmx:configRequest", |event| {
        event.prevent_default();
    });
    fire(&stage, "form", "send");
    assert!(!fetch.is_aborted(0));
    drop(refusing);
    fire(&stage, "form", "send");
    assert!(fetch.is_aborted(0));
    assert_eq!(fetch.requests(), ["GET /check", "POST /form"]);
    end(&stage);
}

// DIFFERENCE: htmx announces it once more when its turn has come.
#[wasm_bindgen_test]
async fn a_request_that_waits_is_announced_once() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping"></p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:confirm", "htmx:configRequest"]);
    fire(&stage, "p", "ping");
    fire(&stage, "p", "ping");
    assert_eq!(
        *heard.borrow(),
        ["htmx:confirm", "htmx:configRequest", "htmx:confirm"]
    );
    fetch.answer(0, 200, "").await;
    assert_eq!((heard.borrow().len(), fetch.count()), (4, 2));
    // A question of the page's own, whose answer comes while another request is under way, is not asked again.
    let asking = Listener::add(&stage, "htmx:confirm", |event: CustomEvent| {
        event.prevent_default();
        let issue: js_sys::Function = member(&event, "issueRequest").into();
        issue.call1(&wasm_bindgen::JsValue::NULL, &true.into()).unwrap();
    });
    fire(&stage, "p", "ping");
    drop(asking);
    fetch.answer(1, 200, "").await;
    assert_eq!((heard.borrow().len(), fetch.count()), (6, 3));
    end(&stage);
}

// It was lost without a word: whoever was to make it had gone.
#[wasm_bindgen_test]
async fn what_waits_when_its_markup_changes_is_told() {
    let fetch = FakeFetch::install();
    let markup = |address: &str| {
        format!(r#"<p id="w6" hx-get="{address}" hx-trigger="ping" hx-swap="outerMorph">old</p>"#)
    };
    let stage = live(&markup("/x")).await;
    let (heard, _listeners) = record(&stage, &["htmx:sendAbort"]);
    fire(&stage, "p", "ping");
    fire(&stage, "p", "ping");
    fetch.answer(0, 200, &markup("/y")).await;
    assert_eq!((heard.borrow().len(), fetch.count()), (1, 1));
    // Nothing of it is left in the way of the next one.
    fire(&stage, "p", "ping");
    assert_eq!(fetch.requests(), ["GET /x", "GET /y"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn trg_06_a_request_with_abort_gives_way_to_others() {
    let fetch = FakeFetch::install();
    let stage = live(
        r#"<form hx-post="/form" hx-trigger="ping"><p hx-get="/check" hx-trigger="ping" hx-sync="closest form:abort"></p></form>"#,
    )
    .await;
    fire(&stage, "p", "ping");
    // The event went on to the form, which comes after it.
    assert_eq!(fetch.requests(), ["GET /check", "POST /form"]);
    assert_eq!((fetch.is_aborted(0), fetch.is_aborted(1)), (true, false));
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 2, "the form's own is not disturbed");
    end(&stage);
}

#[wasm_bindgen_test]
async fn htmx_abort_aborts_what_is_under_way_and_the_next_one_goes() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old<i></i></p>"#).await;
    let names = [
        "htmx:afterRequest",
        "htmx:sendAbort",
        "htmx:sendError",
        "htmx:error",
    ];
    let (heard, _listeners) = record(&stage, &names);
    fire(&stage, "p", "ping");
    fire(&stage, "p", "ping");
    // Meant for something else, it only comes by.
    dispatch(&find(&stage, "i"), "htmx:abort", &Detail::new());
    assert!(!fetch.is_aborted(0));
    dispatch(&find(&stage, "p"), "htmx:abort", &Detail::new());
    assert!(fetch.is_aborted(0));
    pause(0).await;
    assert_eq!(heard.take(), ["htmx:afterRequest", "htmx:sendAbort"]);
    assert_eq!(fetch.count(), 2);
    fetch.answer(1, 200, "new").await;
    assert_eq!(text(&stage, "p"), "new");
    end(&stage);
}

#[wasm_bindgen_test]
async fn what_waits_is_bounded_and_the_rest_is_told() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping queue:all"></p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:sendError"]);
    for _ in 0..103 {
        fire(&stage, "p", "ping");
    }
    assert_eq!((fetch.count(), heard.borrow().len()), (1, 2));
    end(&stage);
}

#[wasm_bindgen_test]
async fn requests_end_with_their_element() {
    let fetch = FakeFetch::install();
    let stage =
        live(r#"<section><p hx-get="/x" hx-trigger="ping" hx-indicator="section"></p></section>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:afterRequest", "htmx:sendAbort", "htmx:sendError"]);
    fire(&stage, "p", "ping");
    fire(&stage, "p", "ping");
    end(&find(&stage, "p"));
    assert!(fetch.is_aborted(0));
    eventually(|| !find::<Element>(&stage, "section").has_attribute("class")).await;
    assert!(heard.borrow().is_empty());
    assert_eq!(fetch.count(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn an_answer_for_whom_a_script_has_taken_away_is_not_used() {
    let fetch = FakeFetch::install();
    let stage =
        live(r##"<p hx-get="/x" hx-trigger="ping" hx-target="#stays"></p><i id="stays">old</i>"##).await;
    fire(&stage, "p", "ping");
    find::<Element>(&stage, "p").remove();
    fetch.answer(0, 200, "new").await;
    assert_eq!(text(&stage, "i"), "old");
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_08_what_was_disabled_meanwhile_requests_nothing() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<section><p hx-get="/x" hx-trigger="ping"></p></section>"#).await;
    let section: Element = find(&stage, "section");
    section.set_attribute("hx-disable", "").unwrap();
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 0);
    section.remove_attribute("hx-disable").unwrap();
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn hx_request_sets_a_time_limit() {
    let fetch = FakeFetch::install();
    let stage =
        live(r#"<p hx-get="/x" hx-trigger="ping" hx-request='"timeout":20,"noHeaders":true'></p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:afterRequest", "htmx:timeout", "htmx:sendAbort"]);
    fire(&stage, "p", "ping");
    assert_eq!(fetch.header(0, "HX-Request"), None);
    eventually(|| heard.borrow().len() == 2).await;
    assert_eq!(*heard.borrow(), ["htmx:afterRequest", "htmx:timeout"]);
    assert!(fetch.is_aborted(0));
    end(&stage);
}

#[wasm_bindgen_test]
async fn another_request_from_inside_of_an_event_waits() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping"></p>"#).await;
    let inner = stage.clone();
    let again = Listener::on(&stage, "htmx:configRequest", move |_| {
        fire(&inner, "p", "ping");
    });
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 1);
    drop(again);
    fetch.answer(0, 200, "").await;
    assert_eq!(fetch.count(), 2);
    end(&stage);
}
