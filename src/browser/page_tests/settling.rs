//! What swaps that follow each other in one target do to what settles there.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::{eventually, find, record, stage, swap_into};
use crate::browser::dom::element_children;
use crate::browser::listener::Listener;

fn settles(element: &Element) -> bool {
    element.class_list().contains("htmx-settling")
}

/// The class went with a swap that did not share it, and whoever came next thought that it was there.
#[wasm_bindgen_test]
async fn set_02_a_swap_that_settles_takes_no_class_from_those_that_come_after_it() {
    let long: &[_] = &[("innerHTML settle:300ms", "<i>1</i>")];
    let displaced: &[_] = &[
        ("textContent settle:300ms", "1"),
        ("innerHTML settle:300ms", "<i>1</i>"),
    ];
    for (first, payload, between) in [
        ("textContent", "0", long),
        ("innerMorph", "<i>0</i>", long),
        ("outerMorph", r#"<b class="t">0</b>"#, long),
        ("innerHTML", "<i id=other>0</i>", long),
        ("innerHTML", "<i>0</i>", displaced),
    ] {
        let stage = stage(r#"<b class="t"></b>"#);
        let target: Element = find(&stage, ".t");
        let (heard, _listeners) = record(&stage, &["htmx:afterSettle"]);
        swap_into(&target, &format!("{first} settle:20ms"), payload);
        for (spec, payload) in between {
            swap_into(&target, spec, payload);
        }
        eventually(|| heard.borrow().len() == 1).await;
        assert!(!settles(&target), "{first} of {payload}");
        swap_into(&target, "innerHTML settle:300ms", "<i>2</i>");
        assert!(settles(&target), "{first} of {payload}");
        eventually(|| heard.borrow().len() == 2 + between.len()).await;
        assert_eq!(
            stage.inner_html(),
            r#"<b class="t"><i>2</i></b>"#,
            "{first} of {payload}"
        );
        stage.remove();
    }
}

/// The number that finds a target's mark stands on the element, where scripts may copy it or write what they like.
#[wasm_bindgen_test]
async fn set_02_targets_are_told_apart_whatever_their_numbers_say() {
    let values = "[null, 1n, Symbol('1'), NaN, 'x', -1, 1.5, 1e300, {}]";
    let mut values: Vec<JsValue> = js_sys::Array::from(&js_sys::eval(values).unwrap()).to_vec();
    values.push("same".into());
    for value in values {
        let stage = stage(r#"<b class="t"></b><b class="u"></b>"#);
        let [target, other]: [Element; 2] = [".t", ".u"].map(|selector| find(&stage, selector));
        let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
        swap_into(&target, "innerHTML", "<i>1</i>");
        if value == "same" {
            Object::assign(&other, &target);
        } else {
            Reflect::set(&other, &"__liveMark".into(), &value).unwrap();
        }
        swap_into(&other, "innerHTML", "<i>2</i>");
        swap_into(&target, "innerHTML", "<i>3</i>");
        assert!(settles(&target) && settles(&other), "{value:?}");
        eventually(|| {
            heard
                .borrow()
                .iter()
                .filter(|name| *name == "htmx:afterSettle")
                .count()
                == 3
        })
        .await;
        assert_eq!(
            stage.inner_html(),
            r#"<b class="t"><i>3</i></b><b class="u"><i>2</i></b>"#,
            "{value:?}"
        );
        stage.remove();
    }
}

/// What a later swap replaces is what is in the target; whatever of an earlier one stands elsewhere settles like any other.
#[wasm_bindgen_test]
async fn set_01_set_06_what_is_not_replaced_by_the_next_swap_settles() {
    for (first, is_moved) in [("innerHTML", true), ("beforeend", true), ("beforebegin", false)] {
        let stage = stage(r#"<p><b class="t"></b></p><b class="u"></b>"#);
        let [target, other]: [Element; 2] = [".t", ".u"].map(|selector| find(&stage, selector));
        let elsewhere = other.clone();
        let moving = Listener::add(&target, "htmx:afterSwap", move |event: CustomEvent| {
            let target: Element = Reflect::get(&event, &"target".into()).unwrap().into();
            for new in element_children(&target) {
                elsewhere.append_child(&new).unwrap();
            }
        });
        let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
        swap_into(&target, first, "<i>1</i>");
        drop(moving);
        // The one in the middle is seen by nobody.
        swap_into(&target, "innerHTML", "<i>2</i>");
        swap_into(&target, "innerHTML", "<i>3</i>");
        let count = |name: &str| heard.borrow().iter().filter(|heard| *heard == name).count();
        eventually(|| count("htmx:afterSettle") == 3).await;
        assert_eq!(count("htmx:load"), 2, "{first}");
        let expected = if is_moved {
            r#"<p><b class="t"><i>3</i></b></p><b class="u"><i>1</i></b>"#
        } else {
            r#"<p><i>1</i><b class="t"><i>3</i></b></p><b class="u"></b>"#
        };
        assert_eq!(stage.inner_html(), expected, "{first}");
        stage.remove();
    }
}
