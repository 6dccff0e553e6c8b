//! What goes wrong in one version of htmx or another, and does not here.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{at, end, eventually, find, live, pause, record, swap_into, text};
use crate::browser::listener::Listener;

const CONNECTING: u32 = 0;
const CLOSED: u32 = 2;

fn state(stage: &Element, selector: &str) -> String {
    find::<Element>(stage, selector)
        .get_attribute("data-state")
        .unwrap_or_default()
}

#[wasm_bindgen_test]
async fn ssr_09_ssr_10_sse_10_a_reconnection_leaves_subscriptions_as_they_are() {
    // One version leaves the children with the dead stream, another one subscribes them twice, and those of a source
    // inside as well.
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/outer"><p hx-sse="swap:x" hx-swap="beforeend"></p>
           <div hx-sse="connect:/inner"><b hx-sse="swap:x" hx-swap="beforeend"></b></div></div>"#,
    )
    .await;
    assert_eq!(fake.urls(), ["/outer", "/inner"]);
    js_sys::eval("__opened[0].open(); __opened[1].open(); __opened[0].fail(2)").unwrap();
    eventually(|| fake.urls().len() == 3).await;
    fake.open();
    fake.say("x", "outer", "");
    assert_eq!(
        (text(&stage, "p"), text(&stage, "b")),
        ("outer".into(), String::new())
    );
    js_sys::eval("__opened[1].say('x', 'inner', '')").unwrap();
    assert_eq!(
        (text(&stage, "p"), text(&stage, "b")),
        ("outer".into(), "inner".into())
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssr_02_what_is_being_mended_is_not_over() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/mended swap:x"></div>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:sseError", "htmx:error", "htmx:sseClose"]);
    fake.open();
    fake.fail(CONNECTING);
    assert_eq!(*heard.borrow(), ["htmx:error", "htmx:sseError"]); // SSR-01
    assert_eq!(state(&stage, "div"), "reconnecting");
    fake.open();
    assert_eq!(state(&stage, "div"), "open");
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_27_con_30_a_first_attempt_that_fails_is_repeated() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/first swap:x"></div>"#).await;
    fake.fail(CLOSED);
    assert_eq!(state(&stage, "div"), "reconnecting");
    eventually(|| fake.urls().len() == 2).await;
    fake.open();
    fake.say("x", "1", "");
    assert_eq!(text(&stage, "div"), "1");
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_08_a_target_is_found_anew_for_each_message() {
    let fake = FakeEventSource::install();
    let stage = live(
        r##"<div hx-sse="connect:/anew"><p hx-sse="swap:x" hx-target="#ss408" hx-swap="outerHTML"></p></div><i id="ss408"></i>"##,
    )
    .await;
    for payload in [r#"<b id="ss408">1</b>"#, r#"<u id="ss408">2</u>"#] {
        fake.say("x", payload, "");
    }
    assert_eq!(text(&stage, "u#ss408"), "2");
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_39_a_connection_is_nobody_else_s() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/mine swap:x"><p></p></div>"#).await;
    fake.say(
        "x",
        r#"<p hx-trigger="sse:y"><b hx-sse="swap:z" hx-swap="innerHTML"></b></p>"#,
        "",
    );
    fake.say("z", "1", "");
    assert_eq!((fake.urls().len(), text(&stage, "b")), (1, "1".to_owned()));
    end(&stage);
}

