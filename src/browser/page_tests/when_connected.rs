//! When a source is connected: triggers, switches, vetoes, and by hand.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, HtmlElement};

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::{at, click, eventually, find, pause, record, state};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::{CloseReason, SseHandle, SseSource, SseSwap, SwapStyle, use_sse};

#[wasm_bindgen_test]
async fn sse_04_a_source_waits_for_its_trigger() {
    for (connect_on, waits) in [("load", false), ("every 30ms", true)] {
        let fake = FakeEventSource::install();
        let (stage, handle) = mounted(move || {
            view! { <SseSource connect="/load" connect_on=connect_on><SseSwap event="x"/></SseSource> }
        })
        .await;
        assert_eq!(fake.urls().is_empty(), waits, "{connect_on}");
        eventually(|| fake.alive() == 1).await;
        drop(handle);
        assert_eq!(fake.alive(), 0);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn sse_04_act_12_a_click_connects_and_another_one_does_nothing_until_the_stream_is_over() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <button id="sse04">"go"</button>
            <SseSource connect="/clicked" connect_on="click from:#sse04">
                <SseSwap tag="p" event="x"/>
            </SseSource>
        }
    })
    .await;
    assert_eq!((fake.urls().len(), state(&stage)), (0, "idle".to_owned()));
    for _ in 0..2 {
        click(&stage, "button");
        pause(0).await;
        assert_eq!(fake.urls(), ["/clicked"]);
    }
    fake.open();
    fake.say("x", "1", "");
    assert_eq!(html(&find(&stage, "p")), "1");
    fake.say("ll:close", "close", "");
    assert_eq!(state(&stage), "closed");
    click(&stage, "button");
    pause(0).await;
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    let button: HtmlElement = find(&stage, "button");
    drop(handle);
    button.click();
    pause(0).await;
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn sse_04_click_once_connects_once() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/once" connect_on="click once">"go"</SseSource> }
    })
    .await;
    for _ in 0..2 {
        click(&stage, "[data-state]");
        pause(0).await;
        assert_eq!(fake.urls().len(), 1);
        fake.say("ll:close", "close", "");
    }
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_trigger_that_cannot_be_read_connects_nothing() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/unread" connect_on="load dely:1s">""</SseSource> }
    })
    .await;
    assert_eq!(fake.urls().len(), 0);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn need_3_a_signal_connects_and_closes_and_resumes() {
    let fake = FakeEventSource::install();
    let (wanted, url) = (RwSignal::new(false), RwSignal::new("/switched".to_owned()));
    let closed = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource
                connect=url
                connect_when=wanted
                on_close=move |reason: CloseReason| closed.update(|all| all.push(reason))
            >
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    assert_eq!((fake.urls().len(), state(&stage)), (0, "idle".to_owned()));
    let (heard, _listeners) = record(&stage, &["htmx:sseClose", "live:resync"]);
    wanted.set(true);
    eventually(|| fake.alive() == 1).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("x", "4", &at(4));
    wanted.set(false);
    eventually(|| fake.alive() == 0).await;
    assert_eq!(
        (state(&stage), closed.get_untracked()),
        ("closed".to_owned(), vec![CloseReason::Released])
    );
    wanted.set(true);
    eventually(|| fake.alive() == 1).await;
    assert_eq!(fake.urls()[1], format!("/switched?last-event-id={}", at(4)));
    fake.open();
    fake.say("ll:heartbeat", &at(4), &at(4));
    fake.say("x", "5", &at(5));
    assert_eq!(html(&find(&stage, "p")), "45");
    assert_eq!(*heard.borrow(), ["htmx:sseClose"]);
    // ACT-11, while nobody wants it: nothing is opened, and what is opened next is the new one.
    wanted.set(false);
    eventually(|| fake.alive() == 0).await;
    url.set("/other".to_owned());
    pause(10).await;
    assert_eq!(fake.urls().len(), 2);
    wanted.set(true);
    eventually(|| fake.alive() == 1).await;
    assert_eq!(fake.urls()[2], "/other");
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_13_con_31_a_veto_comes_before_the_request() {
    let fake = FakeEventSource::install();
    let (allowed, asked, closed) = (RwSignal::new(false), RwSignal::new(0), RwSignal::new(Vec::new()));
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource
                connect="/veto"
                connect_on="load, go from:body"
                on_before_connect=move |()| {
                    asked.update(|count| *count += 1);
                    allowed.get()
                }
                on_close=move |reason: CloseReason| closed.update(|all| all.push(reason))
            >
                <SseSwap event="x"/>
            </SseSource>
        }
    })
    .await;
    pause(0).await;
    assert_eq!((fake.urls().len(), asked.get_untracked()), (0, 1));
    assert_eq!(
        (state(&stage), closed.get_untracked()),
        ("closed".to_owned(), vec![CloseReason::Vetoed])
    );
    let go = || {
        let event = Event::new("go").unwrap();
        page::body().unwrap().dispatch_event(&event).unwrap();
    };
    allowed.set(true);
    go();
    eventually(|| fake.alive() == 1).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    // Each reconnection is asked about, too.
    allowed.set(false);
    fake.fail(0);
    eventually(|| asked.get_untracked() == 3).await;
    assert_eq!((fake.urls().len(), state(&stage)), (1, "closed".to_owned()));
    allowed.set(true);
    go();
    eventually(|| fake.alive() == 1).await;
    assert_eq!(fake.urls()[1], format!("/veto?last-event-id={}", at(3)));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_13_of_sources_that_share_a_stream_each_decides_for_itself() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/veto2" on_before_connect=|()| false><SseSwap tag="p" event="x"/></SseSource>
            <SseSource connect="/veto2"><SseSwap tag="b" event="x"/></SseSource>
        }
    })
    .await;
    assert_eq!(fake.alive(), 1);
    fake.say("x", "1", "");
    assert_eq!(
        (html(&find(&stage, "p")), html(&find(&stage, "b"))),
        (String::new(), "1".to_owned())
    );
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

