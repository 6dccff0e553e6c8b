//! What is attached to elements ends with them.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::{find, stage};
use crate::browser::live_elements::{Kind, attach, count, release};
use crate::browser::swap::swap;

#[wasm_bindgen_test]
fn swp_28_what_is_swapped_away_ends_and_the_rest_stays() {
    let before = count();
    let stage = stage(r#"<div class="t"><i></i></div><b></b>"#);
    let ended = Rc::new(Cell::new(0));
    let on_end = |by: u32| {
        let ended = Rc::clone(&ended);
        move || ended.set(ended.get() + by)
    };
    let target: Element = find(&stage, ".t");
    attach(&find(&stage, "i"), on_end(1));
    attach(&target, on_end(10));
    let outside = attach(&find(&stage, "b"), on_end(100));
    swap(&target, &"innerHTML".parse().unwrap(), &"new".into());
    assert_eq!(ended.get(), 1);
    swap(&target, &"delete".parse().unwrap(), &"".into());
    assert_eq!(ended.get(), 11);
    release(outside);
    release(outside);
    assert_eq!((ended.get(), count()), (111, before));
    stage.remove();
}

#[wasm_bindgen_test]
fn act_10_an_element_is_claimed_once() {
    let stage = stage("");
    assert!(Kind::Sse.claim(&stage));
    assert!(!Kind::Sse.claim(&stage));
    assert!(Kind::Ws.claim(&stage));
    Kind::Sse.unclaim(&stage);
    assert!(Kind::Sse.claim(&stage));
    stage.remove();
}
