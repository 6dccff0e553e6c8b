//! Moving: few nodes, without losing what they hold (LIF-07).

use std::fmt::Write;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlIFrameElement, HtmlInputElement};

use super::super::{eventually, find, stage};
use super::{Watch, focus, is_focused, morph, written};
use crate::browser::dom::element_children;

const ROWS: usize = 1000;

fn rows(order: impl IntoIterator<Item = usize>) -> String {
    let mut html = "<ul>\n".to_owned();
    for row in order {
        writeln!(html, "  <li id=row-{row}><b>{row}</b> <i>x</i></li>").unwrap();
    }
    html + "</ul>"
}

/// Morphs a thousand rows into another order; at most so many nodes may be put anywhere.
#[track_caller]
fn check(order: Vec<usize>, most: usize) {
    let stage = stage(&rows(0..ROWS));
    let known = element_children(&find(&stage, "ul"));
    let payload = rows(order.iter().copied());
    let watch = Watch::on(&stage);
    morph(&stage, &payload);
    let put = watch.put();
    assert!(put <= most, "{put} nodes were put somewhere, expected {most}");
    assert_eq!(stage.inner_html(), written(&payload));
    let now = element_children(&find(&stage, "ul"));
    let expected: Vec<_> = order.iter().map(|row| known[*row].clone()).collect();
    assert!(now == expected, "a row is another one than before");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_one_of_a_thousand_rows_moves() {
    // The row, and the blank beside it.
    check(std::iter::once(ROWS - 1).chain(0..ROWS - 1).collect(), 2);
    check((1..ROWS).chain([0]).collect(), 2);
    let mut swapped: Vec<_> = (0..ROWS).collect();
    swapped.swap(100, 900);
    check(swapped, 4);
}

#[wasm_bindgen_test]
fn swp_10_a_thousand_rows_in_another_order() {
    check((0..ROWS).rev().collect(), 2 * ROWS);
    check((0..ROWS).map(|row| row * 7 % ROWS).collect(), 2 * ROWS);
    // Every other row goes.
    check((0..ROWS).step_by(2).collect(), 0);
}

/// Whether the browser can move a node without taking it out.
fn can_move() -> bool {
    Reflect::has(&super::page::body().unwrap(), &JsValue::from_str("moveBefore")).unwrap()
}

#[wasm_bindgen_test]
fn lif_07_focus_and_caret_survive_a_move() {
    focus_and_caret();
}

#[wasm_bindgen_test]
fn lif_07_focus_and_caret_survive_where_nodes_can_only_be_taken_out() {
    js_sys::eval("window.__moveBefore = Element.prototype.moveBefore; delete Element.prototype.moveBefore")
        .unwrap();
    assert!(!can_move());
    focus_and_caret();
    js_sys::eval("if (window.__moveBefore) Element.prototype.moveBefore = window.__moveBefore").unwrap();
}

fn focus_and_caret() {
    let item = |name: &str| format!("<li id={name}><input id=in-{name} value=abcdef></li>");
    let list = |names: &[&str]| names.iter().map(|name| item(name)).collect::<String>();
    let stage = stage(&list(&["a", "b", "c", "d"]));
    let input: HtmlInputElement = find(&stage, "#in-a");
    focus(&input);
    input
        .set_selection_range_with_direction(2, 4, "backward")
        .unwrap();
    // The focused one stays, though it would be fewer moves to move it alone.
    let watch = Watch::on(&stage);
    morph(&stage, &list(&["b", "c", "d", "a"]));
    assert_eq!(watch.put(), 3);
    // It comes under another parent, where it must move.
    morph(&stage, &format!("<ol>{}</ol>", list(&["d", "a"])));
    assert_eq!(find::<HtmlInputElement>(&stage, "ol #in-a"), input);
    assert!(is_focused(&input));
    let caret = (input.selection_start().unwrap(), input.selection_end().unwrap());
    assert_eq!(caret, (Some(2), Some(4)));
    assert_eq!(input.selection_direction().unwrap().as_deref(), Some("backward"));
    stage.remove();
}

#[wasm_bindgen_test]
async fn lif_07_a_frame_does_not_load_again() {
    let frame = "<iframe id=f srcdoc='<p>in</p>'></iframe>";
    let stage = stage(&format!("<b id=a></b>{frame}<b id=b></b>"));
    let known: HtmlIFrameElement = find(&stage, "#f");
    let is_loaded = || {
        let document = known.content_document();
        document.is_some_and(|document| document.query_selector("p").unwrap().is_some())
    };
    eventually(is_loaded).await;
    let mark = || Reflect::get(&known.content_window().unwrap(), &"__mark".into()).unwrap();
    Reflect::set(&known.content_window().unwrap(), &"__mark".into(), &JsValue::TRUE).unwrap();
    // It stays in its place.
    morph(&stage, &format!("<i>x</i><b id=a>1</b>{frame}<b id=b>2</b>"));
    assert!(mark().is_truthy());
    if can_move() {
        morph(&stage, &format!("<b id=b></b><p>{frame}</p><b id=a></b>"));
        assert_eq!(find::<HtmlIFrameElement>(&stage, "p #f"), known);
        assert!(mark().is_truthy());
    }
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_the_payloads_own_is_never_shown_where_the_pages_own_stands() {
    // An element of the payload would begin to load, if only to be taken out again.
    js_sys::eval(
        "window.__entered = 0;
         customElements.get('x-entering') ?? customElements.define('x-entering', class extends HTMLElement {
            connectedCallback() { window.__entered += 1; }
         });",
    )
    .unwrap();
    let stage = stage("<x-entering id=x></x-entering><b></b>");
    let known: Element = find(&stage, "#x");
    js_sys::eval("window.__entered = 0").unwrap();
    morph(&stage, "<div><p><x-entering id=x></x-entering></p></div>");
    assert_eq!(find::<Element>(&stage, "div #x"), known);
    let entered = js_sys::eval("window.__entered").unwrap().as_f64().unwrap();
    // It was moved itself, which it hears of as of leaving and coming; the payload's own never came.
    assert_eq!(entered, 1.0);
    stage.remove();
}
