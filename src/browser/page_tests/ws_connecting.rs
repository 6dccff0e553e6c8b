//! When a socket is opened, for whom, and when it is not.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::components::mounted;
use super::fake_web_socket::FakeWebSocket;
use super::{at, click, end, eventually, find, live, pause, record, stage};
use crate::browser::listener::Listener;
use crate::browser::{page, processing, processors};
use crate::{CloseReason, Jitter, RetryPolicy, WsForm, WsSource};

/// The state that an element shows; nothing before it has one.
pub(super) fn state(stage: &Element) -> String {
    let shown = stage.query_selector("[data-state]").unwrap();
    shown
        .and_then(|element| element.get_attribute("data-state"))
        .unwrap_or_default()
}

/// A policy that tries again at once.
pub(super) fn at_once() -> RetryPolicy {
    RetryPolicy {
        jitter: Jitter::None,
        ..RetryPolicy::default().with_delay(|_| 1)
    }
}

#[wasm_bindgen_test]
async fn wsc_04_a_socket_is_opened_by_a_trigger() {
    let fake = FakeWebSocket::install();
    let outside = stage(r#"<button id="join">join</button>"#);
    let (opened, closed) = (RwSignal::new(0), RwSignal::new(0));
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource
                connect="/trigger"
                connect_on="click from:#join"
                on_open=move |()| opened.update(|times| *times += 1)
                on_close=move |_: CloseReason| closed.update(|times| *times += 1)
            >
                <WsForm action="/"><input name="t" value="early"/></WsForm>
            </WsSource>
        }
    })
    .await;
    // What is sent before waits.
    find::<web_sys::HtmlFormElement>(&stage, "form")
        .request_submit()
        .unwrap();
    assert_eq!((fake_urls(&fake), state(&stage).as_str()), (0, "idle"));
    click(&outside, "#join");
    assert_eq!((fake_urls(&fake), state(&stage).as_str()), (1, "connecting"));
    fake.open();
    assert_eq!(fake.sent_json()[0]["t"], "early");
    click(&outside, "#join");
    assert_eq!(fake_urls(&fake), 1);
    assert_eq!(opened.get_untracked(), 1, "once, however often it is called");
    // Once more when it has ended.
    fake.end(4400);
    click(&outside, "#join");
    assert_eq!((fake_urls(&fake), closed.get_untracked()), (2, 1));
    drop(handle);
    stage.remove();
    outside.remove();
}

fn fake_urls(fake: &FakeWebSocket) -> usize {
    fake.urls().len()
}

#[wasm_bindgen_test]
async fn wsc_04_a_socket_is_open_while_a_signal_says_so() {
    let fake = FakeWebSocket::install();
    let wanted = RwSignal::new(false);
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/wanted" connect_when=wanted>""</WsSource> }
    })
    .await;
    assert_eq!(fake_urls(&fake), 0);
    for opened in 1..=2 {
        wanted.set(true);
        pause(0).await;
        assert_eq!((fake_urls(&fake), state(&stage).as_str()), (opened, "connecting"));
        fake.open();
        wanted.set(false);
        pause(0).await;
        assert_eq!(
            (fake.closed_with(), state(&stage).as_str()),
            (Some(1000.0), "closed")
        );
    }
    // Another source of the same socket keeps it open, and gets the frames alone.
    let heard = RwSignal::new(0);
    let (other, other_handle) = mounted(move || {
        view! { <WsSource connect="/wanted" on_message=move |_: String| heard.update(|n| *n += 1)>""</WsSource> }
    })
    .await;
    assert_eq!(fake_urls(&fake), 3);
    fake.open();
    let (here, _listeners) = record(&stage, &["htmx:wsBeforeMessage"]);
    fake.say("x");
    pause(60).await;
    assert_eq!((heard.get_untracked(), here.borrow().len()), (1, 0));
    wanted.set(true);
    pause(0).await;
    fake.say("x");
    assert_eq!((fake_urls(&fake), here.borrow().len()), (3, 1));
    drop((handle, other_handle));
    assert_eq!(fake.closed_with(), Some(1000.0));
    stage.remove();
    other.remove();
}

#[wasm_bindgen_test]
async fn wsc_17_an_attempt_can_be_refused() {
    let fake = FakeWebSocket::install();
    let asked = RwSignal::new(0);
    let closed = RwSignal::new(None);
    let (stage, handle) = mounted(move || {
        let on_before_connect = move |()| {
            asked.update(|times| *times += 1);
            asked.get_untracked() != 2
        };
        view! {
            <WsSource connect="/refused" retry=at_once() on_before_connect on_close=move |reason: CloseReason| closed.set(Some(reason))>
                ""
            </WsSource>
        }
    })
    .await;
    fake.open();
    // WSC-17: also each attempt to reconnect.
    fake.end(1006);
    eventually(|| closed.get_untracked().is_some()).await;
    assert_eq!(asked.get_untracked(), 2);
    assert_eq!(
        (fake_urls(&fake), closed.get_untracked()),
        (1, Some(CloseReason::Vetoed))
    );
    drop(handle);
    stage.remove();
    // In markup by the event, which comes before the socket; a source that does not refuse has it all the same.
    let both = stage_with_two();
    let refusing = Listener::add(&both, "htmx:wsConnecting", |event: CustomEvent| {
        let target: Element = wasm_bindgen::JsCast::unchecked_into(event.target().unwrap());
        if target.id() == "no" {
            event.prevent_default();
        }
    });
    crate::browser::processors::process(&both);
    pause(0).await;
    assert_eq!(fake_urls(&fake), 2);
    fake.open();
    let (heard, _listeners) = record(&both, &["htmx:wsBeforeMessage"]);
    fake.say("x");
    assert_eq!(heard.borrow().len(), 1);
    drop(refusing);
    end(&both);
}

