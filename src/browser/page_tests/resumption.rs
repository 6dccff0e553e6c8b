//! What a source is told of what it has missed.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event};

use super::components::{mounted, shown};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::ws_connecting::at_once;
use super::{at, details, end, eventually, field, find, live, pause, quickly, record, text};
use crate::browser::listener::Listener;
use crate::{Resumption, SseSource, SseSwap, StreamRequest, SwapStyle, WsSource};

const CONNECTING: u32 = 0;

/// A position of the history that comes after that of `at`.
fn next(offset: u64) -> String {
    format!("0000000000000002-{offset}")
}

/// The word for each outcome that was told.
type Outcomes = RwSignal<Vec<&'static str>>;

fn telling(outcomes: Outcomes) -> impl Fn(Resumption) + Copy {
    move |resumption: Resumption| outcomes.update(|all| all.push(resumption.as_str()))
}

#[wasm_bindgen_test]
async fn r04_r07_each_resumption_has_one_outcome_and_the_snapshot_follows_a_loss() {
    let fake = FakeEventSource::install();
    let outcomes = Outcomes::default();
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/outcomes" retry=quickly() on_resume=telling(outcomes)>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    let told = || outcomes.get_untracked().join(" ");
    let broken = async |opened: usize| {
        fake.fail(CONNECTING);
        eventually(|| fake.urls().len() == opened).await;
        fake.open();
    };
    // A beginning is no resumption.
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("ll:version", "1", &at(3));
    fake.say("x", "4", &at(4));
    assert_eq!(told(), "");
    // Told when nothing more can be said of a loss, and not before.
    broken(2).await;
    fake.say("ll:heartbeat", &at(4), &at(4));
    assert_eq!(told(), "");
    fake.say("ll:version", "1", &at(4));
    assert_eq!(told(), "exact");
    // A loss within the history, and what is kept.
    broken(3).await;
    fake.say("ll:heartbeat", &at(4), &at(4));
    fake.say("ll:gap", &format!("evicted {} {}", at(9), at(4)), &at(4));
    fake.say("ll:version", "1", &at(4));
    fake.say("ll:snapshot", &at(11), &at(4));
    fake.say("x", "a", &at(10));
    fake.say("x", "b", &at(11));
    fake.say("ll:live", &at(11), &at(11));
    assert_eq!((told(), shown(&stage, "p")), ("exact gap".into(), "4ab".into()));
    // Another history, whose events count from the beginning.
    broken(4).await;
    fake.say("ll:heartbeat", &next(0), &next(0));
    fake.say("ll:gap", &format!("epoch {} {}", next(0), at(11)), &next(0));
    fake.say("ll:version", "1", &next(0));
    fake.say("ll:snapshot", &next(2), &next(0));
    fake.say("x", "c", &next(1));
    fake.say("x", "d", &next(2));
    fake.say("ll:live", &next(2), &next(2));
    assert_eq!(
        (told(), shown(&stage, "p")),
        ("exact gap reset".into(), "4abcd".into())
    );
    // A server that says nothing of its version.
    broken(5).await;
    fake.say("ll:heartbeat", &next(2), &next(2));
    fake.say("x", "e", &next(3));
    fake.say("x", "f", &next(4));
    assert_eq!(told(), "exact gap reset exact");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn f05_the_first_connection_of_a_rendered_page_is_a_resumption() {
    let fake = FakeEventSource::install();
    let stage = live(&format!(
        r#"<div hx-sse="connect:/rendered" data-position="{}"><p hx-sse="swap:x"></p></div>
           <div hx-sse="connect:/rendered" data-position="{}"></div>
           <div hx-sse="connect:/rendered"></div>"#,
        at(5),
        at(12)
    ))
    .await;
    let (heard, _listener) = details(&stage, "live:resumed");
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:gap", &format!("evicted {} {}", at(9), at(5)), &at(5));
    fake.say("ll:version", "1", &at(5));
    // Of several that share the stream, each has its own; the last one was rendered at no position.
    let word = |detail: &JsValue, name: &str| field(detail, name).as_string().unwrap_or_default();
    let words = |detail: &JsValue| ["outcome", "reason", "from", "to"].map(|name| word(detail, name));
    let told: Vec<_> = heard.borrow().iter().map(words).collect();
    let none = String::new;
    assert_eq!(
        told,
        [
            ["gap".into(), "evicted".into(), at(5), at(9)],
            ["exact".into(), none(), none(), none()]
        ]
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn r07_a_snapshot_is_for_those_who_have_lost_something() {
    let fake = FakeEventSource::install();
    let stage = live(&format!(
        r#"<div hx-sse="connect:/lost" data-position="{}"><p hx-sse="swap:x" hx-swap="beforeend"></p></div>
           <div hx-sse="connect:/lost" data-position="{}"><b hx-sse="swap:x" hx-swap="beforeend"></b></div>"#,
        at(5),
        at(11)
    ))
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:gap", &format!("evicted {} {}", at(9), at(5)), &at(5));
    fake.say("ll:snapshot", &at(12), &at(5));
    // A newest value that is older than the cursor has no id of its own, and is taken all the same.
    fake.say("x", "old", &at(5));
    for offset in [10, 11, 12] {
        fake.say("x", &offset.to_string(), &at(offset));
    }
    fake.say("ll:live", &at(12), &at(12));
    fake.say("x", "13", &at(13));
    assert_eq!(
        (text(&stage, "p"), text(&stage, "b")),
        ("old10111213".into(), "1213".into())
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_29_a_stream_that_cannot_say_what_was_missed_is_reset() {
    let fake = FakeFetch::install();
    let outcomes = Outcomes::default();
    let on = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource
                connect="/unknown"
                request=StreamRequest::get()
                connect_when=on
                on_resume=telling(outcomes)
            >
                <SseSwap/>
            </SseSource>
        }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["live:resync", "live:resumed", "live:gap"]);
    fake.open().await;
    fake.say("data: a\n\n").await;
    on.set(false);
    pause(0).await;
    on.set(true);
    pause(0).await;
    fake.open().await;
    fake.say("data: b\n\n").await;
    assert_eq!(outcomes.get_untracked(), ["reset"]);
    assert_eq!(*heard.borrow(), ["live:resync", "live:resumed"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn r04_a_socket_that_is_open_again_has_missed_nobody_knows_what() {
    let fake = FakeWebSocket::install();
    let outcomes = Outcomes::default();
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/missed" retry=at_once() on_resume=telling(outcomes)>""</WsSource> }
    })
    .await;
    fake.open();
    assert_eq!(outcomes.get_untracked(), [""; 0]);
    fake.say(&format!(r#"{{"ll:gap":"evicted {}"}}"#, at(9)));
    fake.end(1006);
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    assert_eq!(outcomes.get_untracked(), ["gap", "reset"]);
    drop(handle);
    stage.remove();
}

/// A source that a listener had just paused was told of a loss all the same, and again when it came back.
#[wasm_bindgen_test]
async fn r04_who_is_paused_in_the_middle_of_a_loss_is_not_told_of_it_yet() {
    let fake = FakeEventSource::install();
    let position = at(5);
    let stage = live(&format!(
        r#"<div hx-sse="connect:/amid-loss swap:x" data-position="{position}"></div>
           <p hx-sse="connect:/amid-loss swap:x" data-position="{position}"></p>"#
    ))
    .await;
    let other: Element = find(&stage, "p");
    let (heard, _listeners) = record(&other, &["live:gap", "live:resumed"]);
    let _pausing = Listener::on(&find::<Element>(&stage, "div"), "live:gap", move |_| {
        other.dispatch_event(&Event::new("htmx:abort").unwrap()).unwrap();
    });
    fake.open();
    fake.say("ll:heartbeat", &position, &position);
    fake.say("ll:gap", &format!("evicted {} {position}", at(9)), &position);
    fake.say("ll:version", "1", &position);
    assert!(heard.borrow().is_empty(), "{:?}", heard.borrow());
    end(&stage);
}

/// An `EventSource` that may not name its position begins at the present, and its source was told that it had missed
/// nothing.
#[wasm_bindgen_test]
async fn r04_a_stream_that_is_not_told_where_to_go_on_is_reset() {
    let fake = FakeEventSource::install();
    let outcomes = Outcomes::default();
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource
                connect="/unnamed"
                position_parameter=""
                retry=quickly()
                on_resume=telling(outcomes)
            >
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("ll:version", "1", &at(3));
    fake.say("x", "4", &at(4));
    assert_eq!(outcomes.get_untracked(), [""; 0]);
    fake.fail(CONNECTING);
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(fake.urls()[1], "/unnamed");
    fake.open();
    fake.say("ll:heartbeat", &at(9), &at(9));
    assert_eq!(outcomes.get_untracked(), [""; 0]);
    fake.say("ll:version", "1", &at(9));
    fake.say("x", "+10", &at(10));
    assert_eq!(outcomes.get_untracked(), ["reset"]);
    assert_eq!(shown(&stage, "p"), "4+10");
    drop(handle);
    stage.remove();
}

/// A server that did not read the position, or was not handed it, began at the present, and its source was told that it had
/// missed nothing.
#[wasm_bindgen_test]
async fn r04_a_stream_that_does_not_hear_where_to_go_on_is_reset() {
    let fake = FakeEventSource::install();
    let outcomes = Outcomes::default();
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/deaf" retry=quickly() on_resume=telling(outcomes)>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("ll:version", "1", &at(3));
    for begins_at in [at(5), at(5)] {
        fake.fail(CONNECTING);
        let opened = fake.urls().len();
        eventually(|| fake.urls().len() > opened).await;
        fake.open();
        fake.say("ll:heartbeat", &begins_at, &begins_at);
        fake.say("ll:version", "1", &begins_at);
    }
    // The second time nothing had happened meanwhile.
    assert_eq!(outcomes.get_untracked(), ["reset", "exact"]);
    fake.say("x", "6", &at(6));
    assert_eq!(shown(&stage, "p"), "6");
    drop(handle);
    stage.remove();
}

/// A source that came back to a socket which others had kept open learned of its loss when that was opened anew, at some
/// time later.
#[wasm_bindgen_test]
async fn r04_a_source_that_returns_to_an_open_socket_has_missed_nobody_knows_what() {
    let fake = FakeWebSocket::install();
    let outcomes = Outcomes::default();
    let on = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/kept">""</WsSource>
            <WsSource connect="/kept" connect_when=on retry=at_once() on_resume=telling(outcomes)>""</WsSource>
        }
    })
    .await;
    fake.open();
    on.set(false);
    pause(0).await;
    assert_eq!(outcomes.get_untracked(), [""; 0]);
    on.set(true);
    pause(0).await;
    assert_eq!((outcomes.get_untracked(), fake.urls().len()), (vec!["reset"], 1));
    fake.end(1006);
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    assert_eq!(outcomes.get_untracked(), ["reset", "reset"]);
    drop(handle);
    stage.remove();
}
