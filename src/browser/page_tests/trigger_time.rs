//! Triggers without an event: loading, polling, coming into view.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::fake_fetch::FakeFetch;
use super::trigger::{arm, fire};
use super::{end, eventually, find, live, pause, record, stage};
use crate::browser::processors;

#[wasm_bindgen_test]
async fn trg_07_load_with_filter_delay_and_once() {
    let stage = stage("<p class=s data-x=1></p>");
    js_sys::eval("window.liveReady = true").unwrap();
    for (list, at_once, later) in [
        ("load", 1, 1),
        ("load once", 1, 1),
        ("load[liveReady]", 1, 1),
        ("load[!liveReady]", 0, 0),
        ("load[detail.elt.tagName == 'P']", 1, 1),
        ("load delay:20ms", 0, 1),
        ("load[false], load", 1, 1),
        ("load, load", 1, 1),
    ] {
        let (armed, acted) = arm(&stage, list);
        assert_eq!(acted.get(), 0, "{list}: not while it is armed");
        pause(0).await;
        assert_eq!(acted.get(), at_once, "{list}");
        pause(50).await;
        assert_eq!(acted.get(), later, "{list}");
        armed.disarm();
    }
    stage.remove();
}

#[wasm_bindgen_test]
async fn trg_07_trg_12_an_element_loads_once() {
    let stage = live(r#"<p hx-trigger="load, ping"></p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    // Other markup, so that it is armed anew (ACT-11).
    let element: Element = find(&stage, "p");
    element.set_attribute("hx-trigger", "load, pong").unwrap();
    processors::process(&stage);
    pause(0).await;
    assert!(heard.borrow().is_empty());
    fire(&stage, "p", "pong");
    assert_eq!(*heard.borrow(), ["htmx:trigger"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn trg_07_polling_with_a_filter() {
    let stage = stage("<p class=s></p>");
    js_sys::eval("window.livePolls = false").unwrap();
    let (armed, acted) = arm(&stage, "every 10ms [livePolls]");
    let (_always, acted_always) = arm(&stage, "every 10ms");
    eventually(|| acted_always.get() > 3).await;
    assert_eq!(acted.get(), 0);
    js_sys::eval("window.livePolls = true").unwrap();
    eventually(|| acted.get() > 1).await;
    armed.disarm();
    let before = acted.get();
    let more = acted_always.get() + 3;
    eventually(|| acted_always.get() > more).await;
    assert_eq!(acted.get(), before);
    // Whoever has left the page polls no more.
    stage.remove();
    pause(30).await;
    let last = acted_always.get();
    pause(50).await;
    assert_eq!(acted_always.get(), last);
}

#[wasm_bindgen_test]
async fn trg_07_status_286_ends_the_polling() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/poll" hx-trigger="every 10ms, ping"></p>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    eventually(|| fetch.count() == 1).await;
    fetch.answer(0, 200, "1").await;
    eventually(|| fetch.count() == 2).await;
    fetch.answer(1, 286, "2").await;
    pause(60).await;
    assert_eq!(fetch.count(), 2);
    assert_eq!(find::<Element>(&stage, "p").inner_html(), "2");
    // TRG-12: as in htmx, nobody is told of polling.
    assert!(heard.borrow().is_empty());
    // What else triggers it still does.
    fire(&stage, "p", "ping");
    assert_eq!((fetch.count(), heard.borrow().len()), (3, 1));
    end(&stage);
}

/// A box that scrolls, with something that fills it before the element.
const SCROLLER: &str = r#"<div class="box" style="height:100px;overflow:auto">
    <div style="height:400px"></div><p class="s" style="height:40px;margin:0"></p><div style="height:400px"></div></div>"#;

fn scroll(stage: &Element, to: i32) {
    find::<HtmlElement>(stage, ".box").set_scroll_top(to);
}

#[wasm_bindgen_test]
async fn trg_07_revealed_once_and_intersect_each_time() {
    let stage = stage(SCROLLER);
    let (_revealed, revealed) = arm(&stage, "revealed");
    let (_intersect, intersected) = arm(&stage, "intersect root:.box");
    let (_once, once) = arm(&stage, "intersect once root:(closest .box)");
    let (_filtered, filtered) = arm(&stage, "intersect[false] root:.box");
    let (_early, early) = arm(&stage, "intersect root:.box rootMargin:500px");
    let (gone, after_disarming) = arm(&stage, "intersect root:.box");
    let (heard, _listeners) = record(&stage, &["revealed"]);
    stage.scroll_into_view();
    eventually(|| early.get() == 1).await;
    assert_eq!((revealed.get(), intersected.get()), (0, 0));
    gone.disarm();
    for _ in 0..2 {
        scroll(&stage, 380);
        let seen = intersected.get() + 1;
        eventually(|| intersected.get() == seen).await;
        scroll(&stage, 0);
        pause(60).await;
    }
    assert_eq!((revealed.get(), intersected.get(), once.get()), (1, 2, 1));
    assert_eq!((filtered.get(), after_disarming.get()), (0, 0));
    assert_eq!(*heard.borrow(), ["revealed"]);
    stage.remove();
}

#[wasm_bindgen_test]
async fn trg_07_intersect_waits_for_its_share() {
    let stage = stage(SCROLLER);
    let (_any, any) = arm(&stage, "intersect root:.box");
    let (_half, half) = arm(&stage, "intersect root:.box threshold:0.5");
    stage.scroll_into_view();
    pause(60).await;
    // Ten of its forty pixels.
    scroll(&stage, 310);
    eventually(|| any.get() == 1).await;
    pause(60).await;
    assert_eq!(half.get(), 0);
    scroll(&stage, 330);
    eventually(|| half.get() == 1).await;
    stage.remove();
}

#[wasm_bindgen_test]
async fn trg_07_what_comes_into_view_below_is_not_meant() {
    let stage = stage(r#"<div class="s"><p></p></div>"#);
    let (_armed, acted) = arm(&stage, "intersect root:.missing, revealed");
    pause(60).await;
    let before = acted.get();
    fire(&stage, "p", "revealed");
    assert_eq!(acted.get(), before);
    // A script may say it of the element itself.
    fire(&stage, ".s", "revealed");
    assert_eq!(acted.get(), before + 1);
    stage.remove();
}
