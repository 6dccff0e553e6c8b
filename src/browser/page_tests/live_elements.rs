//! What is attached to elements ends with them.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::{find, stage, swap_into};
use crate::browser::live_elements::{Claim, Kind, attach, count, release};

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
    attach(&find(&stage, "i"), Kind::Sse, on_end(1));
    attach(&target, Kind::Ws, on_end(10));
    let outside = attach(&find(&stage, "b"), Kind::Sse, on_end(100));
    swap_into(&target, "innerHTML", "new");
    assert_eq!(ended.get(), 1);
    swap_into(&target, "delete", "");
    assert_eq!(ended.get(), 11);
    release(outside);
    release(outside);
    assert_eq!((ended.get(), count()), (111, before));
    stage.remove();
}

#[wasm_bindgen_test]
fn act_10_an_element_is_claimed_once() {
    let stage = stage("");
    assert_eq!(Kind::Sse.claim_as(&stage, Some("a")), Claim::New);
    assert_eq!(Kind::Sse.claim_as(&stage, Some("a")), Claim::Kept);
    assert_eq!(Kind::Ws.claim_as(&stage, Some("a")), Claim::New);
    assert_eq!(Kind::Sse.claim_as(&stage, Some("b")), Claim::Changed);
    assert_eq!(Kind::Sse.claim_as(&stage, None), Claim::Kept);
    assert_eq!(Kind::Sse.claim_as(&stage, Some("b")), Claim::New);
    // What a component has claimed is its own, whatever the markup says.
    Kind::Http.claim(&stage);
    for markup in [Some("a"), None, Some("b")] {
        assert_eq!(Kind::Http.claim_as(&stage, markup), Claim::Kept);
    }
    stage.remove();
}

#[wasm_bindgen_test]
fn act_11_other_markup_ends_what_was_before() {
    let stage = stage("");
    let ended = Rc::new(Cell::new(0));
    let counted = Rc::clone(&ended);
    assert!(Kind::Sse.restart_as(&stage, Some("a")));
    attach(&stage, Kind::Sse, move || counted.set(counted.get() + 1));
    let others = Rc::new(Cell::new(0));
    let counted = Rc::clone(&others);
    let other = attach(&stage, Kind::Ws, move || counted.set(1));
    assert!(!Kind::Sse.restart_as(&stage, Some("a")));
    assert!(Kind::Sse.restart_as(&stage, Some("b")));
    assert_eq!(ended.get(), 1);
    Kind::Sse.disable(&stage);
    assert!(Kind::Sse.restart_as(&stage, Some("b")), "free again");
    assert_eq!(others.get(), 0);
    release(other);
    stage.remove();
}
