//! Sources that pause while the tab is hidden.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::{at, find, pause, record, state};
use crate::{SseSource, SseSwap, StreamRequest, SwapStyle};

/// Makes the tab hidden for the page, until dropped.
struct Tab;

impl Tab {
    fn hide() -> Self {
        js_sys::eval(
            "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
             document.dispatchEvent(new Event('visibilitychange'));",
        )
        .unwrap();
        Self
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        js_sys::eval("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'));")
            .unwrap();
    }
}

#[wasm_bindgen_test]
async fn ss4_28_con_29_a_hidden_tab_has_no_stream_and_misses_nothing() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/paused" pause_when_hidden=true>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
        }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:sseClose", "live:resync"]);
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("x", "4", &at(4));
    let tab = Tab::hide();
    assert_eq!((fake.alive(), state(&stage)), (0, "idle".to_owned()));
    pause(600).await;
    assert_eq!(fake.urls().len(), 1);
    drop(tab);
    pause(0).await;
    assert_eq!(fake.urls()[1], format!("/paused?last-event-id={}", at(4)));
    assert_eq!(state(&stage), "connecting"); // attempts start anew
    fake.open();
    fake.say("ll:heartbeat", &at(4), &at(4));
    fake.say("x", "5", &at(5));
    assert_eq!(html(&find(&stage, "p")), "45");
    assert_eq!(heard.borrow().len(), 0);
    // Also in the middle of waiting for a reconnection.
    fake.fail(0);
    assert_eq!(state(&stage), "reconnecting");
    let tab = Tab::hide();
    pause(600).await;
    assert_eq!((fake.urls().len(), state(&stage)), (2, "idle".to_owned()));
    drop(tab);
    pause(0).await;
    assert_eq!(fake.urls().len(), 3);
    // What is over stays over.
    fake.say("ll:close", "close", "");
    drop(Tab::hide());
    pause(0).await;
    assert_eq!((fake.urls().len(), state(&stage)), (3, "closed".to_owned()));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_28_a_source_that_is_built_in_a_hidden_tab_waits() {
    let fake = FakeEventSource::install();
    let tab = Tab::hide();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/behind" pause_when_hidden=true><SseSwap event="x"/></SseSource>
            <SseSource connect="/always"><SseSwap event="x"/></SseSource>
        }
    })
    .await;
    assert_eq!(fake.urls(), ["/always"]);
    drop(tab);
    pause(0).await;
    assert_eq!(fake.urls(), ["/always", "/behind"]);
    drop(handle);
    drop(Tab::hide());
    pause(0).await;
    assert_eq!((fake.urls().len(), fake.alive()), (2, 0));
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_28_a_shared_stream_goes_on_for_those_who_do_not_pause() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/both" pause_when_hidden=true>
                <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
            </SseSource>
            <SseSource connect="/both"><SseSwap tag="b" event="x" swap=SwapStyle::BeforeEnd/></SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("x", "4", &at(4));
    let tab = Tab::hide();
    fake.say("x", "5", &at(5));
    assert_eq!(
        (html(&find(&stage, "p")), html(&find(&stage, "b"))),
        ("4".to_owned(), "45".to_owned())
    );
    drop(tab);
    pause(0).await;
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    assert_eq!(fake.urls()[1], format!("/both?last-event-id={}", at(4)));
    fake.open();
    fake.say("ll:heartbeat", &at(4), &at(4));
    for offset in [5, 6] {
        fake.say("x", &offset.to_string(), &at(offset));
    }
    assert_eq!(
        (html(&find(&stage, "p")), html(&find(&stage, "b"))),
        ("456".to_owned(), "456".to_owned())
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ss4_29_a_strangers_stream_resumes_by_its_id_or_says_that_it_cannot() {
    for (chunk, id, resyncs) in [("id: 7\ndata: a\n\n", Some("7"), 0), ("data: a\n\n", None, 1)] {
        let fake = FakeFetch::install();
        let told = RwSignal::new(0);
        let (stage, handle) = mounted(move || {
            view! {
                <SseSource
                    connect="/stranger"
                    request=StreamRequest::get()
                    pause_when_hidden=true
                    on_resync=move |()| told.update(|count| *count += 1)
                >
                    <SseSwap/>
                </SseSource>
            }
        })
        .await;
        let (heard, _listeners) = record(&stage, &["live:resync", "htmx:sseError"]);
        fake.open().await;
        fake.say(chunk).await;
        let tab = Tab::hide();
        assert_eq!(fake.alive(), 0);
        drop(tab);
        pause(0).await;
        assert_eq!(
            (fake.count(), fake.last_header("last-event-id").as_deref()),
            (2, id)
        );
        assert_eq!((heard.borrow().len(), told.get_untracked()), (resyncs, resyncs));
        drop(handle);
        stage.remove();
    }
    // An `EventSource` cannot say where it was to another server than ours.
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/stranger2" pause_when_hidden=true><SseSwap/></SseSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["live:resync"]);
    // Nothing is missed of what was never open.
    drop(Tab::hide());
    pause(0).await;
    assert_eq!(heard.borrow().len(), 0);
    fake.open();
    fake.say("message", "a", "7");
    drop(Tab::hide());
    pause(0).await;
    assert_eq!((heard.borrow().len(), fake.urls()[2].as_str()), (1, "/stranger2"));
    drop(handle);
    stage.remove();
}
