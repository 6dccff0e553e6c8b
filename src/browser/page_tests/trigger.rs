//! Triggers and their modifiers.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element, Event, HtmlElement, HtmlInputElement};

use super::{end, find, live, pause, record, stage};
use crate::browser::arrival::Arrival;
use crate::browser::listener::Listener;
use crate::browser::trigger::{Reaction, Triggers, triggers_of};

/// Arms `.s` with a list and counts how often it acts.
pub(super) fn arm(stage: &Element, list: &str) -> (Rc<Triggers>, Rc<Cell<u32>>) {
    arm_as(stage, list, true)
}

fn arm_as(stage: &Element, list: &str, trails: bool) -> (Rc<Triggers>, Rc<Cell<u32>>) {
    let acted = Rc::new(Cell::new(0));
    let counter = Rc::clone(&acted);
    let reaction = Reaction {
        trails,
        ..Reaction::new(move |_| counter.set(counter.get() + 1))
    };
    let (element, list) = (find(stage, ".s"), list.parse().unwrap());
    let triggers = Triggers::arm(&element, &list, None, reaction, Arrival::Markup);
    (triggers, acted)
}

/// Dispatches a bubbling, cancelable event, and says whether its default was prevented.
pub(super) fn fire(stage: &Element, selector: &str, name: &str) -> bool {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    find::<Element>(stage, selector).dispatch_event(&event).unwrap();
    event.default_prevented()
}

