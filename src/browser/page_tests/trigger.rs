//! Triggers and their modifiers.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use super::{find, pause, stage};
use crate::browser::presence::EndsWith;
use crate::browser::trigger::{Reaction, Triggers, natural};

/// Arms `.s` with a list and counts how often it acts.
fn arm(stage: &Element, list: &str) -> (Rc<Triggers>, Rc<Cell<u32>>) {
    let acted = Rc::new(Cell::new(0));
    let counter = Rc::clone(&acted);
    let action = Rc::new(move |_: Option<&Event>| counter.set(counter.get() + 1));
    (
        Triggers::arm(
            &find(stage, ".s"),
            &list.parse().unwrap(),
            None,
            Reaction {
                admits: None,
                act: action,
            },
            EndsWith::Page,
        ),
        acted,
    )
}

fn fire(stage: &Element, selector: &str, name: &str) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    find::<Element>(stage, selector).dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
fn wss_01_natural_triggers() {
    for (html, expected) in [
        ("<form class=s></form>", "submit"),
        ("<input class=s>", "change"),
        ("<select class=s></select>", "change"),
        ("<input class=s type=submit>", "click"), // WSS-31
        ("<button class=s></button>", "click"),
        ("<p class=s></p>", "click"),
    ] {
        let stage = stage(html);
        assert_eq!(natural(&find(&stage, ".s")).to_string(), expected);
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
    assert_eq!(
        (
            acted_once.get(),
            acted_late.get(),
            acted_seldom.get(),
            acted_changed.get()
        ),
        (1, 0, 1, 0)
    );
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
fn trg_02_filters_read_the_event() {
    let stage = stage("<button class=s></button>");
    let (_armed, acted) = arm(&stage, "click[detail == 0 && !ctrlKey], click[ctrlKey]");
    find::<HtmlElement>(&stage, ".s").click();
    assert_eq!(acted.get(), 1);
    stage.remove();
}

#[wasm_bindgen_test]
fn wss_14_wss_15_the_page_is_not_left() {
    let stage = stage("<form class=s action='/nowhere'><button></button></form>");
    let (_armed, acted) = arm(&stage, "submit");
    find::<HtmlElement>(&stage, "button").click();
    assert_eq!(acted.get(), 1);
    stage.remove();
}
