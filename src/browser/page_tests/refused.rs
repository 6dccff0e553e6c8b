//! HTML that the browser does not take, as under a Trusted Types policy that refuses it: the message is lost and nothing else.

use js_sys::Function;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fake_web_socket::FakeWebSocket;
use super::{end, find, live, record, stage, swap_into, text};

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
async fn s29_a_frame_that_the_browser_refuses_is_told_once_at_a_source_of_its_socket() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<main><div hx-ws="connect:/refused"></div><div hx-ws="connect:/refused"></div><b id="refused">old</b></main>"#,
    )
    .await;
    fake.open();
    for frame in ["<b id=\"refused\">new</b>", "<tr id=\"refused\"></tr>"] {
        let (heard, _listeners) = record(&stage, &["htmx:swapError", "htmx:oobErrorNoTarget"]);
        refusing(|| fake.say(frame));
        assert_eq!(*heard.borrow(), ["htmx:swapError"], "{frame}");
        assert_eq!(text(&stage, "#refused"), "old", "{frame}");
    }
    end(&stage);
}

#[wasm_bindgen_test]
fn swp_07_what_is_to_be_deleted_goes_also_where_the_payload_is_refused() {
    for payload in ["", "<p id=\"x\">1</p>"] {
        let stage = stage(r#"<p class="t"></p>"#);
        refusing(|| swap_into(&find(&stage, ".t"), "delete", payload));
        assert_eq!(stage.inner_html(), "", "{payload}");
        stage.remove();
    }
}
