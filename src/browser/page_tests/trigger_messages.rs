//! Messages of a stream as triggers, in raw markup.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::trigger::fire;
use super::{end, find, live, record, text};

#[wasm_bindgen_test]
async fn sst_01_sst_02_sst_11_a_message_requests() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(
        r#"<div hx-sse="connect:/sst1"><p hx-post="/a" hx-trigger="sse:go" hx-target="next i" hx-swap="beforeend"></p><i>0</i></div>
           <u hx-get="/outside" hx-trigger="sse:go"></u>"#,
    )
    .await;
    for name in ["other", "Go", "sse:go", "message"] {
        events.say(name, "x", "");
    }
    assert_eq!(fetch.count(), 0);
    events.say("go", "unused", "");
    assert_eq!(
        (fetch.requests(), fetch.body(0)),
        (vec!["POST /a".to_owned()], String::new())
    );
    fetch.answer(0, 200, "1").await;
    assert_eq!(text(&stage, "i"), "01");
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_11_the_source_itself_may_be_triggered() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(r#"<div hx-sse="connect:/sst11" hx-get="/a" hx-trigger="sse:go"></div>"#).await;
    events.say("go", "", "");
    fetch.answer(0, 200, "there").await;
    assert_eq!(text(&stage, "div"), "there");
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_03_sst_04_con_11_lists_and_modifiers() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(
        r#"<div hx-sse="connect:/sst3"><p hx-get="/a" hx-trigger="click queue:all, sse:a queue:all, sse:b[data == 'yes'] once queue:all, load queue:all"></p></div>"#,
    )
    .await;
    let mut answered = 0;
    // What has been requested since the last time; each is answered.
    macro_rules! after {
        ($cause:expr) => {{
            $cause;
            let before = answered;
            while answered < fetch.count() as u32 {
                fetch.answer(answered, 204, "").await;
                answered += 1;
            }
            answered - before
        }};
    }
    assert_eq!(after!(()), 1, "load");
    assert_eq!(after!(fire(&stage, "p", "click")), 1);
    assert_eq!(after!(events.say("a", "", "")), 1);
    assert_eq!(after!(events.say("a", "", "")), 1);
    assert_eq!(after!(events.say("b", "no", "")), 0);
    assert_eq!(after!(events.say("b", "yes", "")), 1);
    assert_eq!(after!(events.say("b", "yes", "")), 0, "once");
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_05_delay_throttle_target_and_stopping() {
    let events = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/sst5"><section><p class="late" hx-trigger="sse:n delay:20ms"></p><p class="seldom" hx-trigger="sse:n throttle:20ms"></p>
           <p class="meant" hx-trigger="sse:n target:.meant"></p><p class="other" hx-trigger="sse:n target:.nothing"></p>
           <p class="quiet" hx-trigger="sse:n consume"></p></section></div>"#,
    )
    .await;
    let count = |selector: &str| record(&find(&stage, selector), &["htmx:trigger"]);
    let counted = [".late", ".seldom", ".meant", ".other", ".quiet"].map(count);
    let (heard, _listeners) = record(&find(&stage, "section"), &["sse:n"]);
    for _ in 0..3 {
        events.say("n", "", "");
    }
    let counts = || counted.each_ref().map(|(heard, _)| heard.borrow().len());
    assert_eq!(counts(), [0, 1, 3, 0, 3]);
    assert_eq!(heard.borrow().len(), 12, "that of one goes no further up");
    super::pause(80).await;
    assert_eq!(counts(), [1, 2, 3, 0, 3]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_05_sst_07_from_hears_the_event_about_the_message_once() {
    let events = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/sst5b"><p hx-trigger="sse:n"></p><p hx-trigger="sse:n"></p>
           <i hx-trigger="sse:n[detail.data == 'yes'] from:closest div"></i></div>"#,
    )
    .await;
    let (heard, _listeners) = record(&find(&stage, "i"), &["htmx:trigger"]);
    events.say("n", "no", "");
    events.say("n", "yes", "");
    // Three elements tell of each message.
    assert_eq!(heard.borrow().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn trg_11_a_name_that_is_listed_twice_counts_once() {
    let events = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/trg11"><p hx-trigger="sse:n, sse:n"></p></div>"#).await;
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    events.say("n", "", "");
    assert_eq!(heard.borrow().len(), 1);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_12_whoever_has_left_requests_nothing() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage =
        live(r#"<div hx-sse="connect:/sst12"><p hx-get="/a" hx-trigger="sse:a, sse:b"></p></div>"#).await;
    let element: Element = find(&stage, "p");
    element.remove();
    events.say("a", "", "");
    stage.append_child(&element).unwrap();
    events.say("b", "", "");
    assert_eq!(fetch.count(), 0);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_13_con_10_messages_are_no_events_of_the_page() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(
        r#"<div hx-sse="connect:/sst13" hx-get="/source" hx-trigger="click"><p hx-get="/a" hx-trigger="n from:body, click"></p>
           <i hx-get="/b" hx-trigger="sse:click"></i></div>"#,
    )
    .await;
    events.say("n", "", "");
    events.say("click", "", "");
    assert_eq!(fetch.requests(), ["GET /b"]);
    // And the other way round.
    fire(&stage, "i", "click");
    assert_eq!(fetch.requests(), ["GET /b", "GET /source"]);
    end(&stage);
}

#[wasm_bindgen_test]
async fn sst_09_a_burst_is_two_requests() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(r#"<div hx-sse="connect:/sst9"><p hx-get="/a" hx-trigger="sse:n"></p></div>"#).await;
    for _ in 0..500 {
        events.say("n", "", "");
    }
    assert_eq!(fetch.count(), 1);
    fetch.answer(0, 200, "").await;
    assert_eq!(fetch.count(), 2);
    fetch.answer(1, 200, "").await;
    assert_eq!(fetch.count(), 2);
    end(&stage);
}
