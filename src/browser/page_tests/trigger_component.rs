//! `<SseTrigger>`: what it asks, tells and sends.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::trigger::fire;
use super::{click, details, field, find, pause};
use crate::browser::listener::Listener;
use crate::{LiveEvent, RequestError, SseSource, SseTrigger, Values};

#[wasm_bindgen_test]
async fn sst_10_the_message_goes_along() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let (stage, handle) = mounted(|| {
        view! {
            <input id="sst10" name="room" value="7"/>
            <SseSource connect="/sst10">
                <SseTrigger
                    event="order"
                    trigger="click"
                    get="/a"
                    include="#sst10"
                    vals=|event: LiveEvent| Values::from([("id", event.data)]).with("name", event.name.as_str())
                    attr:hx-vals=r#""id":"none","kept":true"#
                />
            </SseSource>
        }
    })
    .await;
    events.say("order", "a&b", "");
    fetch.answer(0, 200, "").await;
    // Without a message there is nothing to make values of.
    fire(&stage, "[hx-get]", "click");
    assert_eq!(
        fetch.requests(),
        [
            "GET /a?room=7&kept=true&id=a%26b&name=order",
            "GET /a?room=7&id=none&kept=true"
        ]
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn sst_10_what_waits_keeps_its_own_message() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/sst10b">
                <SseTrigger event="n" get="/a" vals=|event: LiveEvent| Values::from([("id", event.data)])/>
            </SseSource>
        }
    })
    .await;
    for data in ["1", "2", "3"] {
        events.say("n", data, "");
    }
    fetch.answer(0, 200, "").await;
    assert_eq!(fetch.requests(), ["GET /a?id=1", "GET /a?id=3"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_goes_wrong_is_told_to_the_app() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let errors = RwSignal::new(Vec::new());
    let answers = RwSignal::new(0);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/errors">
                <SseTrigger
                    event="n"
                    tag="p"
                    get="/a"
                    on_error=move |error: RequestError| errors.update(|all| all.push(error))
                    on_after_swap=move |()| answers.update(|count| *count += 1)
                >
                    "old"
                </SseTrigger>
                <SseTrigger event="m" get="/b" target="#missing"
                    on_error=move |error: RequestError| errors.update(|all| all.push(error))/>
            </SseSource>
        }
    })
    .await;
    events.say("n", "", "");
    fetch.answer(0, 503, "sorry").await;
    events.say("n", "", "");
    fetch.fail(1).await;
    events.say("m", "", "");
    let told = errors.get_untracked();
    let url = || "/a".to_owned();
    assert_eq!(
        told[0],
        RequestError::Status {
            url: url(),
            status: 503
        }
    );
    assert!(matches!(&told[1], RequestError::Network { url: found, .. } if *found == url()));
    assert!(matches!(&told[2], RequestError::Target(text) if text.contains("#missing")));
    assert_eq!(
        (html(&find(&stage, "p")), answers.get_untracked()),
        ("old".to_owned(), 0)
    );
    events.say("n", "", "");
    fetch.answer(2, 200, "new").await;
    assert_eq!(
        (html(&find(&stage, "p")), answers.get_untracked()),
        ("new".to_owned(), 1)
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn sst_03_a_trigger_beside_events_needs_no_source() {
    let fetch = FakeFetch::install();
    let (stage, handle) = mounted(|| {
        view! { <SseTrigger trigger="load, ping once" get="https://elsewhere.example/a"/> }
    })
    .await;
    pause(0).await;
    // The app's author wrote the address.
    assert_eq!(fetch.requests(), ["GET https://elsewhere.example/a"]);
    fetch.answer(0, 204, "").await;
    for _ in 0..2 {
        fire(&stage, "[hx-get]", "ping");
    }
    fetch.answer(1, 204, "").await;
    assert_eq!(fetch.count(), 2);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn con_27_a_component_may_drop_what_a_throttle_holds_back() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/con27">
                <SseTrigger event="n" get="/trails" throttle=20/>
                <SseTrigger event="n" get="/drops" throttle=20 trailing=false/>
            </SseSource>
        }
    })
    .await;
    events.say("n", "", "");
    events.say("n", "", "");
    fetch.answer(0, 204, "").await;
    fetch.answer(1, 204, "").await;
    pause(80).await;
    assert_eq!(fetch.requests(), ["GET /trails", "GET /drops", "GET /trails"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn inh_04_a_component_overrides_what_it_inherits() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let (stage, handle) = mounted(|| {
        view! {
            <div hx-swap="beforeend" hx-target="#inh4">
                <SseSource connect="/inh4">
                    <SseTrigger event="a" get="/a"/>
                    <SseTrigger event="b" get="/b" swap=crate::SwapStyle::InnerHtml target="this"/>
                </SseSource>
                <i id="inh4">"0"</i>
            </div>
        }
    })
    .await;
    events.say("a", "", "");
    events.say("b", "", "");
    fetch.answer(0, 200, "1").await;
    fetch.answer(1, 200, "2").await;
    assert_eq!(html(&find(&stage, "i")), "01");
    assert_eq!(html(&find(&stage, "[hx-get='/b']")), "2");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn act_11_each_request_goes_to_the_address_of_its_moment() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let page = RwSignal::new(1);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/moments">
                <SseTrigger event="n" get=move || format!("/{}", page.get())>"none"</SseTrigger>
            </SseSource>
        }
    })
    .await;
    events.say("n", "", "");
    // The next one waits for its turn, and the address changes meanwhile.
    events.say("n", "", "");
    page.set(2);
    assert!(!fetch.is_aborted(0));
    fetch.answer(0, 200, "one").await;
    let place = find::<web_sys::Element>(&stage, "[hx-trigger]");
    assert_eq!(html(&place), "one");
    fetch.answer(1, 200, "two").await;
    assert_eq!(html(&place), "two");
    assert_eq!(place.get_attribute("hx-get").as_deref(), Some("/2"));
    // At once, before the attribute says so.
    page.set(3);
    events.say("n", "", "");
    assert_eq!(fetch.requests(), ["GET /1", "GET /1", "GET /3"]);
    drop(handle);
    stage.remove();
}

/// What was confirmed was the address that the page has told of.
#[wasm_bindgen_test]
async fn act_11_what_is_confirmed_goes_where_it_was_said_to_go() {
    let (_events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let item = RwSignal::new(1);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/confirmed">
                <SseTrigger trigger="click" delete=move || format!("/items/{}", item.get())>"delete"</SseTrigger>
            </SseSource>
        }
    })
    .await;
    let (asked, _listener) = details(&stage, "htmx:confirm");
    let holding = Listener::on(&stage, "htmx:confirm", |event| event.prevent_default());
    click(&stage, "[hx-trigger]");
    drop(holding);
    item.set(2);
    let detail = asked.borrow()[0].clone();
    assert_eq!(field(&detail, "path"), "/items/1");
    let issue: js_sys::Function = field(&detail, "issueRequest").unchecked_into();
    issue.call1(&JsValue::NULL, &JsValue::TRUE).unwrap();
    assert_eq!(fetch.requests(), ["DELETE /items/1"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_request_ends_with_its_component() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/gone"><SseTrigger event="n" get="/a"/></SseSource> }
    })
    .await;
    events.say("n", "", "");
    events.say("n", "", "");
    drop(handle);
    assert!(fetch.is_aborted(0));
    pause(20).await;
    assert_eq!(fetch.count(), 1);
    stage.remove();
}
