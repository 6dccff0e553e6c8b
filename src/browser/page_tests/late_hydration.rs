//! Consumers that the server has rendered and that are hydrated when their source is live already: what has passed
//! meanwhile is theirs, and nobody else's.

use js_sys::Reflect;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_event_source::FakeEventSource;
use super::{at, details, end, field, find, live, pause, record, text};
use crate::browser::arrival::Arrival;
use crate::browser::processing::sse_source_of;
use crate::browser::sse_swap::{SseSwap, SwapHooks};
use crate::browser::trigger::{Reaction, Triggers, parse};

/// Hydrates an element of the page, as a component does.
fn hydrate(stage: &Element, selector: &str, name: &str) {
    let element = find::<Element>(stage, selector);
    let source = sse_source_of(&element).unwrap();
    SseSwap::subscribe(&element, &source, [name], SwapHooks::default(), Arrival::Rendered);
}

/// A source that was rendered at 5, one consumer that is live, and others that are not yet.
async fn page(url: &str) -> Element {
    live(&format!(
        r#"<div hx-sse="connect:{url}" data-position="{}">
               <p hx-sse="swap:x" hx-swap="beforeend"></p>
               <b hx-swap="beforeend"></b><i hx-swap="beforeend"></i><u></u>
           </div>"#,
        at(5)
    ))
    .await
}

fn shown(stage: &Element) -> [String; 3] {
    ["p", "b", "i"].map(|selector| text(stage, selector))
}

/// The stream had been open for a while when a consumer came alive under a name that nobody had listened to: what had
/// been sent under it was lost.
#[wasm_bindgen_test]
async fn r06_a_consumer_that_is_hydrated_late_misses_nothing() {
    let fake = FakeEventSource::install();
    let stage = page("/late-hydration").await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("x", "6", &at(6));
    fake.say("y", "7", &at(7));
    fake.say("ll:heartbeat", &at(8), &at(8));
    // Two at once are one new connection. The second has listened to nothing new, and missed something all the same.
    hydrate(&stage, "b", "y");
    hydrate(&stage, "i", "x");
    pause(0).await;
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    assert_eq!(fake.urls()[1], format!("/late-hydration?last-event-id={}", at(5)));
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:version", "1", &at(5));
    fake.say("x", "6", &at(6));
    fake.say("y", "7", &at(7));
    // The connection breaks on the way: the rest comes again, and nothing twice.
    fake.fail(0);
    super::eventually(|| fake.urls().len() == 3).await;
    assert_eq!(fake.urls()[2], format!("/late-hydration?last-event-id={}", at(7)));
    fake.open();
    fake.say("ll:heartbeat", &at(7), &at(7));
    fake.say("y", "8", &at(8));
    fake.say("ll:heartbeat", &at(8), &at(8));
    fake.say("x", "9", &at(9));
    fake.say("y", "10", &at(10));
    assert_eq!(shown(&stage), ["69", "7810", "69"]);
    // All are where their source is now.
    fake.fail(0);
    super::eventually(|| fake.urls().len() == 4).await;
    assert_eq!(
        fake.urls()[3],
        format!("/late-hydration?last-event-id={}", at(10))
    );
    end(&stage);
}

#[wasm_bindgen_test]
async fn r06_whoever_is_hydrated_in_time_costs_no_connection() {
    let fake = FakeEventSource::install();
    let stage = page("/in-time").await;
    // Before the stream is open, and before anything has come.
    hydrate(&stage, "b", "y");
    pause(0).await;
    fake.open();
    hydrate(&stage, "i", "z");
    pause(0).await;
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:version", "1", &at(5));
    // Afterwards, while nothing has passed under names that are heard.
    hydrate(&stage, "i", "x");
    pause(0).await;
    fake.say("x", "6", &at(6));
    fake.say("y", "7", &at(7));
    fake.say("z", "8", &at(8));
    assert_eq!(
        (fake.urls().len(), shown(&stage)),
        (1, ["6", "7", "68"].map(str::to_owned))
    );
    end(&stage);
}

