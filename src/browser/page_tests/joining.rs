//! Sources that share a stream, and what those get that come late.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::mounted;
use super::fake_event_source::FakeEventSource;
use super::{at, end, eventually, live, text};
use crate::{SseSource, SseSwap};

const CONNECTING: u32 = 0;

#[wasm_bindgen_test]
async fn decision_5_sources_share_a_connection_from_the_oldest_position() {
    let fake = FakeEventSource::install();
    let stage = live(&format!(
        r#"<div hx-sse="connect:/shared" data-position="{}"><p class="a" hx-sse="swap:x" hx-swap="beforeend"></p></div>
           <div hx-sse="connect:/shared" data-position="{}"><p class="b" hx-sse="swap:x" hx-swap="beforeend"></p></div>"#,
        at(7),
        at(5)
    ))
    .await;
    assert_eq!(fake.urls(), [format!("/shared?last-event-id={}", at(5))]);
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    for offset in [6, 7, 8] {
        fake.say("x", &format!("{offset}"), &at(offset));
    }
    assert_eq!(
        (text(&stage, ".a"), text(&stage, ".b")),
        ("8".to_owned(), "678".to_owned())
    );
    // A source from an older page makes the connection start again, and nobody sees anything twice.
    let late = live(&format!(
        r#"<div hx-sse="connect:/shared" data-position="{}"><p hx-sse="swap:x" hx-swap="beforeend"></p></div>"#,
        at(6)
    ))
    .await;
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    assert_eq!(fake.urls()[1], format!("/shared?last-event-id={}", at(6)));
    fake.open();
    fake.say("ll:heartbeat", &at(6), &at(6));
    for offset in [7, 8, 9] {
        fake.say("x", &format!("{offset}"), &at(offset));
    }
    let shown = [text(&stage, ".a"), text(&stage, ".b"), text(&late, "p")];
    assert_eq!(shown, ["89", "6789", "789"]);
    end(&stage);
    assert_eq!(fake.alive(), 1);
    end(&late);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn decision_5_a_late_source_gets_the_newest_values_and_nobody_else_does() {
    let fake = FakeEventSource::install();
    let source = |position: &str| {
        format!(r#"<div hx-sse="connect:/late"{position}><p hx-sse="swap:x" hx-swap="beforeend"></p></div>"#)
    };
    let stage = live(&source(&format!(r#" data-position="{}""#, at(5)))).await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:latest", "latest", "");
    fake.say("x", "6", &at(6));
    // Two at once are one new connection.
    let late = live(&format!("<b>{}</b><i>{}</i>", source(""), source(""))).await;
    assert_eq!(fake.alive(), 1);
    assert_eq!(fake.urls()[1], format!("/late?last-event-id={},latest", at(6)));
    fake.open();
    fake.say("ll:heartbeat", &at(6), &at(6));
    fake.say("ll:latest", "latest", "");
    fake.say("ll:snapshot", &at(8), "");
    fake.say("x", "4", &at(6)); // without an id of its own it has the one before
    fake.say("x", "7", &at(7));
    fake.say("ll:live", &at(8), &at(8));
    fake.say("x", "9", &at(9));
    let shown = [text(&stage, "p"), text(&late, "b p"), text(&late, "i p")];
    assert_eq!(shown, ["679", "479", "479"]);
    // Whoever comes back asks for nothing but what is new.
    fake.fail(CONNECTING);
    eventually(|| fake.urls().len() == 3).await;
    assert_eq!(fake.urls()[2], format!("/late?last-event-id={}", at(9)));
    end(&stage);
    end(&late);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn decision_5_a_stream_without_newest_values_is_joined_as_it_is() {
    let fake = FakeEventSource::install();
    let html = r#"<div hx-sse="connect:/logs"><p hx-sse="swap:x" hx-swap="beforeend"></p></div>"#;
    let stage = live(html).await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("x", "6", &at(6));
    let late = live(html).await;
    fake.say("x", "7", &at(7));
    assert_eq!(
        (fake.urls().len(), text(&stage, "p"), text(&late, "p")),
        (1, "67".into(), "7".into())
    );
    end(&stage);
    end(&late);
}

/// The names of a source that was closed went on being listened to, for nobody.
#[wasm_bindgen_test]
async fn con_09_what_a_closed_source_listened_to_is_not_heard_any_more() {
    let fake = FakeEventSource::install();
    let is_there = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/left">
                <SseSwap tag="p" event="x"/>
            </SseSource>
            <Show when=move || is_there.get()>
                <SseSource connect="/left">
                    <SseSwap tag="b" event="y"/>
                </SseSource>
            </Show>
        }
    })
    .await;
    fake.open();
    let removed = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&removed);
    let note = Closure::<dyn Fn(String)>::new(move |name| noted.borrow_mut().push(name));
    Reflect::set(&fake.last(), &"removeEventListener".into(), note.as_ref()).unwrap();
    is_there.set(false);
    eventually(|| removed.borrow().iter().any(|name| name == "y")).await;
    assert_eq!((removed.borrow().len(), fake.alive()), (1, 1));
    Reflect::delete_property(&fake.last().into(), &"removeEventListener".into()).unwrap();
    drop(handle);
    stage.remove();
}

/// While a source was paused, what it alone listened to went on being heard, for nobody.
#[wasm_bindgen_test]
async fn con_09_what_a_source_that_is_away_listened_to_is_not_heard() {
    let fake = FakeEventSource::install();
    let is_on = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/away">
                <SseSwap tag="p" event="x"/>
            </SseSource>
            <SseSource connect="/away" connect_when=is_on>
                <SseSwap tag="b" event="y"/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    let removed = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&removed);
    let note = Closure::<dyn Fn(String)>::new(move |name| noted.borrow_mut().push(name));
    Reflect::set(&fake.last(), &"removeEventListener".into(), note.as_ref()).unwrap();
    is_on.set(false);
    eventually(|| *removed.borrow() == ["y"]).await;
    Reflect::delete_property(&fake.last().into(), &"removeEventListener".into()).unwrap();
    // It comes back, and gets what has passed unheard.
    is_on.set(true);
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(fake.urls()[1], format!("/away?last-event-id={}", at(5)));
    drop(handle);
    stage.remove();
}