#[wasm_bindgen_test]
fn wss_01_natural_triggers() {
    for (html, expected) in [
        ("<form class=s></form>", "submit"),
        ("<input class=s>", "change"),
        ("<select class=s></select>", "change"),
        ("<textarea class=s></textarea>", "change"),
        ("<input class=s type=submit>", "click"), // WSS-31
        ("<button class=s></button>", "click"),
        ("<p class=s></p>", "click"),
        ("<p class=s hx-trigger=' '></p>", "click"),
        ("<p class=s data-hx-trigger='ping once'></p>", "ping once"),
    ] {
        let stage = stage(html);
        let triggers = triggers_of(&find(&stage, ".s")).unwrap();
        assert_eq!(triggers.to_string(), expected, "{html}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn trg_03_trg_04_modifiers() {
    let stage = stage("<input class=s><p></p>");
    let (once, acted_once) = arm(&stage, "ping once");
    let (late, acted_late) = arm(&stage, "ping delay:30ms");
    let (seldom, acted_seldom) = arm(&stage, "ping throttle:60ms");
    let (changed, acted_changed) = arm(&stage, "ping changed");
    let (from, acted_from) = arm(&stage, "ping from:p");
    for _ in 0..3 {
        fire(&stage, ".s", "ping");
    }
    let acted = [&acted_once, &acted_late, &acted_seldom, &acted_changed].map(|acted| acted.get());
    assert_eq!(acted, [1, 0, 1, 0]);
    pause(150).await;
    // CON-27: the last of the throttled ones runs in the end.
    assert_eq!((acted_late.get(), acted_seldom.get()), (1, 2));
    find::<HtmlInputElement>(&stage, ".s").set_value("x");
    fire(&stage, ".s", "ping");
    assert_eq!((acted_changed.get(), acted_from.get()), (1, 0));
    for triggers in [once, late, seldom, changed, from] {
        triggers.disarm();
    }
    fire(&stage, ".s", "ping");
    assert_eq!(acted_changed.get(), 1);
    stage.remove();
}

#[wasm_bindgen_test]
async fn con_27_the_trailing_run_can_be_left_out() {
    let stage = stage("<p class=s></p>");
    let (_trails, acted) = arm_as(&stage, "ping throttle:30ms", true);
    let (_drops, acted_at_once) = arm_as(&stage, "ping throttle:30ms", false);
    fire(&stage, ".s", "ping");
    fire(&stage, ".s", "ping");
    pause(100).await;
    assert_eq!((acted.get(), acted_at_once.get()), (2, 1));
    stage.remove();
}

#[wasm_bindgen_test]
async fn trg_04_what_waits_gives_way_to_what_happens_now() {
    let stage = stage("<p class=s></p>");
    let (_armed, acted) = arm(&stage, "typed delay:30ms, search");
    fire(&stage, ".s", "typed");
    fire(&stage, ".s", "search");
    assert_eq!(acted.get(), 1);
    pause(80).await;
    assert_eq!(acted.get(), 1);
    // No time is no time.
    let (_armed, acted) = arm(&stage, "go delay:0ms, come throttle:0s");
    for name in ["go", "go", "come", "come"] {
        fire(&stage, ".s", name);
    }
    assert_eq!(acted.get(), 4);
    stage.remove();
}

#[wasm_bindgen_test]
fn trg_03_changed_asks_the_control_that_the_event_came_from() {
    let stage = stage("<form class=s><input class=a><input class=b><input type=checkbox class=c></form>");
    let (_armed, acted) = arm(&stage, "ping changed");
    let mut after = |selector: &str| {
        fire(&stage, selector, "ping");
        acted.get()
    };
    // The first time nothing is known of them.
    assert_eq!([".a", ".a", ".b", ".b"].map(&mut after), [1, 1, 2, 2]);
    find::<HtmlInputElement>(&stage, ".b").set_value("x");
    assert_eq!([".a", ".b", ".b"].map(&mut after), [2, 3, 3]);
    // The value of a box never changes.
    assert_eq!([".c", ".c"].map(&mut after), [4, 5]);
    stage.remove();
}

#[wasm_bindgen_test]
fn trg_03_trg_10_who_else_hears_of_it() {
    for (list, heard_above, prevented) in [
        ("ping", 1, false),
        ("ping consume", 0, false),
        ("ping stop", 0, false),
        ("ping prevent", 1, true),
        ("ping halt", 0, true),
        // What is not meant is left alone.
        ("ping[false] halt", 1, false),
    ] {
        let stage = stage("<div><p class=s></p></div>");
        let (_armed, _) = arm(&stage, list);
        let (heard, _listeners) = record(&stage, &["ping"]);
        assert_eq!(fire(&stage, ".s", "ping"), prevented, "{list}");
        assert_eq!(heard.borrow().len(), heard_above, "{list}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
fn trg_10_capture_self_and_outside() {
    let stage = stage("<div class=s><p></p></div><i></i>");
    let (_capture, captured) = arm(&stage, "ping capture");
    let (_own, of_own) = arm(&stage, "ping from:self");
    let (_outside, outside) = arm(&stage, "ping from:outside");
    let (_passive, passive) = arm(&stage, "ping passive");
    let stopping = Listener::on(&find(&stage, "p"), "ping", |event| event.stop_propagation());
    let counts = || [captured.get(), of_own.get(), outside.get(), passive.get()];
    fire(&stage, "p", "ping");
    // Heard on the way down, and not on the way up.
    assert_eq!(counts(), [1, 0, 0, 0]);
    drop(stopping);
    fire(&stage, "p", "ping");
    assert_eq!(counts(), [2, 0, 0, 1]);
    fire(&stage, ".s", "ping");
    assert_eq!(counts(), [3, 1, 0, 2]);
    fire(&stage, "i", "ping");
    assert_eq!(counts(), [3, 1, 1, 2]);
    stage.remove();
}

#[wasm_bindgen_test]
fn trg_02_filters_read_the_event() {
    let stage = stage("<button class=s value=v></button>");
    js_sys::eval("window.liveReady = true; window.liveObject = { deep: { count: 2 } }").unwrap();
    let (_armed, acted) = arm(&stage, "click[detail == 0 && !ctrlKey], click[ctrlKey]");
    find::<HtmlElement>(&stage, ".s").click();
    assert_eq!(acted.get(), 1);
    for (filter, expected) in [
        ("liveReady", 1),
        ("liveObject.deep.count > 1", 1),
        ("liveMissing", 0),
        ("this.value == 'v'", 1),
        ("event.type == 'ping'", 1),
        ("type.length == 4", 1),
        ("target.tagName == 'BUTTON'", 1),
        // The event's own counts, also if it is false.
        ("cancelable == false || bubbles", 1),
    ] {
        let (_armed, acted) = arm(&stage, &format!("ping[{filter}]"));
        fire(&stage, ".s", "ping");
        assert_eq!(acted.get(), expected, "{filter}");
    }
    stage.remove();
}

#[wasm_bindgen_test]
fn trg_02_a_filter_that_fails_is_false_and_told() {
    let stage = stage("<p class=s></p>");
    let body = crate::browser::page::body().unwrap();
    let (heard, _listeners) = record(&body, &["htmx:eventFilter:error", "htmx:error"]);
    let (_armed, acted) = arm(&stage, "ping[missing.member]");
    fire(&stage, ".s", "ping");
    assert_eq!(acted.get(), 0);
    assert_eq!(*heard.borrow(), ["htmx:error", "htmx:eventFilter:error"]);
    // What is not asked cannot fail.
    let (_armed, acted) = arm(&stage, "ping[type || missing.member]");
    fire(&stage, ".s", "ping");
    assert_eq!((acted.get(), heard.borrow().len()), (1, 4));
    stage.remove();
}

#[wasm_bindgen_test]
fn trg_05_from_and_target() {
    let stage = stage("<section><p class=s></p><i class=a></i><i class=b></i></section><u></u>");
    for (list, expected) in [
        ("ping from:section", [1, 1, 1, 0]),
        ("ping from:closest section", [1, 1, 1, 0]),
        ("ping from:next", [0, 1, 0, 0]),
        ("ping from:next .b", [0, 0, 1, 0]),
        ("ping from:(.a, next .b)", [0, 1, 1, 0]),
        ("ping from:this", [1, 0, 0, 0]),
        ("ping from:body", [1, 1, 1, 1]),
        ("ping from:document target:i", [0, 1, 1, 0]),
        ("ping from:window target:(section .b)", [0, 0, 1, 0]),
    ] {
        let (armed, acted) = arm(&stage, list);
        let counts = [".s", ".a", ".b", "u"].map(|selector| {
            let before = acted.get();
            fire(&stage, selector, "ping");
            acted.get() - before
        });
        assert_eq!(counts, expected, "{list}");
        armed.disarm();
    }
    stage.remove();
}

#[wasm_bindgen_test]
async fn trg_08_listeners_elsewhere_end_with_the_element() {
    let stage = live(r#"<p hx-trigger="ping from:body"></p>"#).await;
    let body = crate::browser::page::body().unwrap();
    let (heard, _listeners) = record(&body, &["htmx:trigger"]);
    fire(&stage, "p", "ping");
    assert_eq!(heard.borrow().len(), 1);
    let element: Element = find(&stage, "p");
    // By a script, without anybody telling.
    element.remove();
    let again = Event::new("ping").unwrap();
    body.dispatch_event(&again).unwrap();
    stage.append_child(&element).unwrap();
    body.dispatch_event(&Event::new("ping").unwrap()).unwrap();
    assert_eq!(heard.borrow().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn trg_09_a_word_that_is_not_understood_is_told() {
    for (list, token) in [
        ("ping fancy", "fancy"),
        ("ping[a b]", "b]"),
        ("ping delay:soon", "soon"),
    ] {
        let stage = stage(&format!(r#"<p hx-trigger="{list}"></p>"#));
        let told = Rc::new(Cell::new(None));
        let hears = Rc::clone(&told);
        let _listener = Listener::add(&stage, "htmx:syntax:error", move |event: CustomEvent| {
            let token = js_sys::Reflect::get(&event.detail(), &"token".into()).unwrap();
            hears.set(token.as_string());
        });
        assert!(triggers_of(&find(&stage, "p")).is_none());
        assert_eq!(told.take().as_deref(), Some(token), "{list}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
fn trg_11_an_event_counts_once_however_it_comes() {
    let stage = stage("<div><p class=s></p></div>");
    let (_armed, acted) = arm(&stage, "ping, ping from:div, ping from:body");
    fire(&stage, ".s", "ping");
    assert_eq!(acted.get(), 1);
    fire(&stage, "div", "ping");
    assert_eq!(acted.get(), 2);
    // A filter that is false leaves it to the next.
    let (_armed, acted) = arm(&stage, "ping[false], ping from:div");
    fire(&stage, ".s", "ping");
    assert_eq!(acted.get(), 1);
    stage.remove();
}

#[wasm_bindgen_test]
fn wss_14_wss_15_the_page_is_not_left() {
    let stage = stage("<form class=s action='/nowhere'><button></button></form>");
    let (_armed, acted) = arm(&stage, "submit");
    find::<HtmlElement>(&stage, "button").click();
    assert_eq!(acted.get(), 1);
    // Also if a filter wants nothing of it.
    let (_armed, acted) = arm(&stage, "submit[false]");
    assert!(fire(&stage, ".s", "submit"));
    assert_eq!(acted.get(), 0);
    stage.remove();
}
