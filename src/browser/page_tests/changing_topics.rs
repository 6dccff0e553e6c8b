//! Streams whose topics change while they are open, and streams that tell their page their name.

use wasm_bindgen_test::wasm_bindgen_test;

use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::trigger::fire;
use super::{at, end, eventually, live, record, text};
use crate::page_connections;

const CONNECTING: u32 = 0;

#[wasm_bindgen_test]
async fn r15_what_is_older_of_an_added_topic_is_new_to_everybody() {
    let fake = FakeEventSource::install();
    let stage = live(&format!(
        r#"<div hx-sse="connect:/added swap:x" hx-swap="beforeend" data-position="{}"></div>"#,
        at(5)
    ))
    .await;
    let (heard, _listeners) = record(&stage, &["live:gap"]);
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("x", "6", &at(6));
    fake.say("ll:added", &at(7), &at(6));
    fake.say("x", "a", &at(6)); // without an id of its own it has the one before
    fake.say("ll:gap", &format!("malformed {}", at(2)), &at(6));
    fake.say("x", "b", &at(6));
    fake.say("ll:live", &at(7), &at(7));
    // From here on what has been seen is seen.
    fake.say("x", "6", &at(6));
    fake.say("x", "8", &at(8));
    assert_eq!(
        (text(&stage, "div"), heard.borrow().len()),
        ("6ab8".to_owned(), 1)
    );
    // The gap was that of the topic: the stream goes on from where it was.
    fake.fail(CONNECTING);
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(fake.urls()[1], format!("/added?last-event-id={}", at(8)));
    // A connection that broke inside of such a passage does not leave the next one in it.
    fake.open();
    fake.say("ll:added", &at(8), &at(8));
    fake.fail(CONNECTING);
    eventually(|| fake.urls().len() == 3).await;
    fake.open();
    fake.say("ll:heartbeat", &at(8), &at(8));
    fake.say("x", "8", &at(8));
    assert_eq!(text(&stage, "div"), "6ab8");
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_page_names_its_open_streams_in_its_requests() {
    let (fake, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage =
        live(r#"<div hx-sse="connect:/named swap:x"></div><p hx-get="/x" hx-trigger="ping"></p>"#).await;
    fire(&stage, "p", "ping");
    fetch.answer(0, 204, "").await;
    assert_eq!(fetch.header(0, "LL-Connection"), None);
    let name = "0123456789abcdef0123456789abcdef";
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:connection", name, &at(5));
    fire(&stage, "p", "ping");
    fetch.answer(1, 204, "").await;
    assert_eq!(fetch.header(1, "LL-Connection").as_deref(), Some(name));
    let names: Vec<_> = page_connections().iter().map(ToString::to_string).collect();
    assert_eq!(names, [name]);
    // A connection that breaks takes its name with it.
    fake.fail(CONNECTING);
    eventually(|| fake.urls().len() == 2).await;
    assert_eq!(page_connections(), []);
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:connection", name, &at(5));
    end(&stage);
    assert_eq!(page_connections(), []);
}
