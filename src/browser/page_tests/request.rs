//! Requests: what they send, what is told about them, what shows that they are under way.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_fetch::FakeFetch;
use super::trigger::fire;
use super::{click, end, find, live, record, text};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::browser::request::stream;

/// The events of a request in the order of their coming.
pub(super) const EVENTS: [&str; 14] = [
    "htmx:trigger",
    "htmx:confirm",
    "htmx:configRequest",
    "htmx:validateUrl",
    "htmx:beforeRequest",
    "htmx:beforeSend",
    "htmx:beforeOnLoad",
    "htmx:beforeSwap",
    "htmx:responseError",
    "htmx:afterRequest",
    "htmx:afterOnLoad",
    "htmx:sendError",
    "htmx:sendAbort",
    "htmx:timeout",
];

/// A member of an event's detail; dots lead further in.
pub(super) fn member(event: &CustomEvent, path: &str) -> JsValue {
    path.split('.').fold(event.detail(), |at, name| {
        Reflect::get(&at, &name.into()).unwrap_or(JsValue::UNDEFINED)
    })
}

#[wasm_bindgen_test]
async fn sst_01_each_verb_and_where_its_values_go() {
    // Who embeds no stream asks for none.
    stream::unregister();
    let fetch = FakeFetch::install();
    for (index, verb) in ["get", "post", "put", "patch", "delete"].into_iter().enumerate() {
        let index = index as u32;
        let stage = live(&format!(
            r#"<button id="rq" name="k" value="1 &amp; 2" hx-{verb}="/x?y=%20#z" hx-trigger="ping" hx-headers='"X-A":"ü", "X-B":"日"'></button>"#
        ))
        .await;
        fire(&stage, "button", "ping");
        let in_query = matches!(verb, "get" | "delete");
        let query = if in_query {
            "/x?y=%20&k=1%20%26%202#z"
        } else {
            "/x?y=%20#z"
        };
        assert_eq!(
            fetch.requests().last(),
            Some(&format!("{} {query}", verb.to_uppercase()))
        );
        let (body, media_type) = if in_query {
            ("", None)
        } else {
            ("k=1%20%26%202", Some("application/x-www-form-urlencoded"))
        };
        assert_eq!(fetch.body(index), body);
        assert_eq!(fetch.header(index, "Content-Type").as_deref(), media_type);
        let url = page::window().unwrap().location().href().unwrap();
        for (name, value) in [
            ("HX-Request", Some("true")),
            ("HX-Trigger", Some("rq")),
            ("HX-Trigger-Name", Some("k")),
            ("HX-Target", Some("rq")),
            ("HX-Current-URL", Some(url.as_str())),
            ("X-A", Some("ü")),
            ("X-B", Some("%E6%97%A5")),
            ("X-B-URI-AutoEncoded", Some("true")),
            ("Accept", None),
        ] {
            assert_eq!(fetch.header(index, name).as_deref(), value, "{verb} {name}");
        }
        fetch.answer(index, 200, "done").await;
        assert_eq!(text(&stage, "button"), "done");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn trg_12_events_come_in_the_order_of_htmx() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping"></p>"#).await;
    let (heard, _listeners) = record(&stage, &EVENTS);
    fire(&stage, "p", "ping");
    let before = [
        "htmx:trigger",
        "htmx:confirm",
        "htmx:configRequest",
        "htmx:validateUrl",
        "htmx:beforeRequest",
        "htmx:beforeSend",
    ];
    assert_eq!(heard.take(), before);
    fetch.answer(0, 200, "x").await;
    let after = [
        "htmx:beforeOnLoad",
        "htmx:beforeSwap",
        "htmx:afterRequest",
        "htmx:afterOnLoad",
    ];
    assert_eq!(heard.take(), after);
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_script_can_refuse_at_every_step() {
    let fetch = FakeFetch::install();
    for (step, is_sent) in [
        ("htmx:confirm", false),
        ("htmx:configRequest", false),
        ("htmx:validateUrl", false),
        ("htmx:beforeRequest", false),
        ("htmx:beforeOnLoad", true),
        ("htmx:beforeSwap", true),
    ] {
        let stage = live(r#"<p hx-get="/x" hx-trigger="ping">old</p>"#).await;
        let refusing = Listener::on(&stage, step, |event| event.prevent_default());
        let before = fetch.count();
        fire(&stage, "p", "ping");
        assert_eq!(fetch.count() > before, is_sent, "{step}");
        if is_sent {
            fetch.answer(before as u32, 200, "new").await;
        }
        assert_eq!(text(&stage, "p"), "old", "{step}");
        drop(refusing);
        // It was this one time only, and nothing is left of it.
        fire(&stage, "p", "ping");
        let last = fetch.count() as u32 - 1;
        fetch.answer(last, 200, "new").await;
        assert_eq!(
            (text(&stage, "p"), fetch.count()),
            ("new".to_owned(), last as usize + 1)
        );
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn config_request_shows_everything_and_can_change_it() {
    let fetch = FakeFetch::install();
    let stage = live(
        r#"<form hx-post="/x" hx-params="not secret"><input name="a" value="1"><input name="a" value="2">
           <input name="gone" value="3"><input name="secret" value="4"></form>"#,
    )
    .await;
    let seen = Rc::<RefCell<Vec<String>>>::default();
    let told = Rc::clone(&seen);
    let _listener = Listener::add(&stage, "htmx:configRequest", move |event: CustomEvent| {
        let json = |path: &str| String::from(js_sys::JSON::stringify(&member(&event, path)).unwrap());
        told.borrow_mut().extend(
            [
                "verb",
                "path",
                "useUrlParams",
                "parameters.a",
                "unfilteredParameters.secret",
                "errors",
                "timeout",
            ]
            .map(json),
        );
        assert!(member(&event, "triggeringEvent").is_instance_of::<web_sys::SubmitEvent>());
        assert!(member(&event, "formData").is_instance_of::<web_sys::FormData>());
        let change = js_sys::Function::new_with_args(
            "detail",
            "detail.parameters.b = [5, 'six']; delete detail.parameters.gone; detail.parameters.append('c', '7');
             detail.headers['X-Mine'] = 'yes'; delete detail.headers['HX-Request']; detail.path = '/y';
             if (JSON.stringify(Object.keys(detail.parameters)) !== '[\"a\",\"b\",\"c\"]') throw 'keys';
             if (JSON.parse(JSON.stringify(detail.parameters)).c !== '7') throw 'json';",
        );
        change.call1(&JsValue::NULL, &event.detail()).unwrap();
    });
    fire_submit(&stage);
    assert_eq!(
        *seen.borrow(),
        [
            r#""post""#,
            r#""/x""#,
            "false",
            r#"["1","2"]"#,
            r#""4""#,
            "[]",
            "0"
        ]
    );
    assert_eq!(fetch.requests(), ["POST /y"]);
    assert_eq!(fetch.body(0), "a=1&a=2&b=5&b=six&c=7");
    assert_eq!(fetch.header(0, "X-Mine").as_deref(), Some("yes"));
    assert_eq!(fetch.header(0, "HX-Request"), None);
    end(&stage);
}

pub(super) fn fire_submit(stage: &Element) {
    find::<web_sys::HtmlFormElement>(stage, "form")
        .request_submit()
        .unwrap();
}

#[wasm_bindgen_test]
async fn config_request_takes_another_object_for_the_parameters() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<button hx-post="/x" name="a" value="1"></button>"#).await;
    let _listener = Listener::add(&stage, "htmx:configRequest", move |event: CustomEvent| {
        js_sys::Function::new_with_args("detail", "detail.parameters = { z: 1, y: { x: null } };")
            .call1(&JsValue::NULL, &event.detail())
            .unwrap();
    });
    click(&stage, "button");
    assert_eq!(fetch.body(0), "z=1&y=%7B%22x%22%3Anull%7D");
    end(&stage);
}

#[wasm_bindgen_test]
async fn hx_indicator_and_hx_disabled_elt_show_what_is_under_way() {
    let fetch = FakeFetch::install();
    let stage = live(
        r#"<div hx-indicator=".spinner" hx-disabled-elt="find button, next input"><p class="s" hx-get="/x" hx-trigger="ping"><button></button></p>
           <input><input disabled></div><i class="spinner"></i><u hx-get="/y" hx-trigger="ping" hx-indicator=".spinner"></u><b hx-get="/z" hx-trigger="ping"></b>"#,
    )
    .await;
    let marked = || {
        let all = stage.query_selector_all(".htmx-request").unwrap();
        let off = stage.query_selector_all("[disabled]").unwrap();
        (all.length(), off.length())
    };
    assert_eq!(marked(), (0, 1));
    fire(&stage, ".s", "ping");
    fire(&stage, "u", "ping");
    // The element itself, where it names nothing.
    fire(&stage, "b", "ping");
    assert_eq!(marked(), (2, 3));
    fetch.answer(0, 200, "").await;
    // One of two is still waited for, and what was disabled before stays so.
    assert_eq!(marked(), (2, 1));
    fetch.fail(1).await;
    assert_eq!(marked(), (1, 1));
    fetch.answer(2, 500, "").await;
    assert_eq!(marked(), (0, 1));
    assert!(!find::<Element>(&stage, "b").has_attribute("class"));
    end(&stage);
}

#[wasm_bindgen_test]
async fn s28_markup_requests_from_its_own_origin_only() {
    let fetch = FakeFetch::install();
    for address in ["https://elsewhere.example/x", "//elsewhere.example/x", "http://["] {
        let stage = live(&format!(r#"<p hx-get="{address}" hx-trigger="ping"></p>"#)).await;
        let (heard, _listeners) = record(&stage, &["htmx:invalidPath"]);
        fire(&stage, "p", "ping");
        assert_eq!((fetch.count(), heard.borrow().len()), (0, 1), "{address}");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn tgt_04_a_target_that_is_not_there_is_told_before_anything_is_sent() {
    let fetch = FakeFetch::install();
    let stage = live(r##"<p hx-get="/x" hx-trigger="ping" hx-target="#missing"></p>"##).await;
    let (heard, _listeners) = record(&stage, &["htmx:targetError", "htmx:error"]);
    fire(&stage, "p", "ping");
    assert_eq!(*heard.borrow(), ["htmx:error", "htmx:targetError"]);
    assert_eq!(fetch.count(), 0);
    end(&stage);
}
