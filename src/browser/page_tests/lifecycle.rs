//! From when and until when elements are live.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, ShadowRootInit, ShadowRootMode};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{details, end, field, find, live, pause, record, stage, swap_into};
use crate::attributes;
use crate::browser::dom;
use crate::browser::listener::Listener;
use crate::browser::live_elements::count;

#[wasm_bindgen_test]
async fn lif_01_lif_03_every_way_of_swapping_the_owner_away() {
    for (target, swap) in [
        (".owner", "delete"),
        (".owner", "outerHTML"),
        (".around", "delete"),
        (".around", "outerHTML"),
        (".around", "innerHTML"),
        (".around", "textContent"),
    ] {
        let (fake, sockets, before) = (FakeEventSource::install(), FakeWebSocket::install(), count());
        let stage = live(&format!(
            r#"<section class="around"><div class="owner" sse-connect="/owner"><b ws-connect="/owner">
            <i hx-trigger="every 1s, sse:x"></i></b></div></section>
            <u sse-connect="/other" sse-swap="x" hx-target="{target}" hx-swap="{swap}"></u>"#
        ))
        .await;
        let (closed, _listener) = details(&stage, "htmx:sseClose");
        fake.say("x", "<p></p>", "");
        assert_eq!(
            (fake.alive(), sockets.closed_with()),
            (1, Some(1000.0)),
            "{target} {swap}"
        );
        assert_eq!(field(&closed.borrow()[0], "type"), "nodeReplaced"); // SSX-04
        end(&stage);
        assert_eq!((fake.alive(), count()), (0, before), "{target} {swap}");
    }
}

#[wasm_bindgen_test]
async fn lif_03_an_owner_that_a_part_of_a_message_replaces() {
    let fake = FakeEventSource::install();
    let stage =
        live(r#"<div id="lif03" sse-connect="/replaced"></div><u sse-connect="/other2" sse-swap="x"></u>"#)
            .await;
    fake.say(
        "x",
        r#"<div id="lif03" hx-swap-oob="true" sse-connect="/new"></div>"#,
        "",
    );
    pause(0).await;
    assert_eq!(
        (fake.urls(), fake.alive()),
        (["/replaced", "/other2", "/new"].map(str::to_owned).to_vec(), 2)
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn lif_02_it_is_told_before_anything_is_closed() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/told" sse-swap="x" hx-swap="outerHTML"></div>"#).await;
    fake.open();
    let source = fake.last();
    let (heard, _listeners) = record(&stage, &["htmx:beforeCleanupElement", "htmx:sseClose"]);
    let still_open = Listener::on(&stage, "htmx:sseClose", move |_| {
        assert_eq!(field(&source, "readyState"), 1);
    });
    fake.say("x", "", "");
    assert!(heard.borrow().is_empty(), "an empty message swaps nothing");
    fake.say("x", "<p></p>", "");
    assert_eq!(
        heard.borrow()[..2],
        ["htmx:beforeCleanupElement", "htmx:sseClose"]
    );
    drop(still_open);
    assert_eq!(fake.alive(), 0);
    end(&stage);
}

#[wasm_bindgen_test]
async fn lif_05_a_shadow_root_counts_as_on_the_page() {
    let fake = FakeEventSource::install();
    let stage = stage("<article></article>");
    let host: Element = find(&stage, "article");
    let root = host
        .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
        .unwrap();
    let inside = crate::browser::page::document()
        .unwrap()
        .create_element("div")
        .unwrap();
    dom::set_html(
        &inside,
        &r#"<div sse-connect="/shadow"><p sse-swap="x"></p></div>"#.into(),
    );
    root.append_child(&inside).unwrap();
    attributes::process(&inside);
    pause(0).await;
    fake.say("x", "1", "");
    assert_eq!(find::<Element>(&inside, "p").inner_html(), "1");
    host.remove();
    fake.say("x", "2", "");
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssx_05_lif_04_an_owner_that_a_script_has_removed() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/script"><p sse-swap="x"></p></div>"#).await;
    let element: Element = find(&stage, "div");
    let (closed, _listener) = details(&element, "htmx:sseClose");
    element.remove();
    fake.say("x", "1", "");
    assert_eq!(fake.alive(), 0);
    assert_eq!(field(&closed.borrow()[0], "type"), "nodeMissing");
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_07_what_a_custom_element_brings_forth_when_it_is_inserted_is_live() {
    js_sys::eval(
        r#"customElements.get("brings-live") ?? customElements.define("brings-live", class extends HTMLElement {
            connectedCallback() { this.innerHTML = '<i hx-trigger="sse:x"></i>'; }
        })"#,
    )
    .unwrap();
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/custom"><p></p></div>"#).await;
    swap_into(&find(&stage, "p"), "beforeend", "<brings-live></brings-live>");
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    fake.say("x", "", "");
    assert_eq!(heard.borrow().len(), 1);
    end(&stage);
}
