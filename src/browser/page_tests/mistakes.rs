//! What a developer is told about mistakes: once, with the element, what was expected and a hint.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::mounted;
use super::fake_console::FakeConsole;
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::trigger::fire;
use super::{end, find, live, stage};
use crate::browser::swap::{Plan, morph, swap};
use crate::browser::{processing, processors};
use crate::{SseSource, SseSwap, SwapStyle, WsSend};

/// What is said about a piece of markup, which must be one thing.
async fn said(html: &str) -> String {
    let (_fake, _sockets, console) = (
        FakeEventSource::install(),
        FakeWebSocket::install(),
        FakeConsole::install(),
    );
    let stage = live(html).await;
    processors::process(&stage);
    let warnings = console.warnings();
    end(&stage);
    assert_eq!(warnings.len(), 1, "{html}: {warnings:#?}");
    warnings.concat()
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "expected {part:?} in\n{text}");
    }
}

#[wasm_bindgen_test]
async fn sse_12_wsc_16_nothing_around_it() {
    for html in [r#"<p sse-swap="x"></p>"#, r#"<p hx-sse="swap:x"></p>"#] {
        let text = said(html).await;
        says(
            &text,
            &[
                "expected a source of events on or around the element, found none",
                "hint: put `sse-connect`",
                &format!("at {}", html.trim_end_matches("</p>")),
            ],
        );
    }
    says(
        &said(r#"<p hx-trigger="sse:x"></p>"#).await,
        &["hx-trigger, `sse:x`: expected a source of events"],
    );
    says(
        &said("<button ws-send></button>").await,
        &[
            "expected a socket",
            "hint: put `ws-connect`",
            "at <button ws-send",
        ],
    );
}

#[wasm_bindgen_test]
async fn sse_12_a_source_that_stands_elsewhere() {
    let text = said(r#"<div sse-connect="/elsewhere"></div><p sse-swap="x"></p>"#).await;
    says(
        &text,
        &[
            "does not stand inside it: <div sse-connect=\"/elsewhere\"",
            "at <p sse-swap",
        ],
    );
}

#[wasm_bindgen_test]
async fn bad_grammar_in_every_attribute() {
    for (html, expected, hint) in [
        (
            r#"<p hx-sse="/news"></p>"#,
            "connect:<url> or swap:<name>",
            "did you mean `connect:/news`?",
        ),
        (
            r#"<p hx-sse="conect:/news"></p>"#,
            "connect:<url> or swap:<name>",
            "did you mean `connect:/news`?",
        ),
        (
            r#"<p sse-connect=" "></p>"#,
            "sse-connect: expected the address of a stream",
            "",
        ),
        (
            r#"<p sse-connect="/a" sse-swap="a,,b"></p>"#,
            "sse-swap: expected the name of a message",
            "",
        ),
        (
            r#"<p sse-connect="/a" sse-close=""></p>"#,
            "sse-close: expected the name of a message",
            "",
        ),
        (
            r#"<p sse-connect="/a" hx-sse="connect:/b"></p>"#,
            "the same address as in hx-sse, `/b`, found `/a`",
            "",
        ),
        (
            r#"<p hx-ws="sent"></p>"#,
            "connect:<url> or send",
            "did you mean `send`?",
        ),
        (
            r#"<p ws-connect=""></p>"#,
            "ws-connect: expected the address of a socket",
            "",
        ),
        (
            r#"<p hx-trigger="click Once"></p>"#,
            "hx-trigger: expected a modifier",
            "did you mean `once`?",
        ),
    ] {
        let tag = format!("at {}", html.trim_end_matches("</p>").trim_end_matches('>'));
        says(&said(html).await, &[expected, hint, &tag]);
    }
}

#[wasm_bindgen_test]
async fn what_htmx_would_ignore_silently() {
    for (html, parts) in [
        // DIFFERENCE: ACT-06, ACT-13: told of and not read.
        (
            r#"<p hx-sse:connect="/a"></p>"#,
            ["`hx-sse:connect` of htmx 4", "hint: write `sse-connect`"],
        ),
        (
            r#"<p data-hx-ws:send></p>"#,
            ["`hx-ws:send` of htmx 4", "hint: write `ws-send`"],
        ),
        (
            r#"<p sse-connect="/a" sse-swpa="x"></p>"#,
            ["sse-connect, sse-swap, sse-close", "found `sse-swpa`"],
        ),
        (
            r#"<p ws-connect="/a" ws-protocol="x"></p>"#,
            ["ws-connect, ws-send", "found `ws-protocol`"],
        ),
        (
            r#"<p sse-close="x"></p>"#,
            [
                "expected the address of a stream on the same element",
                "hint: put it",
            ],
        ),
        (
            r#"<p sse-connect="/a" sse-swap="a b"></p>"#,
            ["`a b` is one name with a blank", "hint: commas separate"],
        ),
        (
            r#"<p hx-sse="connect:/a swap:a,b"></p>"#,
            ["one name with a comma", "here it is `swap:a swap:b`"],
        ),
        (
            r#"<p sse-connect="/a" sse-close="a,b"></p>"#,
            ["one name with a comma", "hint: it takes no list"],
        ),
    ] {
        says(&said(html).await, &parts);
    }
}

#[wasm_bindgen_test]
async fn swp_13_ssw_22_a_swap_and_a_target_that_nobody_knows() {
    for (attributes, parts) in [
        (
            r#"hx-swap="innerhtml""#,
            ["hx-swap: expected a swap style", "did you mean `innerHTML`?"],
        ),
        (
            r#"hx-swap="innerHTML setle:1s""#,
            ["expected a modifier", "did you mean `settle:1s`?"],
        ),
        (
            r#"hx-target="mistaken""#,
            ["found none for `mistaken`", "hint: did you mean `#mistaken`?"],
        ),
        (
            r#"hx-target="closest row""#,
            [
                "found none for `closest row`",
                "hint: did you mean `closest .row`?",
            ],
        ),
    ] {
        let (fake, console) = (FakeEventSource::install(), FakeConsole::install());
        let stage = live(&format!(
            r#"<div id="mistaken" class="row" sse-connect="/bad"><p sse-swap="x" {attributes}></p></div>"#
        ))
        .await;
        let (failed, _listener) = super::details(&stage, "htmx:swapError");
        fake.say("x", "1", "");
        fake.say("x", "2", "");
        let warnings = console.warnings();
        // Each message is lost visibly, and the developer reads of it once.
        assert_eq!((failed.borrow().len(), warnings.len()), (2, 1), "{warnings:#?}");
        says(&warnings[0], &parts);
        says(&warnings[0], &[&format!("at <p sse-swap=\"x\" {attributes}>")]);
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn a_thousand_rows_make_one_mistake() {
    processing::enter_streams();
    let console = FakeConsole::install();
    let rows: String = (0..1000)
        .map(|row| format!(r#"<p id="row{row}" sse-swap="x"></p>"#))
        .collect();
    let stage = stage(&rows);
    processors::process(&stage);
    assert_eq!(console.warnings().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn mistakes_in_props() {
    let (fake, console) = (FakeEventSource::install(), FakeConsole::install());
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/props"><SseSwap tag="p" event="x" target="#nowhere"/></SseSource>
            <SseSwap tag="i" event="x"/>
            <WsSend trigger="click delay:soon">"go"</WsSend>
        }
    })
    .await;
    fake.say("x", "1", "");
    let warnings = console.warnings();
    for (expected, tag) in [
        (
            "found none for `#nowhere`",
            "at <p hx-sse=\"swap:x\" hx-target=\"#nowhere\">",
        ),
        ("expected a source of events", "at <i hx-sse=\"swap:x\">"),
        ("expected a socket", "at <button hx-ws=\"send\""),
        ("expected a time", "at <button hx-ws=\"send\""),
    ] {
        let found = warnings
            .iter()
            .filter(|text| text.contains(expected) && text.contains(tag));
        assert_eq!(found.count(), 1, "{expected}: {warnings:#?}");
    }
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn act_11_what_is_corrected_is_live() {
    let fetch = FakeFetch::install();
    let stage = live(r#"<p hx-get="/x" hx-trigger="ping["></p>"#).await;
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 0);
    find::<Element>(&stage, "p")
        .set_attribute("hx-trigger", "ping")
        .unwrap();
    processors::process(&stage);
    fire(&stage, "p", "ping");
    assert_eq!(fetch.count(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
fn morphing_that_nobody_has_entered_replaces_and_is_told() {
    for style in [SwapStyle::InnerMorph, SwapStyle::OuterMorph, SwapStyle::OuterSync] {
        let console = FakeConsole::install();
        let stage = stage("<p><i>0</i></p>");
        let before: Element = find(&stage, "p");
        let payload = if style == SwapStyle::InnerMorph {
            "<b>1</b>"
        } else {
            "<p><b>1</b></p>"
        };
        morph::leave();
        swap(Plan::to(&before, style.into()), &payload.into(), || {});
        morph::enter();
        assert_eq!(find::<Element>(&stage, "p").children().length(), 1);
        assert_eq!(stage.text_content().as_deref(), Some("1"));
        let told = console.warnings().join("\n");
        assert!(
            told.contains("enable_morphing") && told.contains(&style.to_string()),
            "{told}"
        );
        end(&stage);
    }
}
