//! The target itself: `outerMorph` and `outerSync`.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::super::{find, stage};
use super::Morphed;
use crate::browser::parsing;
use crate::browser::swap::morph::{morph_element, sync_element};

fn outer(target: &Element, payload: &str) -> Option<Morphed> {
    morph_element(target, &parsing::parse(&payload.into()).unwrap())
}

#[wasm_bindgen_test]
fn swp_10_the_target_becomes_the_payload() {
    let stage = stage(r#"<i></i><div id="a" class="x"><b id="k">1</b></div><i></i>"#);
    let (target, kept): (Element, Element) = (find(&stage, "div"), find(&stage, "#k"));
    // It is the target, whatever its id is.
    let payload = r#"<div id="b" title="t"><p>0</p><b id="k">2</b></div>"#;
    let morphed = outer(&target, &format!("\n{payload}\n")).unwrap();
    assert_eq!(stage.inner_html(), format!("<i></i>{payload}<i></i>"));
    assert_eq!(
        (find::<Element>(&stage, "#b"), find::<Element>(&stage, "#k")),
        (target, kept)
    );
    assert_eq!(morphed.inserted, [find::<Element>(&stage, "p")]);
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_what_cannot_become_it_is_left_to_be_replaced() {
    let stage = stage("<div>1</div><script></script>");
    let target: Element = find(&stage, "div");
    assert!(outer(&target, "<p>2</p>").is_none());
    assert!(outer(&target, "text").is_none());
    assert!(outer(&find(&stage, "script"), "<script>window.__outer = 1</script>").is_none());
    assert_eq!(stage.inner_html(), "<div>1</div><script></script>");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_more_than_one_element_goes_beside_the_target() {
    let stage = stage("<i></i><div>1</div><i></i>");
    let target: Element = find(&stage, "div");
    let morphed = outer(&target, " a<div>2</div> <p>3</p>b<u>4</u> ").unwrap();
    assert_eq!(
        stage.inner_html(),
        "<i></i> a<div>2</div> <p>3</p>b<u>4</u><i></i>"
    );
    assert_eq!(
        morphed.inserted,
        [find::<Element>(&stage, "p"), find::<Element>(&stage, "u")]
    );
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_a_frozen_target_stays() {
    let stage = stage("<div hx-morph-skip>1</div>");
    outer(&find(&stage, "div"), "<div>2</div>").unwrap();
    assert_eq!(stage.text_content().as_deref(), Some("1"));
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_11_outer_sync() {
    let stage = stage(r#"<div id="a" class="x"><b id="k">1</b></div>"#);
    let (target, child): (Element, Element) = (find(&stage, "div"), find(&stage, "#k"));
    let payload = r#"<section id="b" title="t">text<b id="k">1</b></section>"#;
    let morphed = sync_element(&target, &parsing::parse(&payload.into()).unwrap()).unwrap();
    assert_eq!(
        stage.inner_html(),
        r#"<div id="b" title="t">text<b id="k">1</b></div>"#
    );
    assert_eq!(find::<Element>(&stage, "#b"), target);
    assert_ne!(find::<Element>(&stage, "#k"), child);
    assert_eq!(morphed.inserted, [find::<Element>(&stage, "#k")]);
    assert!(sync_element(&target, &parsing::parse(&"text".into()).unwrap()).is_none());
    stage.remove();
}
