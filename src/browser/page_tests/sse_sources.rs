//! Sources of streams in both spellings: which are opened, and who belongs to which.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{click, end, eventually, find, live, pause, record, text};
use crate::attributes;

const CLOSED: u32 = 2;

#[wasm_bindgen_test]
async fn sse_03_sse_05_the_address_is_passed_on_as_it_is() {
    let fake = FakeEventSource::install();
    let urls = ["/a?b=c&d=%20", "../up", "https://other.example/x?y#z", "/a b"];
    let sources = urls
        .map(|url| format!(r#"<div sse-connect="{url}"></div>"#))
        .concat();
    let stage = live(&sources).await;
    let opened = fake.urls();
    // A relative one does not follow the page's own address when that changes.
    assert!(opened[1].ends_with("/up"), "{opened:?}");
    assert_eq!(
        (&*opened[0], &*opened[2], &*opened[3]),
        (urls[0], urls[2], urls[3])
    );
    assert!(!fake.with_credentials()); // SSE-07
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_08_wsc_11_constructors_are_taken_from_the_page_when_they_are_used() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/taken"><p sse-swap="x"></p></div>"#).await;
    fake.fail(CLOSED);
    // The page puts another one in its place meanwhile.
    let other = FakeEventSource::install();
    eventually(|| other.urls() == ["/taken"]).await;
    other.say("x", "1", "");
    assert_eq!(text(&stage, "p"), "1");
    end(&stage);
    let sockets = FakeWebSocket::install();
    let stage = live(r#"<div ws-connect="/taken"></div>"#).await;
    sockets.open();
    sockets.end(1012);
    let other = FakeWebSocket::install();
    eventually(|| other.urls().len() == 1).await;
    end(&stage);
    let stage = live(r#"<button hx-get="/taken"></button>"#).await;
    let answers = FakeFetch::answering();
    click(&stage, "button");
    eventually(|| text(&stage, "button") == "<b>answered</b>").await;
    assert_eq!(answers.requests(), ["GET /taken"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_09_sse_10_each_belongs_to_the_nearest_source() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div sse-connect="/outer"><p class="a" sse-swap="x"></p>
        <div hx-sse="connect:/inner"><p class="b" sse-swap="x"></p><i hx-trigger="sse:x"></i></div></div>
        <p class="c" sse-swap="x"></p>"#,
    )
    .await;
    assert_eq!(fake.urls(), ["/outer", "/inner"]);
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    fake.say_on(0, "x", "outer");
    assert_eq!(heard.borrow().len(), 0);
    fake.say_on(1, "x", "inner");
    let shown = [".a", ".b", ".c"].map(|selector| text(&stage, selector));
    assert_eq!(
        (shown, heard.borrow().len()),
        (["outer", "inner", ""].map(str::to_owned), 1)
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn sse_11_sources_of_one_address_share_a_connection_across_spellings() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div sse-connect="/shared2" sse-swap="x"></div><div hx-sse="connect:/shared2 swap:x"></div>"#,
    )
    .await;
    assert_eq!(fake.urls().len(), 1);
    fake.say("x", "1", "");
    assert_eq!(stage.text_content().unwrap(), "11");
    find::<Element>(&stage, "div").remove();
    fake.say("x", "2", "");
    assert_eq!((stage.text_content().unwrap(), fake.alive()), ("2".to_owned(), 1));
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn sse_15_source_consumer_and_request_on_one_element() {
    let (fake, answers) = (FakeEventSource::install(), FakeFetch::answering());
    let stage = live(r#"<button sse-connect="/three" sse-swap="x" hx-get="/get"></button>"#).await;
    fake.say("x", "1", "");
    assert_eq!(text(&stage, "button"), "1");
    click(&stage, "button");
    eventually(|| text(&stage, "button") == "<b>answered</b>").await;
    fake.say("x", "2", ""); // SSE-16
    assert_eq!(
        (text(&stage, "button"), answers.requests().len()),
        ("2".to_owned(), 1)
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_04_ssw_05_commas_separate_in_one_spelling_and_not_in_the_other() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div sse-connect="/commas"><p sse-swap=" e1,e2 " hx-swap="beforeend"></p>
        <i hx-sse="swap:e1,e2" hx-swap="beforeend"></i></div>"#,
    )
    .await;
    for name in ["e1", "e2", "e1,e2"] {
        fake.say("x", "never", "");
        fake.say(name, name, "");
    }
    assert_eq!(
        (text(&stage, "p"), text(&stage, "i")),
        ("e1e2".to_owned(), "e1,e2".to_owned())
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_19_a_replaced_consumer_hears_nothing_and_its_successor_everything() {
    let fake = FakeEventSource::install();
    let stage =
        live(r#"<div sse-connect="/successor"><p sse-swap="e1, e2" hx-swap="outerHTML"></p></div>"#).await;
    fake.say("e1", r#"<p sse-swap="e3">1</p>"#, "");
    fake.say("e2", "wrong", "");
    assert_eq!(text(&stage, "p"), "1");
    fake.say("e3", "3", "");
    assert_eq!(text(&stage, "p"), "3");
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_consumer_that_was_there_before_its_source() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div><p sse-swap="x"></p></div>"#).await;
    find::<Element>(&stage, "div")
        .set_attribute("sse-connect", "/late2")
        .unwrap();
    attributes::process(&stage);
    pause(0).await;
    fake.say("x", "1", "");
    assert_eq!(text(&stage, "p"), "1");
    end(&stage);
}