/// Keeps the handle of the source around it for the test.
#[component]
fn Keep(kept: RwSignal<Option<SseHandle>>) -> impl IntoView {
    kept.set(Some(use_sse()));
}

#[wasm_bindgen_test]
async fn ssx_08_by_hand() {
    let fake = FakeEventSource::install();
    let kept = RwSignal::new(None);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/hand" connect_on="by-hand">
                <Keep kept/>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    assert!(!use_sse().has_source());
    use_sse().open();
    let sse = kept.get_untracked().unwrap();
    assert_eq!(fake.urls().len(), 0);
    sse.open();
    sse.open();
    pause(0).await;
    assert_eq!(
        (fake.urls().len(), sse.state().get_untracked().as_str()),
        (1, "connecting")
    );
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    sse.close();
    sse.close();
    assert_eq!(
        (fake.alive(), sse.state().get_untracked().as_str()),
        (0, "closed")
    );
    sse.open();
    pause(0).await;
    assert_eq!(fake.urls()[1], format!("/hand?last-event-id={}", at(3)));
    // A server that ends the stream does not end what is asked for by hand.
    fake.open();
    fake.say("ll:close", "close", "");
    sse.open();
    assert_eq!((fake.urls().len(), fake.alive()), (3, 1));
    // Waiting to reconnect, it is opened at once.
    fake.fail(2);
    assert_eq!(sse.state().get_untracked().as_str(), "reconnecting");
    sse.open();
    assert_eq!((fake.urls().len(), fake.alive()), (4, 1));
    drop(handle);
    sse.open();
    pause(0).await;
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_pauses_another_source_in_the_middle_of_an_event_costs_it_nothing() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/amid"><SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/></SseSource>
            <SseSource connect="/amid" connect_on="load, back from:body" id="amid">
                <SseSwap tag="b" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    let other: Element = find(&stage, "#amid");
    let pausing = Listener::on(&find::<Element>(&stage, "p"), "htmx:sseMessage", move |_| {
        other.dispatch_event(&Event::new("htmx:abort").unwrap()).unwrap();
    });
    fake.say("x", "4", &at(4));
    drop(pausing);
    let shown = || ["p", "b"].map(|tag| html(&find(&stage, tag)));
    assert_eq!(shown(), ["4", ""]);
    let body = page::body().unwrap();
    body.dispatch_event(&Event::new("back").unwrap()).unwrap();
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(fake.urls()[1], format!("/amid?last-event-id={}", at(3)));
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    for offset in [4, 5] {
        fake.say("x", &offset.to_string(), &at(offset));
    }
    assert_eq!(shown(), ["45", "45"]);
    drop(handle);
    stage.remove();
}