pub(super) fn stage_with_two() -> Element {
    processing::enter_sockets();
    stage(r#"<p id="no" hx-ws="connect:/two"></p><p id="yes" hx-ws="connect:/two"></p>"#)
}

#[wasm_bindgen_test]
async fn wsc_17_another_address_is_asked_about_anew() {
    let fake = FakeWebSocket::install();
    let page = page::document().unwrap().document_element().unwrap();
    let refuse = Listener::add(&page, "htmx:wsConnecting", |event: CustomEvent| {
        event.prevent_default()
    });
    let stage = live(r#"<div hx-ws="connect:/first"></div>"#).await;
    assert_eq!(fake_urls(&fake), 0);
    drop(refuse);
    find::<Element>(&stage, "div")
        .set_attribute("hx-ws", "connect:/second")
        .unwrap();
    processors::process(&stage);
    pause(0).await;
    assert_eq!(fake.urls().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsc_17_a_listener_that_closes_or_connects_anew_breaks_nothing() {
    let fake = FakeWebSocket::install();
    let shown = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <Show when=move || shown.get()>
                <WsSource connect="/inside" on_before_connect=move |()| { shown.set(false); true }>""</WsSource>
            </Show>
        }
    })
    .await;
    pause(0).await;
    assert!(fake_urls(&fake) <= 1);
    assert!(fake_urls(&fake) == 0 || fake.closed_with() == Some(1000.0));
    drop(handle);
    stage.remove();
}

fn set_hidden(is_hidden: bool) {
    js_sys::eval(&format!(
        "Object.defineProperty(document, 'hidden', {{ configurable: true, value: {is_hidden} }});
         document.dispatchEvent(new Event('visibilitychange'))"
    ))
    .unwrap();
}

/// Whoever shared the socket let go of it while this source was hidden, which was then never connected again.
#[wasm_bindgen_test]
async fn wsr_18_a_hidden_source_comes_back_although_others_have_let_go_of_the_socket() {
    let fake = FakeWebSocket::install();
    let wanted = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/let-go" pause_when_hidden=true>""</WsSource>
            <WsSource connect="/let-go" connect_when=wanted>""</WsSource>
        }
    })
    .await;
    fake.open();
    set_hidden(true);
    assert_eq!((fake.closed_with(), state(&stage).as_str()), (None, "idle"));
    wanted.set(false);
    pause(0).await;
    assert_eq!(fake.closed_with(), Some(1000.0));
    set_hidden(false);
    js_sys::eval("delete document.hidden").unwrap();
    assert_eq!((fake_urls(&fake), state(&stage).as_str()), (2, "connecting"));
    drop(handle);
    stage.remove();
}

/// A source that was switched off was told what the socket of others did, and one that joined an open socket was not told
/// that it had missed something when that was opened anew.
#[wasm_bindgen_test]
async fn wsr_13_what_becomes_of_a_socket_is_told_to_those_who_want_it() {
    let fake = FakeWebSocket::install();
    let wanted = RwSignal::new(false);
    let (other, other_handle) =
        mounted(|| view! { <WsSource connect="/willing" retry=at_once()>""</WsSource> }).await;
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/willing" retry=at_once() connect_when=wanted>""</WsSource> }
    })
    .await;
    let names = [
        "htmx:wsOpen",
        "htmx:wsError",
        "htmx:wsClose",
        "live:gap",
        "live:resumed",
    ];
    let (heard, _listeners) = record(&stage, &names);
    fake.open();
    fake.say(&format!(r#"{{"ll:gap":"evicted {}"}}"#, at(9)));
    fake.fail();
    fake.end(1006);
    eventually(|| fake_urls(&fake) == 2).await;
    fake.open();
    assert!(heard.borrow().is_empty(), "{:?}", heard.borrow());
    wanted.set(true);
    pause(0).await;
    assert_eq!(state(&stage), "open");
    fake.end(1006);
    eventually(|| fake_urls(&fake) == 3).await;
    fake.open();
    assert_eq!(*heard.borrow(), ["htmx:wsClose", "htmx:wsOpen", "live:resumed"]);
    drop((handle, other_handle));
    stage.remove();
    other.remove();
}

#[wasm_bindgen_test]
async fn wsr_18_a_hidden_tab_can_pause_the_socket() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            <WsSource connect="/hidden" pause_when_hidden=true>
                <WsForm action="/"><input name="t" value="waits"/></WsForm>
            </WsSource>
            // DIFFERENCE: off unless asked for.
            <WsSource connect="/notified">""</WsSource>
        }
    })
    .await;
    assert_eq!(fake_urls(&fake), 2);
    set_hidden(true);
    assert_eq!(state(&stage), "idle");
    find::<web_sys::HtmlFormElement>(&stage, "form")
        .request_submit()
        .unwrap();
    set_hidden(false);
    js_sys::eval("delete document.hidden").unwrap();
    assert_eq!((fake_urls(&fake), state(&stage).as_str()), (3, "connecting"));
    assert!(fake.urls()[2].ends_with("/hidden"));
    fake.open();
    assert_eq!(fake.sent_json()[0]["t"], "waits");
    drop(handle);
    stage.remove();
}
