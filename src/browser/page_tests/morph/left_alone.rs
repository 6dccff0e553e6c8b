//! What a morph does not touch.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::super::{find, stage};
use super::{focus, is_focused, morph};

#[track_caller]
fn check(before: &str, payload: &str, after: &str) {
    let stage = stage(before);
    morph(&stage, payload);
    assert_eq!(stage.inner_html(), after, "{before} to {payload}");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_hx_morph_skip() {
    check(
        r#"<p hx-morph-skip="" class="a"><b>1</b></p><i>1</i>"#,
        "<p class=b><b>2</b></p><i>2</i>",
        r#"<p hx-morph-skip="" class="a"><b>1</b></p><i>2</i>"#,
    );
    check(
        r#"<p data-hx-morph-skip-children="" class="a"><b>1</b></p>"#,
        "<p data-hx-morph-skip-children class=b><b>2</b></p>",
        r#"<p data-hx-morph-skip-children="" class="b"><b>1</b></p>"#,
    );
    // Nothing is taken out of what is frozen, and it goes when nothing stands for it.
    check(
        r#"<p hx-morph-skip=""><b id="x">1</b></p>"#,
        "<p></p><b id=x>2</b>",
        r#"<p hx-morph-skip=""><b id="x">1</b></p><b id="x">2</b>"#,
    );
    check(r#"<p id="p" hx-morph-skip="">1</p>"#, "<i>2</i>", "<i>2</i>");
}

#[wasm_bindgen_test]
fn swp_29_hx_preserve() {
    check(
        r#"<p id="a" class="x">1</p><i>1</i>"#,
        "<i>2</i><p id=a hx-preserve>2</p>",
        r#"<i>2</i><p id="a" class="x">1</p>"#,
    );
    // Inside of what is new.
    check(
        r#"<p id="a">1</p>"#,
        "<main><p id=a data-hx-preserve>2</p></main>",
        r#"<main><p id="a">1</p></main>"#,
    );
    // One that the page does not have is the payload's own.
    check(
        "",
        r#"<p id="n1" hx-preserve="">2</p>"#,
        r#"<p id="n1" hx-preserve="">2</p>"#,
    );
    // One from elsewhere in the page.
    let elsewhere = stage("<p id=far>1</p>");
    let known: Element = find(&elsewhere, "#far");
    let stage = stage("<i></i>");
    morph(&stage, "<i></i><p id=far hx-preserve>2</p>");
    assert_eq!(find::<Element>(&stage, "#far"), known);
    assert_eq!(elsewhere.inner_html(), "");
    // Without the attribute it would not come.
    morph(&elsewhere, "<p id=far>3</p>");
    assert_eq!(
        (stage.inner_html().as_str(), elsewhere.inner_html().as_str()),
        (r#"<i></i><p id="far">1</p>"#, r#"<p id="far">3</p>"#)
    );
    stage.remove();
    elsewhere.remove();
}

#[wasm_bindgen_test]
fn swp_10_custom_elements() {
    js_sys::eval(
        "customElements.get('x-filled') ?? customElements.define('x-filled', class extends HTMLElement {
            connectedCallback() { if (!this.firstChild) this.append('own'); }
         });
         customElements.get('x-shadow') ?? customElements.define('x-shadow', class extends HTMLElement {
            constructor() { super(); this.attachShadow({ mode: 'open' }).append('shadow', document.createElement('slot')); }
         });",
    )
    .unwrap();
    // What fills itself is its own, as long as the payload brings it empty.
    let stage = stage("<x-filled></x-filled><b>1</b>");
    assert_eq!(stage.inner_html(), "<x-filled>own</x-filled><b>1</b>");
    morph(&stage, "<x-filled class=c></x-filled><b>2</b>");
    assert_eq!(
        stage.inner_html(),
        r#"<x-filled class="c">own</x-filled><b>2</b>"#
    );
    morph(&stage, "<x-filled>given</x-filled>");
    assert_eq!(stage.inner_html(), "<x-filled>given</x-filled>");
    // What is shown in a shadow tree is the server's, and the tree is not.
    dom_set(&stage, "<x-shadow id=s><i>1</i></x-shadow>");
    let host: Element = find(&stage, "#s");
    morph(&stage, "<x-shadow id=s><i>2</i></x-shadow>");
    assert_eq!(find::<Element>(&stage, "#s"), host);
    assert_eq!(host.inner_html(), "<i>2</i>");
    assert_eq!(
        host.shadow_root().unwrap().text_content().as_deref(),
        Some("shadow")
    );
    morph(&stage, "<x-shadow id=s></x-shadow>");
    assert_eq!(host.inner_html(), "");
    stage.remove();
    // A name with a hyphen that nobody has defined means nothing.
    check(
        "<x-plain>1</x-plain>",
        "<x-plain></x-plain>",
        "<x-plain></x-plain>",
    );
    // An app of its own keeps what it has made, and hears of its new attributes.
    check(
        r#"<leptos-island data-component="C_1" data-props="1"><b>2</b></leptos-island>"#,
        r#"<leptos-island data-component="C_1" data-props="3"><b>0</b></leptos-island>"#,
        r#"<leptos-island data-component="C_1" data-props="3"><b>2</b></leptos-island>"#,
    );
}

fn dom_set(stage: &Element, html: &str) {
    crate::browser::dom::set_html(stage, &html.into());
}

#[wasm_bindgen_test]
fn swp_10_what_is_being_written() {
    let stage = stage("<div id=e contenteditable>old</div><b>1</b>");
    let editor: HtmlElement = find(&stage, "#e");
    focus(&editor);
    morph(&stage, "<div id=e contenteditable class=c>new</div><b>2</b>");
    assert!(is_focused(&editor));
    assert_eq!(
        stage.inner_html(),
        r#"<div id="e" contenteditable="" class="c">old</div><b>2</b>"#
    );
    editor.blur().unwrap();
    morph(&stage, "<div id=e contenteditable class=c>new</div><b>2</b>");
    assert_eq!(editor.inner_html(), "new");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_the_runtimes_own_classes() {
    check(
        r#"<b class="a htmx-request htmx-settling">1</b>"#,
        "<b class=b>2</b>",
        r#"<b class="b htmx-request htmx-settling">2</b>"#,
    );
    check(
        r#"<b class="a htmx-request">1</b>"#,
        "<b>2</b>",
        r#"<b class="htmx-request">2</b>"#,
    );
}
