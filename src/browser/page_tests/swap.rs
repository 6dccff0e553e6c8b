//! Each swap style, out-of-band parts and settling.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::{eventually, find, pause, record, stage, swap_into};
use crate::browser::dom::element_children;
use crate::browser::swap::place_by_id;

/// Swaps into `#t` and compares the stage, once everything has settled.
async fn check(spec: &str, before: &str, payload: &str, after: &str) {
    let stage = stage(before);
    swap_into(&find(&stage, ".t"), spec, payload);
    pause(60).await;
    assert_eq!(stage.inner_html(), after, "{spec} of {payload}");
    stage.remove();
}

#[wasm_bindgen_test]
async fn swp_01_to_09_styles() {
    let before = r#"<p></p><b class="t"><i>old</i></b><p></p>"#;
    for (style, after) in [
        ("innerHTML", r#"<p></p><b class="t"><u>new</u></b><p></p>"#),
        ("outerHTML", r#"<p></p><u>new</u><p></p>"#),
        (
            "beforebegin",
            r#"<p></p><u>new</u><b class="t"><i>old</i></b><p></p>"#,
        ),
        (
            "afterbegin",
            r#"<p></p><b class="t"><u>new</u><i>old</i></b><p></p>"#,
        ),
        (
            "beforeend",
            r#"<p></p><b class="t"><i>old</i><u>new</u></b><p></p>"#,
        ),
        (
            "afterend",
            r#"<p></p><b class="t"><i>old</i></b><u>new</u><p></p>"#,
        ),
        ("delete", "<p></p><p></p>"),
        ("none", before),
        (
            "textContent",
            r#"<p></p><b class="t">&lt;u&gt;new&lt;/u&gt;</b><p></p>"#,
        ),
    ] {
        check(style, before, "<u>new</u>", after).await;
    }
}

#[wasm_bindgen_test]
async fn swp_26_table_parts_survive() {
    let before = r#"<table><tbody class="t"><tr><td>1</td></tr></tbody></table>"#;
    let after = r#"<table><tbody class="t"><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>"#;
    check("beforeend", before, "<tr><td>2</td></tr>", after).await;
}

#[wasm_bindgen_test]
async fn ssw_13_ssw_14_what_is_empty_leaves_the_target_alone() {
    let before = r#"<b class="t">old</b><i id="o1">x</i>"#;
    check("innerHTML", before, "", before).await;
    let oob = r#"<i id="o1" hx-swap-oob="true">y</i> "#;
    check(
        "innerHTML",
        before,
        oob,
        r#"<b class="t">old</b><i id="o1">y</i>"#,
    )
    .await;
}

#[wasm_bindgen_test]
async fn ssw_12_out_of_band_parts_come_after_the_main_swap() {
    let payload = r#"<p id="o2"></p><i id="o2" hx-swap-oob="innerHTML">in</i>"#;
    check(
        "innerHTML",
        r#"<b class="t"></b>"#,
        payload,
        r#"<b class="t"><p id="o2">in</p></b>"#,
    )
    .await;
}

#[wasm_bindgen_test]
async fn oob_01_to_05_styles_selectors_and_nesting() {
    for (payload, after) in [
        (
            r#"<i id="o3">a</i>"#,
            r#"<i id="o3">a</i><b class="k"></b><b class="k"></b>"#,
        ),
        (
            r#"<i id="o3" hx-swap-oob="beforeend">a</i>"#,
            r#"<i id="o3">xa</i><b class="k"></b><b class="k"></b>"#,
        ),
        (
            r#"<i id="o3" hx-swap-oob="delete"></i>"#,
            r#"<b class="k"></b><b class="k"></b>"#,
        ),
        (
            r#"<div hx-swap-oob="innerHTML:.k">a</div>"#,
            r#"<i id="o3">x</i><b class="k">a</b><b class="k">a</b>"#,
        ),
        (
            r#"<i id="o3"><s>a</s><b data-hx-swap-oob="innerHTML:.k">z</b></i>"#,
            r#"<i id="o3"><s>a</s></i><b class="k">z</b><b class="k">z</b>"#,
        ),
        (
            r#"text <i>no id</i>"#,
            r#"<i id="o3">x</i><b class="k"></b><b class="k"></b>"#,
        ), // WSM-04
    ] {
        let stage = stage(r#"<i id="o3">x</i><b class="k"></b><b class="k"></b>"#);
        place_by_id(&payload.into(), &[], None);
        pause(60).await;
        assert_eq!(stage.inner_html(), after, "{payload}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn set_01_set_03_classes_until_settled() {
    let stage = stage(r#"<b class="t"></b>"#);
    let target: Element = find(&stage, ".t");
    swap_into(&target, "innerHTML settle:50ms", "<u>n</u>");
    assert_eq!(target.class_name(), "t htmx-settling");
    assert_eq!(element_children(&target)[0].class_name(), "htmx-added");
    pause(120).await;
    assert_eq!(stage.inner_html(), r#"<b class="t"><u>n</u></b>"#);
    stage.remove();
}

#[wasm_bindgen_test]
async fn set_01_what_is_off_the_page_settles_too() {
    // Content that a Suspense had taken off the page for a while kept the class.
    let stage = stage(r#"<b class="t"></b>"#);
    let target: Element = find(&stage, ".t");
    swap_into(&target, "innerHTML settle:20ms", "<u>n</u>");
    target.remove();
    pause(80).await;
    stage.append_child(&target).unwrap();
    assert_eq!(stage.inner_html(), r#"<b class="t"><u>n</u></b>"#);
    stage.remove();
}

#[wasm_bindgen_test]
async fn oob_01_attributes_need_no_blank_between_them() {
    // Without one, the payload was taken for plain content.
    for part in [
        r#"<i title="k"id="o5"hx-swap-oob="true">y</i>"#,
        r#"<i title='k'data-hx-swap-oob='true'id='o5'>y</i>"#,
        r#"<i title="k"/id="o5"/hx-swap-oob="true">y</i>"#,
    ] {
        check(
            "innerHTML",
            r#"<b class="t"></b><i id="o5">x</i>"#,
            &format!("in{part}"),
            r#"<b class="t">in</b><i title="k" id="o5">y</i>"#,
        )
        .await;
    }
}

#[wasm_bindgen_test]
async fn set_04_old_attributes_are_kept_until_settled() {
    let stage = stage(r#"<div class="t"><i id="o4" class="red" style="color:red">a</i></div>"#);
    let payload = r#"<i id="o4" class="blue">b</i>"#;
    swap_into(&find(&stage, ".t"), "innerHTML settle:50ms", payload);
    let new: Element = find(&stage, "#o4");
    assert!(
        new.class_list().contains("red") && !new.class_list().contains("blue"),
        "{}",
        new.class_name()
    );
    pause(120).await;
    assert_eq!(
        stage.inner_html(),
        r#"<div class="t"><i id="o4" class="blue">b</i></div>"#
    );
    stage.remove();
}

#[wasm_bindgen_test]
async fn set_07_scripts_do_not_run() {
    // DIFFERENCE: htmx runs the scripts of what it swaps in.
    let payload = r#"<script>window.__ran = 1</script><img src=x id="i" hx-x><svg><script>window.__ran = 2</script></svg>"#;
    let stage = stage(r#"<b class="t"></b>"#);
    swap_into(&find(&stage, ".t"), "", payload);
    swap_into(&find(&stage, ".t"), "", "<script>window.__ran = 3</script>");
    pause(60).await;
    let ran = js_sys::Reflect::get(&crate::browser::page::window().unwrap(), &"__ran".into()).unwrap();
    assert!(ran.is_undefined());
    stage.remove();
}

#[wasm_bindgen_test]
async fn oob_01_a_form_with_a_field_called_id_has_an_id_all_the_same() {
    // A form's `id` property is its field of that name, no text; reading it as one threw.
    let stage = stage(r#"<form id="of"><input name="id"></form>"#);
    place_by_id(
        &r#"<form id="of"><input name="id" value="2"></form>"#.into(),
        &[],
        None,
    );
    pause(60).await;
    assert_eq!(
        stage.inner_html(),
        r#"<form id="of"><input name="id" value="2"></form>"#
    );
    stage.remove();
}

/// A burst of any length that the browser hands over in one go had all of its swaps settling at the same time, each with its
/// elements, and wasm's memory kept the size that it took.
#[wasm_bindgen_test]
async fn set_06_in_a_burst_the_oldest_settle_before_their_time() {
    for (spec, payload, is_long) in [
        ("innerHTML", "<u>x</u>", false),
        ("beforeend", "<u>x</u>", false),
        ("afterbegin", "<tr>x</tr>", false),
        ("beforeend", "<u id=burst>x</u>", true),
    ] {
        let stage = stage(r#"<div class="t"></div>"#);
        let target: Element = find(&stage, ".t");
        let (heard, _listeners) = record(&stage, &["htmx:afterSwap", "htmx:afterSettle"]);
        for _ in 0..2200 {
            swap_into(&target, spec, payload);
        }
        let settled = || {
            heard
                .borrow()
                .iter()
                .filter(|name| *name == "htmx:afterSettle")
                .count()
        };
        assert_eq!((heard.borrow().len(), settled()), (2400, 200), "{spec} {payload}");
        if !is_long {
            assert_eq!(target.class_name(), "t htmx-settling", "{spec} {payload}");
        }
        eventually(|| settled() == 2200).await;
        assert_eq!(target.class_name(), "t", "{spec} {payload}");
        assert_eq!(
            stage.query_selector(".htmx-added").unwrap(),
            None,
            "{spec} {payload}"
        );
        stage.remove();
    }
}

/// A payload that is no more than content takes a short way when it is added.
#[wasm_bindgen_test]
async fn swp_03_to_06_what_is_added_is_the_same_on_both_ways() {
    let before = r#"<p></p><b class="t"><i>old</i></b><p></p>"#;
    for style in ["beforebegin", "afterbegin", "beforeend", "afterend"] {
        for (short, long) in [
            (
                "<u>1</u> <u>2</u>text<!--c-->",
                r#"<u id="short">1</u> <u>2</u>text<!--c-->"#,
            ),
            ("text", r#"<title>t</title>text"#),
            ("<header>1</header>", r#"<header id="short">1</header>"#),
        ] {
            let results = [short, long].map(|payload| {
                let stage = stage(before);
                let (heard, _listeners) =
                    record(&stage, &["htmx:load", "htmx:afterSwap", "htmx:afterSettle"]);
                swap_into(&find(&stage, ".t"), style, payload);
                (stage, heard, _listeners)
            });
            pause(60).await;
            let [(short, short_heard, _), (long, long_heard, _)] = &results;
            let expected = long.inner_html().replace(r#" id="short""#, "");
            assert_eq!(short.inner_html(), expected, "{style}");
            assert_eq!(short_heard, long_heard, "{style}");
            short.remove();
            long.remove();
        }
    }
}

/// Targets that are changed in turn share their classes each with itself, and what was replaced is told of no more.
#[wasm_bindgen_test]
async fn set_02_set_06_targets_that_are_changed_in_turn() {
    let stage = stage(r#"<b class="t"></b><b class="u"></b>"#);
    let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
    let targets: [Element; 2] = [".t", ".u"].map(|selector| find(&stage, selector));
    for payload in ["<i>1</i>", "<i>2</i>", "<i>3</i>"] {
        for target in &targets {
            swap_into(target, "innerHTML settle:30ms", payload);
        }
    }
    let classes = || targets.each_ref().map(Element::class_name);
    assert_eq!(classes(), ["t htmx-settling", "u htmx-settling"]);
    let count = |name: &str| heard.borrow().iter().filter(|heard| *heard == name).count();
    eventually(|| count("htmx:afterSettle") == 6).await;
    assert_eq!(count("htmx:load"), 2);
    assert_eq!(classes(), ["t", "u"]);
    assert_eq!(
        stage.inner_html(),
        r#"<b class="t"><i>3</i></b><b class="u"><i>3</i></b>"#
    );
    stage.remove();
}

/// A swap of another kind may have changed the classes, so that whoever comes after it looks anew.
#[wasm_bindgen_test]
async fn set_02_a_class_that_was_lost_in_between_is_set_again() {
    for (between, payload, expected) in [
        ("beforeend", "<i id=other>2</i>", "t htmx-settling"),
        ("beforeend", "<i>2</i>", "t"),
        ("innerHTML", "<i>2</i>", "t"),
    ] {
        let stage = stage(r#"<b class="t"></b><b class="u"></b>"#);
        let [target, other]: [Element; 2] = [".t", ".u"].map(|selector| find(&stage, selector));
        swap_into(&target, "innerHTML settle:50ms", "<i>1</i>");
        swap_into(&other, &format!("{between} settle:50ms"), payload);
        target.set_class_name("t");
        swap_into(&target, "innerHTML settle:50ms", "<i>3</i>");
        // What a script takes away stays away, as where nothing else came in between.
        assert_eq!(target.class_name(), expected, "{between} of {payload}");
        pause(120).await;
        assert_eq!(
            (target.class_name(), other.class_name()),
            ("t".into(), "u".into())
        );
        stage.remove();
    }
}
