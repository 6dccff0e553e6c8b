//! Credentials that are refused, and others that are had in their place.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::ws_connecting::at_once;
use super::{at, click, details, end, eventually, field, find, live, pause, quickly, state};
use crate::browser::page;
use crate::{CloseReason, Resumption, RetryPolicy, SseSource, SseSwap, StreamRequest, WsSend, WsSource};

const CLOSED: u32 = 2;

/// Delays that are longer than any test.
fn slowly() -> RetryPolicy {
    RetryPolicy::default().with_delay(|_| 60_000)
}

/// How often somebody was asked for credentials.
type Count = RwSignal<u32>;

fn more(count: Count) {
    count.update(|count| *count += 1);
}

#[wasm_bindgen_test]
async fn s16_a_stream_goes_on_with_the_token_that_was_renewed() {
    let fake = FakeFetch::install();
    let token = RwSignal::new("old".to_owned());
    let resumed = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        let request = StreamRequest::get().header("Authorization", move || token.get_untracked());
        let renew = move || async move {
            pause(20).await;
            token.set("new".to_owned());
            true
        };
        view! {
            <SseSource
                connect="/token"
                request
                retry=quickly()
                on_unauthorized=renew
                on_resume=move |found: Resumption| resumed.update(|all| all.push(found))
            >
                <SseSwap tag="p" event="x"/>
            </SseSource>
        }
    })
    .await;
    fake.open().await;
    fake.say(&format!(
        "event: ll:heartbeat\nid: {0}\ndata: {0}\n\nevent: x\nid: {1}\ndata: 4\n\n",
        at(3),
        at(4)
    ))
    .await;
    // The token has expired meanwhile.
    fake.end().await;
    eventually(|| fake.count() == 2).await;
    assert_eq!(fake.last_header("authorization").as_deref(), Some("old"));
    fake.stream(401, "text/plain").await;
    // It waits for the app, whatever its policy says.
    assert_eq!((state(&stage), fake.count()), ("reconnecting".to_owned(), 2));
    eventually(|| fake.count() == 3).await;
    assert_eq!(fake.last_header("authorization").as_deref(), Some("new"));
    assert_eq!(fake.last_header("last-event-id"), Some(at(4)));
    fake.open().await;
    fake.say(&format!(
        "event: ll:heartbeat\nid: {0}\ndata: {0}\n\nevent: ll:version\ndata: 1\n\n",
        at(4)
    ))
    .await;
    fake.say(&format!("event: x\nid: {}\ndata: 5\n\n", at(5))).await;
    assert_eq!(
        (html(&find(&stage, "p")), state(&stage)),
        ("5".to_owned(), "open".to_owned())
    );
    assert_eq!(resumed.get_untracked(), [Resumption::Exact]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn s16_no_other_credentials_or_none_that_do_end_it() {
    for (has_some, requests) in [(false, 1), (true, 4)] {
        let fake = FakeFetch::install();
        let (asked, reason) = (Count::new(0), RwSignal::new(None));
        let (stage, handle) = mounted(move || {
            let renew = move || async move {
                more(asked);
                has_some
            };
            view! {
                <SseSource
                    connect="/none"
                    request=StreamRequest::get()
                    retry=quickly()
                    on_unauthorized=renew
                    on_close=move |found: CloseReason| reason.set(Some(found))
                >
                    <SseSwap/>
                </SseSource>
            }
        })
        .await;
        for request in 1..=requests {
            eventually(|| fake.count() == request).await;
            fake.stream(401, "text/plain").await;
        }
        eventually(|| reason.get_untracked() == Some(CloseReason::Refused(401))).await;
        pause(20).await;
        assert_eq!((fake.count(), state(&stage)), (requests, "closed".to_owned()));
        assert_eq!(asked.get_untracked(), if has_some { 3 } else { 1 });
        drop(handle);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn s16_whoever_may_not_is_not_asked_who_else_they_are() {
    let fake = FakeFetch::install();
    let asked = Count::new(0);
    let (stage, handle) = mounted(move || {
        let renew = move || async move {
            more(asked);
            true
        };
        view! {
            <SseSource connect="/forbidden" request=StreamRequest::get() on_unauthorized=renew><SseSwap/></SseSource>
        }
    })
    .await;
    fake.stream(403, "text/plain").await;
    pause(20).await;
    assert_eq!((state(&stage), asked.get_untracked()), ("closed".to_owned(), 0));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn s16_an_event_source_asks_for_its_status_and_sources_that_share_it_are_asked_once() {
    let (fake, requests) = (FakeEventSource::install(), FakeFetch::install());
    let asked = Count::new(0);
    let (stage, handle) = mounted(move || {
        let renew = move || async move {
            more(asked);
            pause(10).await;
            true
        };
        view! {
            <SseSource connect="/cookie" retry=slowly()><SseSwap/></SseSource>
            <SseSource connect="/cookie" retry=slowly() on_unauthorized=renew><SseSwap/></SseSource>
            <SseSource connect="/cookie" retry=slowly() on_unauthorized=renew><SseSwap/></SseSource>
        }
    })
    .await;
    fake.fail(CLOSED);
    pause(0).await;
    requests.stream(401, "text/plain").await;
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    assert_eq!((asked.get_untracked(), state(&stage)), (1, "open".to_owned()));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn s16_a_socket_is_opened_again_and_what_waits_is_sent() {
    let fake = FakeWebSocket::install();
    let asked = Count::new(0);
    let (stage, handle) = mounted(move || {
        let renew = move || async move {
            more(asked);
            pause(10).await;
            asked.get_untracked() < 2
        };
        view! {
            <WsSource connect="/expires" retry=at_once() on_unauthorized=renew>
                <WsSend vals=r#""a": "1""#>"send"</WsSend>
            </WsSource>
        }
    })
    .await;
    fake.open();
    fake.end(4401);
    click(&stage, "button");
    assert_eq!(state(&stage), "reconnecting");
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    assert_eq!(fake.sent_json().len(), 1);
    // In the end there are no more.
    fake.end(4401);
    eventually(|| state(&stage) == "closed").await;
    pause(20).await;
    assert_eq!((asked.get_untracked(), fake.urls().len()), (2, 2));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn s16_markup_answers_by_an_event_with_a_promise() {
    for (answer, is_opened) in [
        ("new Promise((done) => setTimeout(done, 10))", true),
        ("true", true),
        ("Promise.resolve(false)", false),
        ("Promise.reject(new Error('no'))", false),
    ] {
        let fake = FakeWebSocket::install();
        let stage = live(r#"<div hx-ws="connect:/markup"></div>"#).await;
        let (heard, _listener) = details(&stage, "live:unauthorized");
        let answers = format!(
            "window.__answer = (event) => event.detail.waitUntil({answer});
             document.addEventListener('live:unauthorized', window.__answer)"
        );
        js_sys::eval(&answers).unwrap();
        fake.open();
        fake.end(4401);
        js_sys::eval("document.removeEventListener('live:unauthorized', window.__answer)").unwrap();
        if is_opened {
            eventually(|| fake.urls().len() == 2).await;
        } else {
            eventually(|| state(&stage) == "closed").await;
            assert_eq!(fake.urls().len(), 1);
        }
        let detail = heard.borrow()[0].clone();
        assert_eq!(field(&detail, "status").as_f64(), Some(4401.0));
        assert_eq!(
            field(&detail, "elt"),
            JsValue::from(find::<Element>(&stage, "div"))
        );
        end(&stage);
    }
    // Without an answer it ends, as ever.
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/markup"></div>"#).await;
    fake.open();
    fake.end(4401);
    assert_eq!(state(&stage), "closed");
    end(&stage);
}

#[wasm_bindgen_test]
async fn s16_r22_whoever_leaves_while_it_waits_is_not_connected() {
    let fake = FakeFetch::install();
    let (stage, handle) = mounted(move || {
        let renew = move || async move {
            pause(20).await;
            true
        };
        view! {
            <SseSource connect="/left" request=StreamRequest::get() retry=quickly() on_unauthorized=renew>
                <SseSwap/>
            </SseSource>
        }
    })
    .await;
    fake.stream(401, "text/plain").await;
    drop(handle);
    stage.remove();
    pause(60).await;
    assert_eq!(fake.count(), 1);
    // The page's network coming back is no reason to try what was refused.
    let (stage, handle) = mounted(move || {
        let never = move || std::future::pending::<bool>();
        view! {
            <SseSource connect="/never" request=StreamRequest::get() retry=quickly() on_unauthorized=never>
                <SseSwap/>
            </SseSource>
        }
    })
    .await;
    fake.stream(401, "text/plain").await;
    let window = page::window().unwrap();
    window
        .dispatch_event(&web_sys::Event::new("online").unwrap())
        .unwrap();
    pause(20).await;
    assert_eq!((fake.count(), state(&stage)), (2, "reconnecting".to_owned()));
    drop(handle);
    stage.remove();
}
