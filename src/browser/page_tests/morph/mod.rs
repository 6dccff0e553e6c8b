//! Morphing: what the page is afterwards, and which of its nodes are still the same.

mod forms;
mod identity;
mod left_alone;
mod live;
mod moves;
mod outer;
mod random_trees;
mod results;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTemplateElement};

use super::find;
use crate::browser::swap::morph::{Morphed, morph_inside};
use crate::browser::{dom, page, parsing};

/// Morphs the target's children.
fn morph(target: &Element, payload: &str) -> Morphed {
    morph_inside(target, &parsing::parse(&payload.into()).unwrap())
}

/// A payload as the browser writes it.
fn written(payload: &str) -> String {
    let template = page::document().unwrap().create_element("template").unwrap();
    dom::set_html(&template, &payload.into());
    assert!(template.dyn_ref::<HtmlTemplateElement>().is_some());
    template.inner_html()
}

fn focus(element: &HtmlElement) {
    element.focus().unwrap();
    assert!(is_focused(element));
}

fn is_focused(element: &Element) -> bool {
    page::document().unwrap().active_element().as_ref() == Some(element)
}

fn blur(element: &HtmlElement) {
    element.blur().unwrap();
    assert!(!is_focused(element));
}

/// What a user types into an input.
fn type_into(stage: &Element, selector: &str, text: &str) -> HtmlInputElement {
    let input: HtmlInputElement = find(stage, selector);
    input.set_value(text);
    input
}

/// Counts from now on what is done to the page: `childList`, `attributes` or `characterData`.
struct Watch;

impl Watch {
    fn on(stage: &Element) -> Self {
        let window = page::window().unwrap();
        js_sys::Reflect::set(&window, &"__watched".into(), stage).unwrap();
        js_sys::eval(
            "window.__watch = new MutationObserver(() => {});
             window.__watch.observe(window.__watched,
                { subtree: true, childList: true, attributes: true, characterData: true });
             window.__records = [];",
        )
        .unwrap();
        Self
    }

    fn number(expression: &str) -> usize {
        js_sys::eval("window.__records.push(...window.__watch.takeRecords())").unwrap();
        js_sys::eval(expression).unwrap().as_f64().unwrap() as usize
    }

    /// How many nodes were put somewhere.
    fn put(&self) -> usize {
        Self::number("window.__records.reduce((sum, record) => sum + record.addedNodes.length, 0)")
    }

    /// How many changes there were at all.
    fn all(&self) -> usize {
        Self::number("window.__records.length")
    }
}
