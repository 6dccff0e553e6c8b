//! Which nodes are kept.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::super::{find, stage};
use super::{morph, written};

/// Morphs, and checks that each selector finds the node that the other one has found before.
#[track_caller]
fn check_kept(before: &str, payload: &str, kept: &[(&str, &str)]) {
    let stage = stage(before);
    let known: Vec<Element> = kept.iter().map(|(old, _)| find(&stage, old)).collect();
    morph(&stage, payload);
    assert_eq!(stage.inner_html(), written(payload), "{before} to {payload}");
    for ((old, new), known) in kept.iter().zip(known) {
        assert_eq!(
            find::<Element>(&stage, new),
            known,
            "{old} as {new}: {before} to {payload}"
        );
    }
    stage.remove();
}

#[track_caller]
fn check_not_kept(before: &str, payload: &str, old: &str, new: &str) {
    let stage = stage(before);
    let known: Element = find(&stage, old);
    morph(&stage, payload);
    assert_ne!(find::<Element>(&stage, new), known, "{before} to {payload}");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_by_id() {
    check_kept(
        "<b id=a>1</b><b id=b>2</b>",
        "<b id=b>3</b><i></i><b id=a class=x>1</b>",
        &[("#a", "#a"), ("#b", "#b")],
    );
    check_not_kept("<b id=a>1</b>", "<b id=b>1</b>", "#a", "#b");
    check_not_kept("<b id=a>1</b>", "<b>1</b>", "#a", "b");
    check_not_kept("<b id=a>1</b>", "<i id=a>1</i>", "#a", "#a");
}

#[wasm_bindgen_test]
fn swp_10_by_id_under_another_parent() {
    check_kept(
        "<video id=v></video><p id=p>t</p>",
        "<div><section><video id=v></video></section></div><p id=p>t</p>",
        &[("#v", "#v"), ("#p", "#p")],
    );
    check_kept(
        "<div><section><video id=v></video></section></div>",
        "<video id=v></video>",
        &[("#v", "#v")],
    );
    check_kept(
        "<div id=a>x<div id=b>y</div></div>",
        "<div id=b>z<div id=a>x</div></div>",
        &[("#a", "#a"), ("#b", "#b")],
    );
    // Both inside of what is new, and one inside the other.
    check_kept(
        "<div id=a>x<p id=b>y</p></div><i id=c></i>",
        "<main><i id=c></i><div id=a>x<p id=b>y</p></div></main>",
        &[("#a", "#a"), ("#b", "#b"), ("#c", "#c")],
    );
    check_kept(
        "<div id=a>x</div><p id=b>y</p>",
        "<main><div id=a>x<p id=b>z</p></div></main>",
        &[("#a", "#a"), ("#b", "#b")],
    );
}

#[wasm_bindgen_test]
fn swp_10_by_key_among_siblings() {
    // DIFFERENCE: htmx has no keys but ids.
    check_kept(
        "<ul><li data-key=1>a</li><li data-key=2>b</li></ul><ul><li data-key=1>c</li></ul>",
        "<ul><li data-key=2>B</li><li data-key=1>A</li></ul><ul><li data-key=0>c</li></ul>",
        &[
            ("ul:first-child [data-key='1']", "ul:first-child [data-key='1']"),
            ("ul:first-child [data-key='2']", "ul:first-child [data-key='2']"),
        ],
    );
    check_not_kept("<b data-key=1>x</b>", "<b data-key=2>x</b>", "b", "b");
}

#[wasm_bindgen_test]
fn swp_10_by_being_equal() {
    check_kept(
        "<b id=k>k</b><p>1</p>",
        "<p>1</p><b id=k>K</b>",
        &[("#k", "#k"), ("p", "p")],
    );
    check_kept(
        "<p>1</p><p>2</p><p>3</p>",
        "<p>0</p><p>1x</p><p>2</p><p>3</p><p>4</p>",
        &[
            ("p:nth-child(2)", "p:nth-child(3)"),
            ("p:nth-child(3)", "p:nth-child(4)"),
        ],
    );
    check_kept(
        "<p>1</p><i>x</i><p>2</p><p>3</p>",
        "<p>3</p><p>2</p><i>y</i><p>1</p>",
        &[
            ("p:nth-child(1)", "p:nth-child(4)"),
            ("p:nth-child(3)", "p:nth-child(2)"),
            ("p:nth-child(4)", "p:nth-child(1)"),
        ],
    );
}

#[wasm_bindgen_test]
fn swp_10_by_what_is_inside() {
    check_kept(
        "<div class=a><p><b id=x>1</b></p></div><div class=b><p><b id=y>2</b></p></div>",
        "<div class=c><p><b id=y>3</b></p></div><div class=d><p><b id=x>4</b></p></div>",
        &[(".a", ".d"), (".b", ".c"), ("#x", "#x"), ("#y", "#y")],
    );
    check_kept(
        "<div class=a><input name=first></div><div class=b><input name=second></div>",
        "<div class=c>wrong<input name=second></div>",
        &[(".b", ".c"), ("[name=second]", "[name=second]")],
    );
}

#[wasm_bindgen_test]
fn swp_10_by_place() {
    check_kept(
        "\n<h1>a</h1>\n<p>b</p>\n",
        "<h1>c</h1><p>d</p>",
        &[("h1", "h1"), ("p", "p")],
    );
    check_kept(
        "<b id=k>k</b><p>1</p><p>2</p>",
        "<p>0</p><b id=k>k</b><p>1!</p><p>2!</p>",
        &[
            ("p:nth-child(2)", "p:nth-child(3)"),
            ("p:nth-child(3)", "p:nth-child(4)"),
        ],
    );
    // Not from the other side of an element that is known.
    check_not_kept("<p>1</p><b id=k>k</b>", "<b id=k>k</b><p>2</p>", "p", "p");
}

#[wasm_bindgen_test]
fn swp_10_blanks_are_no_reason_to_replace() {
    check_kept(
        "<ul><li>1</li><li>2</li></ul>",
        "\n<ul>\n  <li>1!</li>\n  <li>2!</li>\n</ul>\n",
        &[
            ("ul", "ul"),
            ("li:nth-child(1)", "li:nth-child(1)"),
            ("li:nth-child(2)", "li:nth-child(2)"),
        ],
    );
}

#[wasm_bindgen_test]
fn swp_10_scroll_positions_stay() {
    let rows = |from: u32| {
        (from..from + 60)
            .map(|row| format!("<p>{row}</p>"))
            .collect::<String>()
    };
    let list = |from| {
        format!(
            "<div style='height:50px;overflow:auto' class=c{from}>{}</div>",
            rows(from)
        )
    };
    let stage = stage(&list(0));
    let scroller: HtmlElement = find(&stage, "div");
    scroller.set_scroll_top(400);
    morph(&stage, &list(1));
    assert_eq!(find::<HtmlElement>(&stage, "div"), scroller);
    // Only what was scrolled away at the top has gone.
    assert!(scroller.scroll_top() > 200, "{}", scroller.scroll_top());
    morph(&stage, &list(1).replace("<p>50</p>", "<p>fifty</p>"));
    assert!(scroller.scroll_top() > 200);
    stage.remove();
}
