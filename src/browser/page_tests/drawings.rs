//! Payloads for drawings and formulas: what they bring belongs to them (SWP-26).
//!
//! DIFFERENCE: htmx parses everything but the content of a plain `innerHTML` as HTML, and what comes is not drawn.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_console::FakeConsole;
use super::{find, pause, stage, swap_into};
use crate::browser::parsing::{parse, parse_for};
use crate::browser::swap::place_by_id;

const SVG: &str = "http://www.w3.org/2000/svg";
const HTML: &str = "http://www.w3.org/1999/xhtml";

fn space(stage: &Element, selector: &str) -> Vec<String> {
    let found = crate::browser::dom::select_all(stage, selector).into_iter();
    found.map(|element| element.namespace_uri().unwrap()).collect()
}

#[wasm_bindgen_test]
async fn swp_26_every_style_draws() {
    // The id keeps the payload from the way of plain ones.
    let payload = r#"<g id="swp26"><circle r="1"/><linearGradient gradientUnits="x"/></g><title>tip</title>"#;
    for style in [
        "innerHTML",
        "outerHTML",
        "beforebegin",
        "afterbegin",
        "beforeend",
        "afterend",
        "innerMorph",
        "outerMorph",
    ] {
        let stage = stage(r#"<svg><g class="t"><rect/></g></svg>"#);
        swap_into(&find(&stage, ".t"), style, payload);
        pause(60).await;
        assert_eq!(
            space(&stage, "#swp26,circle,linearGradient,title"),
            [SVG; 4],
            "{style}: {}",
            stage.inner_html()
        );
        assert_eq!(
            find::<Element>(&stage, "circle").child_element_count(),
            0,
            "{style}"
        );
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn swp_26_html_inside_of_a_drawing_is_html() {
    let stage =
        stage(r#"<svg><foreignObject class="t"></foreignObject></svg><math><mrow class="m"></mrow></math>"#);
    swap_into(
        &find(&stage, ".t"),
        "beforeend",
        r#"<p id="a">1</p><section id="b"><svg><rect/></svg></section>"#,
    );
    swap_into(&find(&stage, ".m"), "beforeend", r#"<mi id="c">x</mi>"#);
    pause(60).await;
    assert_eq!(space(&stage, "#a,#b,rect"), [HTML, HTML, SVG]);
    assert_eq!(space(&stage, "#c"), ["http://www.w3.org/1998/Math/MathML"]);
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_26_oob_parts_belong_to_their_places() {
    let stage = stage(
        r#"<p class="t"></p><svg id="in"><g id="gone"></g><g id="chart"><rect/></g></svg>
        <table><tbody id="rows"></tbody></table>"#,
    );
    // Read as HTML, the first shape would hold the second.
    swap_into(
        &find(&stage, ".t"),
        "innerHTML",
        r#"main<g id="gone" hx-swap-oob="true"><circle/><path/></g>
        <template hx-swap-oob="beforeend:#chart"><ellipse/><line/></template>
        <div hx-swap-oob="beforeend:#chart"><polygon></polygon></div>
        <template><svg><text id="wrapped" hx-swap-oob="afterbegin:#chart">1</text></svg></template>"#,
    );
    // From a drawing to a table.
    swap_into(
        &find(&stage, "#chart"),
        "beforeend",
        r#"<image id="main"/><template><tbody hx-swap-oob="beforeend:#rows"><tr><td>2</td></tr></tbody></template>"#,
    );
    pause(60).await;
    assert_eq!(
        find::<Element>(&stage, ".t").text_content().unwrap().trim(),
        "main"
    );
    assert_eq!(
        space(&stage, "#gone,circle,path,ellipse,line,polygon,#main"),
        [SVG; 7],
        "{}",
        stage.inner_html()
    );
    let parents = ["circle", "path", "ellipse", "line", "polygon"].map(|shape| {
        let shape: Element = find(&stage, shape);
        shape.parent_element().unwrap().id()
    });
    assert_eq!(parents, ["gone", "gone", "chart", "chart", "chart"]);
    assert_eq!(space(&stage, "#rows > tr > td"), [HTML], "{}", stage.inner_html());
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_26_wsm_01_frames_for_drawings() {
    let stage =
        stage(r#"<svg><circle id="one"/><circle id="two"/><g id="three"></g></svg><p id="four"></p>"#);
    place_by_id(
        &r#"<circle id="one" r="1"/><circle id="two" r="2"/><g id="three" hx-swap-oob="innerHTML"><path/><path/></g><p id="four">4</p>"#
            .into(),
        &[],
        None,
    );
    pause(60).await;
    assert_eq!(
        space(&stage, "circle[r],path"),
        [SVG; 4],
        "{}",
        stage.inner_html()
    );
    assert_eq!(space(&stage, "circle circle"), [""; 0]);
    assert_eq!(find::<Element>(&stage, "#four").text_content().unwrap(), "4");
    // After something that is not for a drawing, each part is read again by itself.
    place_by_id(
        &r#"<p id="four">5</p><g id="three"><line/><line/></g>"#.into(),
        &[],
        None,
    );
    pause(60).await;
    assert_eq!(space(&stage, "svg > #three > line"), [SVG; 2]);
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_26_wsm_01_shapes_after_something_else_stand_by_themselves() {
    // In HTML the first shape has no end: the second stood in it, and was lost.
    let stage = stage(
        r#"<p id="four"></p><svg><circle id="one"></circle><circle id="two"></circle><g id="three"></g></svg>"#,
    );
    place_by_id(
        &r#"<p id="four">4</p><circle id="one" r="1"/><circle id="two" r="2"/><g id="three" hx-swap-oob="innerHTML"><path/><path/></g>"#
            .into(),
        &[],
        None,
    );
    pause(60).await;
    assert_eq!(
        space(&stage, "svg > circle[r],svg > #three > path"),
        [SVG; 4],
        "{}",
        stage.inner_html()
    );
    assert_eq!(space(&stage, "p#four"), [HTML]);
    assert_eq!(find::<Element>(&stage, "#four").text_content().unwrap(), "4");
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_26_a_part_that_cannot_be_read_for_its_place_is_told_of() {
    // A row among shapes became a row of a drawing, which no table shows.
    let console = FakeConsole::install();
    let stage = stage(r#"<svg><g class="t"></g></svg><table><tbody id="rows"></tbody></table>"#);
    swap_into(
        &find(&stage, ".t"),
        "beforeend",
        r#"<circle/><tr hx-swap-oob="beforeend:#rows"><td>1</td></tr>"#,
    );
    pause(60).await;
    assert!(
        console.warnings().concat().contains("wrap it in `<template>`"),
        "{:?}",
        console.warnings()
    );
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_26_a_place_in_html_is_parsed_for_as_before() {
    let stage = stage("<p></p>");
    for html in ["<tr><td>1</td></tr>", "<circle/>text", "<svg><circle/></svg>"] {
        let for_place = parse_for(&stage, &html.into()).unwrap();
        assert!(
            for_place.is_equal_node(Some(&parse(&html.into()).unwrap())),
            "{html}"
        );
    }
    stage.remove();
}
