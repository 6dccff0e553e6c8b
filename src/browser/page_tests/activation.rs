//! Which markup is live, in both spellings, and which is not.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{click, details, end, eventually, find, fire, live, pause, record, text};
use crate::attributes;
use crate::browser::processors;

#[wasm_bindgen_test]
async fn act_01_act_02_act_04_no_opt_in_is_needed_and_one_does_no_harm() {
    for (source, consumer) in [
        (r#"hx-sse="connect:/opt""#, r#"hx-sse="swap:x""#),
        (r#"sse-connect="/opt""#, r#"sse-swap="x""#),
        (r#"hx-ext="sse" sse-connect="/opt""#, r#"sse-swap="x""#),
        (r#"sse-connect="/opt""#, r#"hx-sse="swap:x""#),
        (r#"hx-sse="connect:/opt""#, r#"hx-ext=" sse , ws" sse-swap="x""#),
    ] {
        let fake = FakeEventSource::install();
        let stage = live(&format!(
            "<div {source}><section><p {consumer}></p></section></div>"
        ))
        .await;
        assert_eq!(fake.urls(), ["/opt"], "{source}");
        fake.say("x", "1", "");
        assert_eq!(text(&stage, "p"), "1", "{source} {consumer}");
        end(&stage);
        assert_eq!(fake.alive(), 0);
    }
}

#[wasm_bindgen_test]
async fn act_03_an_extension_that_is_ignored() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-ext="sse"><div sse-connect="/ignored"><p class="a" sse-swap="x">0</p>
        <section hx-ext="ignore:sse"><p class="b" sse-swap="x">0</p><p class="c" hx-sse="swap:x">0</p>
            <div sse-connect="/never"></div><div hx-sse="connect:/never"></div>
            <i hx-trigger="sse:x, ping"></i>
            <u data-hx-ext="morph, sse"><b sse-swap="x">0</b></u></section></div></div>"#,
    )
    .await;
    assert_eq!(fake.urls(), ["/ignored"]);
    let (heard, _listeners) = record(&stage, &["htmx:trigger", "htmx:noSSESourceError"]);
    fake.say("x", "1", "");
    let shown = [".a", ".b", ".c", "b"].map(|selector| text(&stage, selector));
    // The nearest mention decides.
    assert_eq!(shown, ["1", "0", "0", "1"]);
    assert!(heard.borrow().is_empty(), "{:?}", heard.borrow());
    // What has nothing to do with streams goes on.
    fire(&stage, "i", "ping");
    assert_eq!(*heard.borrow(), ["htmx:trigger"]);
    // Ignored later, what was live ends.
    find::<Element>(&stage, "[hx-ext=sse]")
        .set_attribute("hx-ext", "ignore:sse")
        .unwrap();
    processors::process(&stage);
    assert_eq!(fake.alive(), 0);
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_03_sockets_that_are_ignored() {
    let sockets = FakeWebSocket::install();
    let stage = live(
        r#"<div ws-connect="/heard"><button class="a" ws-send></button>
        <section hx-ext="ignore:ws"><div ws-connect="/never"></div><button class="b" ws-send></button></section></div>"#,
    )
    .await;
    assert_eq!(sockets.urls().len(), 1);
    sockets.open();
    click(&stage, ".b");
    assert!(sockets.sent().is_empty());
    click(&stage, ".a");
    assert_eq!(sockets.sent().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_05_the_data_prefix_everywhere() {
    let (fake, sockets, answers) = (
        FakeEventSource::install(),
        FakeWebSocket::install(),
        FakeFetch::answering(),
    );
    for (source, consumer) in [
        (
            r#"data-sse-connect="/p" data-sse-close="end""#,
            r#"data-sse-swap="x""#,
        ),
        (
            r#"data-hx-sse="connect:/p" data-sse-close="end""#,
            r#"data-hx-sse="swap:x""#,
        ),
    ] {
        let stage = live(&format!(
            r#"<div {source}><p {consumer} data-hx-swap="beforeend" data-hx-target="next u"></p><u>0</u>
            <i data-hx-trigger="sse:y" data-hx-get="/data"></i></div>"#
        ))
        .await;
        fake.say("x", "1", "");
        assert_eq!(
            (text(&stage, "u"), text(&stage, "p")),
            ("01".to_owned(), String::new())
        );
        fake.say("y", "", "");
        eventually(|| text(&stage, "i") == "<b>answered</b>").await;
        fake.say("end", "", "");
        assert_eq!(fake.alive(), 0);
        end(&stage);
    }
    assert_eq!(answers.requests(), ["GET /data", "GET /data"]);
    for (source, sender) in [
        (r#"data-ws-connect="/p""#, "data-ws-send"),
        (r#"data-hx-ws="connect:/p""#, r#"data-hx-ws="send""#),
    ] {
        let stage = live(&format!(
            r#"<div {source}><b {sender} data-hx-trigger="ping" data-hx-vals='{{"a":1}}' data-hx-headers='{{"X":"y"}}'></b></div>"#
        ))
        .await;
        sockets.open();
        fire(&stage, "b", "ping");
        let sent = sockets.sent();
        assert!(
            sent[0].contains(r#""a":1"#) && sent[0].contains(r#""X":"y""#),
            "{sent:?}"
        );
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn act_07_sse_13_what_is_swapped_in_is_live_in_either_spelling() {
    let (fake, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    for (x, y, source, connect, send) in [
        (
            r#"hx-sse="swap:x""#,
            r#"hx-sse="swap:y""#,
            r#"hx-sse="connect:/inner""#,
            r#"hx-ws="connect:/w""#,
            r#"hx-ws="send""#,
        ),
        (
            r#"sse-swap="x""#,
            r#"sse-swap="y""#,
            r#"sse-connect="/inner""#,
            r#"ws-connect="/w""#,
            "ws-send",
        ),
    ] {
        let before = fake.urls().len();
        let stage = live(&format!(r#"<div sse-connect="/outer"><p {x}></p></div>"#)).await;
        fake.say("x", &format!("<i {y}></i>"), "");
        fake.say("y", "1", "");
        assert_eq!(text(&stage, "i"), "1");
        // A consumer opens nothing, a source does; the one before goes on.
        assert_eq!(fake.urls().len(), before + 1);
        fake.say("x", &format!("<div {source}><u {y}></u></div>"), "");
        pause(0).await;
        assert_eq!((fake.urls().len(), fake.alive()), (before + 2, 2));
        fake.say("y", "2", "");
        assert_eq!(text(&stage, "u"), "2");
        fake.say_on(
            before as u32,
            "x",
            &format!("<div {connect}><button {send}></button></div>"),
        );
        pause(0).await;
        sockets.open();
        click(&stage, "button");
        assert_eq!((fake.alive(), sockets.sent().len()), (1, 1));
        end(&stage);
        assert_eq!((fake.alive(), sockets.closed_with()), (0, Some(1000.0)));
    }
}

#[wasm_bindgen_test]
async fn act_08_nothing_is_live_where_it_is_disabled() {
    for attribute in ["hx-disable", "data-hx-disable", "hx-ignore", "data-hx-ignore"] {
        let (fake, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
        let stage = live(&format!(
            r#"<section {attribute}><div sse-connect="/off"></div><div hx-ws="connect:/off"></div>
            <button hx-get="/off"></button></section>
            <div sse-connect="/on"><p sse-swap="x">0</p><b ws-connect="/on"></b></div>"#
        ))
        .await;
        assert_eq!(
            (fake.urls(), sockets.urls().len()),
            (vec!["/on".to_owned()], 1),
            "{attribute}"
        );
        // Disabled later, it closes when it is processed.
        find::<Element>(&stage, "[sse-connect='/on']")
            .set_attribute(attribute, "")
            .unwrap();
        processors::process(&stage);
        assert_eq!(
            (fake.alive(), sockets.closed_with()),
            (0, Some(1000.0)),
            "{attribute}"
        );
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn act_09_sse_02_the_order_of_attributes_and_elements_never_matters() {
    let fake = FakeEventSource::install();
    for source in [
        r#"hx-trigger="sse:n" sse-swap="x" sse-connect="/order""#,
        r#"hx-trigger="sse:n" hx-sse="swap:x connect:/order""#,
    ] {
        let stage = live(&format!("<div {source}></div>")).await;
        let (heard, _listeners) = record(&stage, &["htmx:trigger", "htmx:noSSESourceError"]);
        fake.say("n", "", "");
        fake.say("x", "1", "");
        assert_eq!((text(&stage, "div"), heard.borrow().len()), ("1".to_owned(), 1));
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn act_10_act_12_processing_again_changes_nothing() {
    let (fake, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    let stage = live(
        r#"<div sse-connect="/again" hx-sse="connect:/again"><p hx-sse="swap:x" sse-swap="x" hx-swap="beforeend"></p>
        <i hx-trigger="sse:x"></i></div><div ws-connect="/again" hx-ws="connect:/again"><button ws-send hx-ws="send"></button></div>"#,
    )
    .await;
    for root in ["div", "p", "i", "button"] {
        attributes::process(&find(&stage, root));
    }
    attributes::process(&stage);
    attributes::enable();
    pause(0).await;
    assert_eq!((fake.urls().len(), sockets.urls().len()), (1, 1));
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    fake.say("x", "1", "");
    assert_eq!(text(&stage, "p"), "1");
    sockets.open();
    click(&stage, "button");
    // One from the stream, one from the click.
    assert_eq!((sockets.sent().len(), heard.borrow().len()), (1, 2));
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_11_what_has_changed_changes_and_nothing_else() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/one" sse-swap="a"><p sse-swap="x">0</p></div>"#).await;
    let element: Element = find(&stage, "div");
    let (closed, _listener) = details(&stage, "htmx:sseClose");
    let say = |attribute: &str, value: &str| {
        element.set_attribute(attribute, value).unwrap();
        attributes::process(&stage);
    };
    // Other names: the connection stays.
    say("sse-swap", "b");
    fake.say("b", r#"<p sse-swap="x">1</p>"#, "");
    fake.say("a", "wrong", "");
    assert_eq!((fake.urls().len(), text(&stage, "p")), (1, "1".to_owned()));
    // Another address, in the other spelling even: who listens here moves along.
    element.remove_attribute("sse-connect").unwrap();
    say("hx-sse", "connect:/two");
    pause(0).await;
    assert_eq!(
        (fake.urls(), fake.alive()),
        (vec!["/one".to_owned(), "/two".to_owned()], 1)
    );
    fake.say("x", "2", "");
    assert_eq!((text(&stage, "p"), closed.borrow().len()), ("2".to_owned(), 0));
    // The same address in another spelling is the same.
    element.remove_attribute("hx-sse").unwrap();
    say("sse-connect", "/two");
    assert_eq!(fake.urls().len(), 2);
    // None at all.
    element.remove_attribute("sse-connect").unwrap();
    element.remove_attribute("sse-swap").unwrap();
    attributes::process(&stage);
    assert_eq!((fake.alive(), closed.borrow().len()), (0, 1));
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_11_a_changed_sender_and_a_changed_socket() {
    let sockets = FakeWebSocket::install();
    let stage = live(r#"<div ws-connect="/one"><button ws-send></button></div>"#).await;
    sockets.open();
    find::<Element>(&stage, "button")
        .set_attribute("hx-trigger", "ping")
        .unwrap();
    find::<Element>(&stage, "div")
        .set_attribute("ws-connect", "/two")
        .unwrap();
    attributes::process(&stage);
    pause(0).await;
    assert_eq!(sockets.urls().len(), 2);
    sockets.open();
    click(&stage, "button");
    assert!(sockets.sent().is_empty());
    fire(&stage, "button", "ping");
    assert_eq!(sockets.sent().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn act_14_wsc_15_a_source_that_sends() {
    let sockets = FakeWebSocket::install();
    for markup in [r#"hx-ws="connect:/both send""#, r#"ws-connect="/both" ws-send"#] {
        let stage = live(&format!("<form {markup}><input name=a value=1></form>")).await;
        sockets.open();
        fire(&stage, "form", "submit");
        assert!(sockets.sent()[0].starts_with(r#"{"a":"1""#), "{markup}");
        end(&stage);
    }
}