#[wasm_bindgen_test]
async fn ss4_40_a_message_is_no_event_of_the_page() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/names"><p hx-sse="swap:click"></p><b hx-sse="swap:htmx:abort"></b></div>"#,
    )
    .await;
    let (heard, _listeners) = record(&stage, &["click", "htmx:abort"]);
    fake.say("click", "1", "");
    fake.say("htmx:abort", "2", "");
    assert_eq!(
        (text(&stage, "p"), text(&stage, "b")),
        ("1".to_owned(), "2".to_owned())
    );
    assert!(heard.borrow().is_empty(), "{:?}", heard.borrow());
    assert_eq!(fake.alive(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_04_ssw_06_who_has_left_hears_none_of_its_names() {
    // One version takes only the last of several listeners away.
    let fake = FakeEventSource::install();
    let stage = live(
        r##"<div hx-sse="connect:/several"><p hx-sse="swap:a swap:b" hx-target="#ssw04" hx-swap="beforeend"></p>
            <s hx-sse="swap:a"></s></div><i id="ssw04"></i>"##,
    )
    .await;
    for name in ["a", "b"] {
        fake.say(name, name, "");
    }
    assert_eq!(
        (text(&stage, "i"), text(&stage, "s")),
        ("ab".to_owned(), "a".to_owned())
    );
    find::<Element>(&stage, "p").remove();
    for name in ["a", "b"] {
        fake.say(name, "late", "");
    }
    assert_eq!(
        (text(&stage, "i"), text(&stage, "s")),
        ("ab".to_owned(), "late".to_owned())
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsm_17_con_04_a_frame_without_a_place_leaves_the_owner_alone() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/plain"><form hx-ws="send"><input name="a"></form></div>"#).await;
    fake.open();
    let before = text(&stage, "div");
    for frame in ["plain", "<b>plain</b>", r#"{"a":1}"#, "null", "0", r#""""#] {
        fake.say(frame); // WSM-27
    }
    pause(60).await;
    assert_eq!(text(&stage, "div"), before);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wsr_11_a_close_that_comes_late_disturbs_nobody() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/late"></div>"#).await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:wsClose", "htmx:wsError"]);
    end(&stage);
    fake.end(1006);
    // The end is told once, and nothing fails by it.
    assert_eq!(*heard.borrow(), ["htmx:wsClose"]);
    assert_eq!((fake.urls().len(), fake.closed_with()), (1, Some(1000.0)));
}

#[wasm_bindgen_test]
async fn wsq_10_what_cannot_be_sent_at_once_says_why() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/at-once"></div>"#).await;
    let wrapper = std::rc::Rc::new(std::cell::RefCell::new(JsValue::UNDEFINED));
    let kept = std::rc::Rc::clone(&wrapper);
    let _listener = Listener::add(&stage, "htmx:wsOpen", move |event: CustomEvent| {
        kept.replace(get(&event.detail(), "socketWrapper"));
    });
    fake.open();
    let wrapper = wrapper.borrow().clone();
    let send: js_sys::Function = get(&wrapper, "sendImmediately").unchecked_into();
    send.call1(&wrapper, &"now".into()).unwrap();
    assert_eq!(fake.sent(), ["now"]);
    fake.end(1006);
    let error = send.call1(&wrapper, &"too late".into()).unwrap_err();
    let words = String::from(error.unchecked_into::<js_sys::Error>().message());
    assert!(words.contains("open socket"), "{words}");
    end(&stage);
}

#[wasm_bindgen_test]
async fn lif_10_a_tab_that_is_seen_again_does_not_wait() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/seen swap:x"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.fail(CONNECTING);
    assert_eq!(fake.urls().len(), 1);
    js_sys::eval("document.dispatchEvent(new Event('visibilitychange'))").unwrap();
    assert_eq!(fake.urls().len(), 2);
    end(&stage);
}

/// Where a head begins many times, the text was gone through to its end for each of them, which takes minutes for these.
#[wasm_bindgen_test]
async fn swp_27_a_head_that_begins_many_times_is_looked_for_once() {
    let many = 200_000;
    let stage = live("<p></p>").await;
    let target = find::<Element>(&stage, "p");
    for (payload, shown) in [
        (format!("</head>{}<i>1</i>", "<head>".repeat(many)), "1"),
        (format!("<i>2</i>{}</head>", "<head ".repeat(many)), "2"),
        (format!("{}</head ", "<head>".repeat(many)), ""),
        (
            format!("{}<i>no</i></head  ><i>3</i>", "<head>".repeat(many)),
            "3",
        ),
        (format!("<i>4</i>{}", "</head ".repeat(many)), "4"),
    ] {
        swap_into(&target, "innerHTML", &payload);
        assert_eq!(target.text_content().unwrap(), shown, "{}", &payload[..30]);
    }
    // Names of elements that never end, in what is added to content.
    for style in ["beforeend", "afterend"] {
        swap_into(&target, style, &format!("<i>5</i>{}", "<a".repeat(many)));
    }
    end(&stage);
}

fn get(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap()
}
