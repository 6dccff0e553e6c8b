//! What elements take over from those around them, and what they do not.

use wasm_bindgen_test::wasm_bindgen_test;

use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{click, end, live, record, text};

#[wasm_bindgen_test]
async fn inh_01_what_makes_live_is_never_inherited() {
    let (fake, sockets, answers) = (
        FakeEventSource::install(),
        FakeWebSocket::install(),
        FakeFetch::answering(),
    );
    let stage = live(
        r#"<div sse-connect="/inh" sse-swap="never" sse-close="end" hx-trigger="sse:x"><p class="a">0</p>
        <div hx-sse="connect:/inh2 swap:never"><p hx-get="/get">0</p></div></div>
        <div ws-connect="/inh" ws-send hx-trigger="ping"><p class="b"></p><div hx-ws="send"><p class="c"></p></div></div>"#,
    )
    .await;
    assert_eq!((fake.urls().len(), sockets.urls().len()), (2, 1));
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    // The inner source has no `sse-close`.
    fake.say("end", "", "");
    fake.say("x", "1", "");
    assert_eq!((fake.alive(), heard.borrow().len()), (2, 0));
    sockets.open();
    click(&stage, ".a");
    click(&stage, ".b");
    assert!(sockets.sent().is_empty() && answers.requests().is_empty());
    // A click in a sender is one on it.
    click(&stage, ".c");
    assert_eq!(sockets.sent().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn inh_02_inh_03_how_to_swap_is_inherited_until_something_stops_it() {
    for (around, between, expected) in [
        (r#"hx-swap="beforeend""#, "", "012"),
        (r#"data-hx-swap="beforeend""#, "", "012"),
        (r#"hx-swap="beforeend""#, r#"hx-swap="afterbegin""#, "210"),
        (r#"hx-swap="beforeend""#, r#"hx-swap="unset""#, "2"),
        (r#"hx-swap="beforeend" hx-disinherit="hx-swap""#, "", "2"),
        (r#"hx-swap="beforeend" hx-disinherit="*""#, "", "2"),
        (
            r#"hx-swap="beforeend""#,
            r#"hx-disinherit="hx-target hx-swap""#,
            "2",
        ),
        (r#"hx-swap="beforeend""#, r#"hx-disinherit="hx-target""#, "012"),
        (
            r#"hx-swap="beforeend" hx-disinherit="*""#,
            r#"hx-swap="afterbegin""#,
            "210",
        ),
    ] {
        let fake = FakeEventSource::install();
        let stage = live(&format!(
            r#"<div sse-connect="/how" {around}><section><div {between}><p sse-swap="x">0</p></div></section></div>"#
        ))
        .await;
        fake.say("x", "1", "");
        fake.say("x", "2", "");
        assert_eq!(text(&stage, "p"), expected, "{around} {between}");
        end(&stage);
    }
}
