//! What `hx-swap`'s modifiers and `hx-preserve` do to a message.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{end, eventually, find, live, pause, record, replace, text};
use crate::browser::page;

/// A consumer with these attributes beside other markup, on a stream of its own.
pub(super) async fn consumer(attributes: &str, inside: &str, beside: &str) -> (FakeEventSource, Element) {
    let fake = FakeEventSource::install();
    let stage = live(&format!(
        r#"<div hx-sse="connect:/modifiers"><p class="c" hx-sse="swap:x" {attributes}>{inside}</p></div>{beside}"#
    ))
    .await;
    (fake, stage)
}

#[wasm_bindgen_test]
async fn swp_16_set_02_a_delay_holds_up_those_that_come_after_it() {
    let (fake, stage) = consumer(r#"hx-swap="beforeend swap:80ms""#, "", "").await;
    let (heard, _listeners) = record(&stage, &["htmx:sseMessage", "htmx:afterSwap"]);
    fake.say("x", "1", "");
    let target: Element = find(&stage, ".c");
    assert_eq!((text(&stage, ".c"), heard.borrow().len()), (String::new(), 0));
    assert!(target.class_list().contains("htmx-swapping"));
    // SSW-21: without a delay of its own it would overtake.
    target.set_attribute("hx-swap", "beforeend").unwrap();
    fake.say("x", "2", "");
    eventually(|| target.text_content().unwrap() == "12").await;
    assert!(!target.class_list().contains("htmx-swapping"));
    assert_eq!(heard.borrow().len(), 4);
    fake.say("x", "3", "");
    assert_eq!(target.text_content().unwrap(), "123");
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_09_a_target_that_was_replaced_meanwhile_is_found_again() {
    let (fake, stage) = consumer(
        r##"hx-target="#waited" hx-swap="swap:40ms""##,
        "",
        r#"<i id="waited"></i>"#,
    )
    .await;
    fake.say("x", "late", "");
    replace(&stage, "#waited", r#"<b id="waited"></b>"#);
    eventually(|| text(&stage, "b#waited") == "late").await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn swp_19_a_view_transition_can_be_refused_and_ends_settled() {
    let (fake, stage) = consumer(r#"hx-swap="innerHTML transition:true""#, "", "").await;
    let (heard, _listeners) = record(&stage, &["htmx:beforeTransition", "htmx:sseMessage"]);
    fake.say("x", "<b>1</b>", "");
    eventually(|| text(&stage, ".c").contains("<b>1</b>")).await;
    assert_eq!(heard.borrow()[0], "htmx:beforeTransition");
    // What comes during an animation is not lost, and keeps its order.
    for n in 2..6 {
        fake.say("x", &format!("<b>{n}</b>"), "");
    }
    eventually(|| {
        heard
            .borrow()
            .iter()
            .filter(|name| *name == "htmx:sseMessage")
            .count()
            == 5
    })
    .await;
    assert_eq!(find::<Element>(&stage, ".c").text_content().unwrap(), "5");
    let refuse = js_sys::eval(
        "(() => { const f = (e) => e.preventDefault(); document.addEventListener('htmx:beforeTransition', f); return f; })()",
    )
    .unwrap();
    pause(0).await;
    let settled = || {
        !find::<Element>(&stage, ".c")
            .class_list()
            .contains("htmx-swapping")
    };
    eventually(settled).await;
    fake.say("x", "<b>plain</b>", "");
    assert_eq!(find::<Element>(&stage, ".c").text_content().unwrap(), "plain");
    page::document()
        .unwrap()
        .remove_event_listener_with_callback("htmx:beforeTransition", refuse.unchecked_ref())
        .unwrap();
    end(&stage);
}

#[wasm_bindgen_test]
async fn swp_24_target_strip_and_empty() {
    let (fake, stage) = consumer(
        r##"hx-target="this" hx-swap="innerHTML target:#other strip:true""##,
        "kept",
        r#"<i id="other">old</i>"#,
    )
    .await;
    fake.say("x", "<ul><li>1</li></ul>", "");
    assert!(
        text(&stage, "#other").starts_with("<li"),
        "{}",
        stage.inner_html()
    );
    assert_eq!(text(&stage, ".c"), "kept");
    fake.say("x", "", "");
    assert!(!text(&stage, "#other").is_empty()); // CON-19
    let target: Element = find(&stage, ".c");
    target.set_attribute("hx-swap", "swapEmpty:true").unwrap();
    fake.say("x", "", "");
    assert_eq!(text(&stage, ".c"), "");
    end(&stage);
}

#[wasm_bindgen_test]
async fn set_08_focus_and_selection_survive() {
    let (fake, stage) = consumer("", r#"<input id="f08" value="hello">"#, "").await;
    let input: HtmlInputElement = find(&stage, "#f08");
    input.focus().unwrap();
    input.set_selection_range(1, 3).unwrap();
    fake.say("x", r#"<input id="f08" value="hello"><b></b>"#, "");
    let new: HtmlInputElement = find(&stage, "#f08");
    assert!(!new.is_same_node(Some(&input)));
    let active = page::document().unwrap().active_element().unwrap();
    assert!(active.is_same_node(Some(&new)));
    assert_eq!(
        (new.selection_start().unwrap(), new.selection_end().unwrap()),
        (Some(1), Some(3))
    );
    end(&stage);
    // WS frames and parts alike.
    let sockets = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/focus"></div><button id="f08b">1</button>"#).await;
    sockets.open();
    find::<HtmlElement>(&stage, "#f08b").focus().unwrap();
    sockets.say(r#"<button id="f08b">2</button>"#);
    let active = page::document().unwrap().active_element().unwrap();
    assert_eq!(
        (active.id(), active.inner_html()),
        ("f08b".to_owned(), "2".to_owned())
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn swp_29_what_is_preserved_stays_the_same_node() {
    let (fake, stage) = consumer(
        "",
        r#"<iframe id="v29" hx-preserve srcdoc="x"></iframe><input id="i29" hx-preserve>"#,
        "",
    )
    .await;
    let (frame, input): (Element, HtmlInputElement) = (find(&stage, "#v29"), find(&stage, "#i29"));
    input.set_value("typed");
    fake.say(
        "x",
        r#"<b>new</b><input id="i29" hx-preserve value="fresh"><iframe id="v29" hx-preserve></iframe>"#,
        "",
    );
    assert!(find::<Element>(&stage, "#v29").is_same_node(Some(&frame)));
    assert_eq!(find::<HtmlInputElement>(&stage, "#i29").value(), "typed");
    let order: Vec<_> = crate::browser::dom::element_children(&find(&stage, ".c"))
        .iter()
        .map(Element::local_name)
        .collect();
    assert_eq!(order, ["b", "input", "iframe"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_25_swp_23_a_title_is_for_the_page_only_where_asked_for() {
    let document = page::document().unwrap();
    let before = document.title();
    let (fake, stage) = consumer("", "", "").await;
    fake.say("x", "<title>no</title><b>1</b>", "");
    assert_eq!(document.title(), before);
    assert_eq!(find::<Element>(&stage, ".c").text_content().unwrap(), "1");
    find::<Element>(&stage, ".c")
        .set_attribute("hx-swap", "ignoreTitle:false")
        .unwrap();
    fake.say("x", "<title>yes</title><b>2</b>", "");
    assert_eq!(document.title(), "yes");
    // SWP-27: of a whole page, the body.
    fake.say(
        "x",
        "<!doctype html><html><head><title>whole</title><meta name=a></head><body><b>3</b></body></html>",
        "",
    );
    assert_eq!(document.title(), "whole");
    let inside = text(&stage, ".c");
    assert!(inside.contains("3</b>") && !inside.contains("meta"), "{inside}");
    document.set_title(&before);
    end(&stage);
}

#[wasm_bindgen_test]
async fn set_07_wsm_25_scripts_run_where_the_swap_asks_for_it() {
    // DIFFERENCE: not by default.
    let (fake, stage) = consumer(r#"hx-swap="beforeend scripts:true""#, "", "").await;
    js_sys::eval("window.__order = []").unwrap();
    fake.say(
        "x",
        "<script data-n=1>window.__order.push(document.currentScript.dataset.n)</script><b>x</b><script>window.__order.push('2')</script>",
        "",
    );
    let order = js_sys::eval("window.__order.join()").unwrap();
    assert_eq!(order.as_string().unwrap(), "1,2");
    end(&stage);
}

#[wasm_bindgen_test]
async fn s28_a_nonce_in_a_fragment_is_worth_nothing() {
    js_sys::eval(
        "window.__nonces = [];
         window.__ownScript = document.createElement('script');
         window.__ownScript.nonce = 'own';
         window.__ownScript.setAttribute('nonce', 'own');
         document.head.prepend(window.__ownScript)",
    )
    .unwrap();
    let script = "<script nonce=\"stolen\">window.__nonces.push(document.currentScript.nonce)</script>";
    for (swap, ran) in [
        ("beforeend", ""),
        ("innerHTML", ""),
        ("outerHTML", ""),
        ("innerMorph", ""),
        // Whoever lets a swap's scripts run, vouches for them: each gets the page's own, as one that the page makes.
        ("beforeend scripts:true", "own"),
    ] {
        let (fake, stage) = consumer(&format!(r#"hx-swap="{swap}""#), "", "").await;
        fake.say("x", script, "");
        pause(10).await;
        let found = js_sys::eval("window.__nonces.splice(0).join()").unwrap();
        assert_eq!(found.as_string().as_deref(), Some(ran), "{swap}");
        end(&stage);
    }
    js_sys::eval("window.__ownScript.remove()").unwrap();
}

#[wasm_bindgen_test]
async fn set_11_after_outer_html_the_new_element_is_told_of() {
    let (fake, stage) = consumer(r#"hx-swap="outerHTML settle:10ms""#, "", "").await;
    let (heard, _listeners) = record(&stage, &["htmx:afterSwap", "htmx:afterSettle", "htmx:load"]);
    fake.say("x", r#"<b id="b11">1</b><b>2</b>"#, "");
    assert_eq!(
        find::<Element>(&stage, "#b11").class_name(),
        "htmx-added htmx-settling"
    );
    eventually(|| heard.borrow().len() == 6).await;
    assert!(find::<Element>(&stage, "#b11").class_name().is_empty());
    assert_eq!(
        *heard.borrow(),
        [
            "htmx:afterSwap",
            "htmx:afterSwap",
            "htmx:load",
            "htmx:load",
            "htmx:afterSettle",
            "htmx:afterSettle"
        ]
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsm_11_con_33_a_frame_is_over_when_it_has_settled() {
    let sockets = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/settled"></div><i id="w11"></i>"#).await;
    sockets.open();
    let (heard, _listeners) = record(&stage, &["htmx:afterSettle", "htmx:wsAfterMessage"]);
    sockets.say(r#"<i id="w11" hx-swap-oob="innerHTML settle:40ms">1</i><p>no place</p>"#);
    assert!(heard.borrow().is_empty());
    eventually(|| heard.borrow().len() == 2).await;
    assert_eq!(*heard.borrow(), ["htmx:afterSettle", "htmx:wsAfterMessage"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn swp_20_the_target_is_scrolled_when_it_has_settled() {
    let (fake, stage) = consumer(
        r#"hx-swap="beforeend settle:10ms scroll:bottom" style="height:20px;overflow:auto""#,
        "",
        "",
    )
    .await;
    fake.say("x", r#"<div style="height:400px">tall</div>"#, "");
    let target: Element = find(&stage, ".c");
    eventually(|| target.scroll_top() > 300).await;
    target
        .set_attribute("hx-swap", "beforeend settle:10ms scroll:top")
        .unwrap();
    fake.say("x", "<b>more</b>", "");
    eventually(|| target.scroll_top() == 0).await;
    end(&stage);
}
