//! Whatever the page was, it is the payload afterwards.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::super::{find, stage};
use super::{Watch, morph, written};

/// Morphs, compares, and morphs once more, which must change nothing.
#[track_caller]
fn check(before: &str, payload: &str) {
    let stage = stage(before);
    morph(&stage, payload);
    assert_eq!(stage.inner_html(), written(payload), "{before} to {payload}");
    let watch = Watch::on(&stage);
    morph(&stage, payload);
    assert_eq!(watch.all(), 0, "{before} to {payload}, once more");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_text_and_comments() {
    check("", "");
    check("", "text");
    check("text", "");
    check("one", "two");
    check("<b>one</b>", "two");
    check("one", "<b>two</b>");
    check("a<b>c</b>d", "<b>c</b>e<i>f</i>");
    check("<!--a-->b", "c<!--d-->e");
    check("<!--a--><b>x</b><!--c-->", "<b>y</b>");
    check("  <b>x</b>  ", "<b>x</b>");
    check("<b>x</b>", "\n  <b>x</b>\n  <i>y</i>\n");
}

#[wasm_bindgen_test]
fn swp_10_elements_and_attributes() {
    check("<b>x</b>", "<i>x</i>");
    check("<b class=a title=t>x</b>", "<b class=b lang=en>x</b>");
    check("<b class>x</b>", "<b>x</b>");
    check("<b>1</b><b>2</b><b>3</b>", "<b>0</b><b>2</b>");
    check("<b>1</b><i>2</i><b>3</b>", "<i>3</i><b>2</b><i>1</i>");
    check("<p><b>1</b></p>", "<p><i><b>1</b></i></p>");
    check("<p><i><b>1</b></i></p>", "<p><b>1</b></p>");
    // A parser makes attributes that `setAttribute` refuses.
    check("<b>x</b>", r#"<b @click="a" x:y="b" [z]="c">x</b>"#);
    check(r#"<b @click="a">x</b>"#, r#"<b @click="b">x</b>"#);
}

#[wasm_bindgen_test]
fn swp_10_ids_and_keys() {
    check("<b id=a>1</b><b id=b>2</b>", "<b id=b>2</b><b id=a>1</b>");
    check("<b id=a>1</b>", "<i id=a>1</i>");
    check("<b id=a>1</b>", "<b>1</b>");
    check("<b>1</b>", "<b id=a>1</b>");
    check("<b id=a>1</b><b id=b>2</b>", "<p><b id=b>2</b></p><b id=a>1</b>");
    check("<p><b id=a>1</b></p>", "<b id=a>2</b><p></p>");
    // The one around the other, and the other way round.
    check(
        "<div id=a>x<div id=b>y</div></div>",
        "<div id=b>y<div id=a>x</div></div>",
    );
    check(
        "<ul><li data-key=1>a<li data-key=2>b</ul>",
        "<ul><li data-key=2>b<li data-key=3>c<li data-key=1>a</ul>",
    );
}

#[wasm_bindgen_test]
fn swp_10_ids_that_occur_twice_lose_nothing() {
    check("<b id=a>1</b><b id=a>2</b>", "<b id=a>3</b>");
    check("<b id=a>1</b>", "<b id=a>2</b><b id=a>3</b><p><b id=a>4</b></p>");
    check(
        "<p><b id=a>1</b></p><b id=a>2</b>",
        "<p></p><b id=a>3</b><i><b id=a>4</b></i>",
    );
    check(
        "<p id=a><b id=a>1</b></p>",
        "<p id=a><b id=a><i id=a>1</i></b></p>",
    );
}

#[wasm_bindgen_test]
fn swp_10_swp_26_tables() {
    check(
        "<table><tbody><tr id=r1><td>1</td></tr><tr id=r2><td>2</td></tr></tbody></table>",
        "<table><caption>c</caption><tbody><tr id=r2><td>2</td><td>x</td></tr><tr id=r1><th>1</th></tr></tbody></table>",
    );
    let stage = stage("<table><tbody><tr id=r1><td>1</td></tr></tbody></table>");
    let body: Element = find(&stage, "tbody");
    let payload = "<tr id=r0><td>0</td></tr><tr id=r1><td>1</td></tr>";
    morph(&body, payload);
    assert_eq!(body.inner_html(), written(payload));
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_svg_keeps_its_namespaces() {
    let before = r##"<svg viewBox="0 0 9 9"><a id="x"></a><use xlink:href="#x"></use></svg><a></a>"##;
    let payload = r##"<svg viewBox="0 0 8 8"><circle r="1"></circle><a id="x">t</a><use xlink:href="#y"></use></svg><a>t</a>"##;
    check(before, payload);
    let stage = stage(before);
    morph(&stage, payload);
    let svg = Some("http://www.w3.org/2000/svg");
    assert_eq!(find::<Element>(&stage, "circle").namespace_uri().as_deref(), svg);
    let href = find::<Element>(&stage, "use").get_attribute_ns(Some("http://www.w3.org/1999/xlink"), "href");
    assert_eq!(href.as_deref(), Some("#y"));
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_templates_are_compared_inside() {
    check("<template><b>1</b></template>", "<template><b>2</b></template>");
    check(
        "<p><template><b id=a>1</b><template>x</template></template></p>",
        "<p><template><i>0</i><b id=a>1</b><template>y</template></template></p>",
    );
    // Nothing inside one is part of the page.
    let stage = stage("<template><b>1</b></template>");
    let morphed = morph(&stage, "<template><b hx-sse='swap:x'>1</b><i></i></template>");
    assert!(morphed.inserted.is_empty() && morphed.changed.is_empty());
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_set_07_scripts_do_not_run() {
    check(
        "<script>window.__morphed = 1</script>",
        "<script>window.__morphed = 2</script>",
    );
    check("<script></script>", "<script>window.__morphed = 3</script>");
    check(
        "<script id=s></script>",
        "<script id=s>window.__morphed = 4</script>",
    );
    check(
        "<script type=text/plain>window.__morphed = 5</script>",
        "<script>window.__morphed = 5</script>",
    );
    check(
        "<svg><script></script></svg>",
        "<svg><script>window.__morphed = 6</script></svg>",
    );
    check(
        "<script>window.__morphed = 7</script><b>1</b>",
        "<b>2</b><script>window.__morphed = 7</script>",
    );
    assert!(js_sys::eval("window.__morphed").unwrap().is_undefined());
}

#[wasm_bindgen_test]
fn swp_10_controls_named_like_properties() {
    // `form.id` is such a control, and no text.
    check(
        "<form id=f><input name=id><input name=name><input name=children></form>",
        "<form id=f class=c><b>1</b><input name=children><input name=id></form>",
    );
}

#[wasm_bindgen_test]
fn swp_10_what_differs_little_is_changed_little() {
    let stage = stage("<ul><li>1</li> <li>2</li> <li class=a>3</li> <li>4</li></ul><p>x</p>");
    let watch = Watch::on(&stage);
    let morphed = morph(
        &stage,
        "<ul><li>1</li> <li>2</li> <li class=b>3</li> <li>4</li></ul><p>x</p>",
    );
    assert_eq!(watch.all(), 1);
    assert!(morphed.inserted.is_empty() && morphed.changed.is_empty());
    // A log whose first line goes and that gets another at its end.
    morph(
        &stage,
        "<ul><li>2</li> <li class=b>3</li> <li>4</li> <li>5</li></ul><p>x</p>",
    );
    assert_eq!(watch.put(), 2, "the line, and the blank in front of it");
    stage.remove();
}
