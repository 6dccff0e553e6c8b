//! HTML that the browser does not take, as under a Trusted Types policy that refuses it: the message is lost and nothing else.

use js_sys::Function;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::{find, record, stage, swap_into};
use crate::browser::swap::place_by_id;

/// Lets the browser refuse all HTML while something is done.
fn refusing<T>(act: impl FnOnce() -> T) -> T {
    let refuse = Function::new_no_args(
        "const own = Element.prototype, refuse = () => { throw new TypeError('refused'); };
         const html = Object.getOwnPropertyDescriptor(own, 'innerHTML'), add = own.insertAdjacentHTML;
         Object.defineProperty(own, 'innerHTML', { ...html, set: refuse });
         own.insertAdjacentHTML = refuse;
         return () => { Object.defineProperty(own, 'innerHTML', html); own.insertAdjacentHTML = add; };",
    );
    let restore: Function = refuse.call0(&wasm_bindgen::JsValue::NULL).unwrap().into();
    let done = act();
    restore.call0(&wasm_bindgen::JsValue::NULL).unwrap();
    done
}

#[wasm_bindgen_test]
fn s29_ssw_22_what_the_browser_refuses_is_told_and_takes_nothing_away() {
    let page = r#"<ul class="t"><li>old</li></ul>"#;
    for (style, payload) in [
        ("innerHTML", "<li>new</li>"),
        ("innerHTML", "<li id=\"i\">new</li>"),
        ("innerHTML", "<tr><td>new</td></tr>"),
        ("outerHTML", "<li id=\"i\">new</li>"),
        ("beforeend", "<li>new</li>"),
        ("beforeend", "new"),
        ("afterend", "<li>new</li>"),
        ("innerMorph", "<li>new</li>"),
    ] {
        let stage = stage(page);
        let (heard, _listeners) = record(&stage, &["htmx:swapError", "htmx:afterSwap", "htmx:afterSettle"]);
        refusing(|| swap_into(&find(&stage, ".t"), style, payload));
        assert_eq!(*heard.borrow(), ["htmx:swapError"], "{style} {payload}");
        assert_eq!(stage.inner_html(), page, "{style} {payload}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
fn s29_a_frame_that_the_browser_refuses_is_told_where_its_socket_is() {
    let page = r#"<b id="refused">old</b>"#;
    for frame in ["<b id=\"refused\">new</b>", "<tr id=\"refused\"></tr>"] {
        let stage = stage(page);
        let (heard, _listeners) = record(&stage, &["htmx:swapError", "htmx:oobErrorNoTarget"]);
        let owner: Element = stage.clone();
        refusing(|| place_by_id(&frame.into(), &[owner], None));
        assert_eq!(*heard.borrow(), ["htmx:swapError"], "{frame}");
        assert_eq!(stage.inner_html(), page, "{frame}");
        stage.remove();
    }
}
