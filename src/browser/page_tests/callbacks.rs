//! What components ask and tell the app.

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{end, find, live, pause};
use crate::browser::listener::Listener;
use crate::{LiveEvent, SseSource, SseSwap, SseTrigger, WsForm, WsSource, WsSwap};

#[wasm_bindgen_test]
async fn a_callback_whose_owner_a_swap_has_ended_is_not_run() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/ended">
                <SseSwap tag="section" event="outer">
                    // What it swaps away is what it stands in.
                    <SseSwap
                        tag="p"
                        event="inner"
                        target="closest section"
                        on_after_swap=|_| unreachable!("its owner has ended")
                    />
                </SseSwap>
            </SseSource>
        }
    })
    .await;
    fake.say("inner", "<b>new</b>", "");
    assert_eq!(html(&find(&stage, "section")), "<b>new</b>");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssw_17_wsm_09_a_transform_rewrites_or_leaves_out() {
    let (fake, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/transform">
                <SseSwap tag="p" event="x" transform=|data: String| Some(data.to_uppercase()).filter(|text| text != "NO")/>
            </SseSource>
            <WsSource connect="/transform" transform=|data: String| data.strip_prefix("html:").map(str::to_owned)>
                <WsSwap id="wsm09"/>
            </WsSource>
        }
    })
    .await;
    fake.say("x", "yes", "");
    fake.say("x", "no", "");
    assert_eq!(html(&find(&stage, "p")), "YES");
    sockets.open();
    sockets.say(r#"html:<div id="wsm09">1</div>"#);
    sockets.say(r#"<div id="wsm09">2</div>"#);
    pause(60).await;
    assert_eq!(find::<Element>(&stage, "#wsm09").inner_html(), "1");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn sst_05_a_filter_of_the_component() {
    let fake = FakeEventSource::install();
    let triggered = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/filters">
                <SseTrigger
                    event="x"
                    filter=|event: LiveEvent| event.data != "no"
                    once=true
                    on_trigger=move |event: LiveEvent| triggered.update(|all| all.push(event.data))
                />
            </SseSource>
        }
    })
    .await;
    for data in ["no", "a", "b"] {
        fake.say("x", data, "");
    }
    // What is refused does not use up the one time.
    assert_eq!(triggered.get_untracked(), ["a"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsc_16_a_sender_without_a_source_says_so_when_it_is_mounted() {
    let heard = std::rc::Rc::new(std::cell::Cell::new(0));
    let counted = std::rc::Rc::clone(&heard);
    let document = crate::browser::page::document().unwrap();
    let _listener = Listener::on(&document, "htmx:noWebSocketSourceError", move |_| {
        counted.set(counted.get() + 1);
    });
    let (stage, handle) = mounted(|| view! { <WsForm action="/"><input/></WsForm> }).await;
    pause(0).await;
    assert_eq!(heard.get(), 1);
    drop(handle);
    stage.remove();
}

// What waited for its source was subscribed although its component had ended meanwhile, and then nobody ended it.
#[wasm_bindgen_test]
async fn sst_12_who_ends_before_it_has_found_its_source_hears_nothing() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(r#"<div sse-connect="/soon"><p></p></div>"#).await;
    let owner = Owner::new();
    let inner = owner.clone();
    let handle = mount_to(find::<HtmlElement>(&stage, "p"), move || {
        inner.with(|| {
            view! {
                <SseTrigger event="x" get="/x"/>
                <SseSwap event="x" class="shown"/>
            }
        })
    });
    // As when a message comes beside the first children of a region, whose elements stay.
    owner.cleanup();
    pause(0).await;
    events.say("x", "1", "");
    assert_eq!((fetch.count(), html(&find(&stage, ".shown"))), (0, String::new()));
    drop(handle);
    end(&stage);
}
