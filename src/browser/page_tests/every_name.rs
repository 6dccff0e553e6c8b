//! Consumers of every name.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::{at, eventually, find, record};
use crate::{EventNames, LiveEvent, SseSource, SseSwap, SseTrigger, SwapStyle};

#[wasm_bindgen_test]
async fn ssw_03_every_name_but_those_of_control_events() {
    let fake = FakeFetch::install();
    let triggered = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/any">
                <SseSwap tag="p" event=EventNames::any() swap=SwapStyle::BeforeEnd/>
                <SseTrigger
                    event=EventNames::any()
                    on_trigger=move |event: LiveEvent| triggered.update(|all| all.push(event.name.to_string()))
                />
                <SseSwap tag="b" event="two" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    assert_eq!(fake.field("method").as_deref(), Some("GET"));
    let (heard, _listeners) = record(&stage, &["sse:one", "sse:message"]);
    fake.open().await;
    let heartbeat = format!("event: ll:heartbeat\nid: {0}\ndata: {0}\n\n", at(1));
    fake.say(&format!(
        "{heartbeat}event: one\ndata: 1\n\nevent: ll:new\ndata: no\n\ndata: m\n\nevent: two\ndata: 2\n\n"
    ))
    .await;
    assert_eq!(html(&find(&stage, "p")), "1m2");
    assert_eq!(html(&find(&stage, "b")), "2");
    assert_eq!(triggered.get_untracked(), ["one", "message", "two"]);
    assert_eq!(*heard.borrow(), ["sse:one", "sse:message"]);
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssw_03_a_late_consumer_of_every_name_changes_how_the_stream_is_read() {
    let (fake, events) = (FakeFetch::install(), FakeEventSource::install());
    let shown = RwSignal::new(false);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/turns">
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
                <Show when=move || shown.get()>
                    <SseSwap tag="b" event=EventNames::any() swap=SwapStyle::BeforeEnd/>
                </Show>
            </SseSource>
        }
    })
    .await;
    events.open();
    events.say("ll:heartbeat", &at(3), &at(3));
    events.say("x", "4", &at(4));
    shown.set(true);
    eventually(|| fake.count() == 1).await;
    assert_eq!(
        (events.alive(), fake.last_header("last-event-id")),
        (0, Some(at(4)))
    );
    fake.open().await;
    fake.say(&format!("event: ll:heartbeat\nid: {0}\ndata: {0}\n\n", at(4)))
        .await;
    for offset in [4, 5] {
        let event = format!("event: x\nid: {}\ndata: {offset}\n\n", at(offset));
        fake.say(&event).await;
    }
    assert_eq!(html(&find(&stage, "p")), "45");
    assert_eq!(html(&find(&stage, "b")), "5");
    drop(handle);
    stage.remove();
}