/// A trigger is a consumer as any other.
#[wasm_bindgen_test]
async fn r06_a_trigger_that_is_hydrated_late_misses_nothing() {
    let fake = FakeEventSource::install();
    let stage = page("/late-trigger").await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:heartbeat", &at(7), &at(7));
    let element = find::<Element>(&stage, "u");
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    let list = parse(&element, "sse:y").unwrap();
    let source = sse_source_of(&element);
    let triggers = Triggers::arm(
        &element,
        &list,
        source.as_ref(),
        Reaction::new(|_| {}),
        Arrival::Rendered,
    );
    pause(0).await;
    assert_eq!(fake.urls()[1], format!("/late-trigger?last-event-id={}", at(5)));
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("y", "6", &at(6));
    fake.say("y", "8", &at(8));
    assert_eq!(heard.borrow().len(), 2);
    triggers.disarm();
    end(&stage);
}

/// What is lost of what only a late consumer needs, is lost for the page.
#[wasm_bindgen_test]
async fn r07_what_a_late_consumer_has_lost_is_told() {
    let fake = FakeEventSource::install();
    let stage = page("/late-loss").await;
    let (heard, _listener) = details(&stage, "live:gap");
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:heartbeat", &at(20), &at(20));
    hydrate(&stage, "b", "y");
    pause(0).await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:gap", &format!("evicted {} {}", at(9), at(5)), &at(5));
    fake.say("ll:version", "1", &at(5));
    fake.say("ll:snapshot", &at(20), &at(5));
    // Newest values that are older than the place where the connection has begun.
    fake.say("y", "kept", &at(5));
    fake.say("x", "old", &at(5));
    fake.say("y", "12", &at(12));
    fake.say("ll:live", &at(20), &at(20));
    fake.say("y", "21", &at(21));
    assert_eq!(shown(&stage), ["", "kept1221", ""].map(str::to_owned));
    let told: Vec<_> = heard
        .borrow()
        .iter()
        .map(|detail| field(detail, "to").as_string())
        .collect();
    assert_eq!(told, [Some(at(9))]);
    end(&stage);
}

/// Markup joined a stream that was open, and what had been sent under names that it alone listened to was lost: its
/// consumers were not known yet when the stream was asked whether that had to be asked anew.
#[wasm_bindgen_test]
async fn r06_a_source_in_markup_is_joined_with_its_consumers() {
    let fake = FakeEventSource::install();
    let stage = page("/late-markup").await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:version", "1", &at(5));
    fake.say("x", "6", &at(6));
    let source = |position: u64, inside: &str| {
        format!(
            r#"<div hx-sse="connect:/late-markup" data-position="{}">{inside}</div>"#,
            at(position)
        )
    };
    let late = live(&source(
        6,
        r#"<p hx-sse="swap:y"></p><b hx-trigger="sse:z" hx-get="/z"></b>"#,
    ))
    .await;
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    assert_eq!(fake.urls()[1], format!("/late-markup?last-event-id={}", at(6)));
    // Those whose names are heard need no other connection, and are told that they have missed nothing.
    fake.open();
    fake.say("ll:heartbeat", &at(6), &at(6));
    fake.say("ll:version", "1", &at(6));
    let told = super::stage(&source(6, r#"<p hx-sse="swap:y"></p>"#));
    let (heard, _listener) = details(&told, "live:resumed");
    crate::browser::processors::process(&told);
    pause(0).await;
    let outcomes: Vec<_> = heard
        .borrow()
        .iter()
        .map(|detail| Reflect::get(detail, &"outcome".into()).unwrap().as_string())
        .collect();
    assert_eq!((fake.urls().len(), outcomes), (2, vec![Some("exact".to_owned())]));
    for stage in [stage, late, told] {
        end(&stage);
    }
}
