//! Streams that a message ends: `sse-close`.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::trigger::fire;
use super::{at, details, end, field, find, live, pause, text};
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::{page, processors};
use crate::{CloseReason, ConnectionStatus, SseSource, SseSwap};

#[wasm_bindgen_test]
async fn ssx_01_ssx_02_ssx_03_a_message_closes_for_good() {
    for markup in [
        r#"<div sse-connect="/last" sse-close="end"><p sse-swap="x, end">0</p></div>"#,
        r#"<div sse-connect="/last" sse-close="end"><section><p sse-swap="x, end">0</p></section></div>"#,
        r#"<div hx-sse="connect:/last" sse-close="end"><p hx-sse="swap:x swap:end">0</p></div>"#,
    ] {
        let fake = FakeEventSource::install();
        let stage = live(markup).await;
        let (closed, _listener) = details(&stage, "htmx:sseClose");
        fake.open();
        // Other names do not close.
        fake.say("x", "1", "");
        fake.say("End", "never", "");
        assert_eq!((fake.alive(), closed.borrow().len()), (1, 0));
        // It was told of before the connection was let go.
        let source = fake.last();
        let at_close = std::rc::Rc::new(std::cell::Cell::new(0.0));
        let state = std::rc::Rc::clone(&at_close);
        let looking = crate::browser::listener::Listener::on(&stage, "htmx:sseClose", move |_| {
            state.set(field(&source, "readyState").as_f64().unwrap());
        });
        fake.say("end", "2", "");
        drop(looking);
        assert_eq!(at_close.get(), 1.0, "{markup}");
        assert_eq!((fake.alive(), text(&stage, "p")), (0, "2".to_owned()), "{markup}");
        assert_eq!(field(&closed.borrow()[0], "type"), "message");
        assert_eq!(field(&closed.borrow()[0], "source"), fake.last());
        let element: Element = find(&stage, "div");
        assert_eq!(element.get_attribute("data-state").as_deref(), Some("closed"));
        // SSX-08: nothing opens it again.
        processors::process(&stage);
        pause(700).await;
        assert_eq!((fake.urls().len(), closed.borrow().len()), (1, 1));
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn ssx_01_a_source_that_is_its_own_consumer() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/alone" sse-swap="x,end" sse-close="end"></div>"#).await;
    fake.say("x", "1", "");
    fake.say("end", "2", "");
    assert_eq!((fake.alive(), text(&stage, "div")), (0, "2".to_owned()));
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssx_01_others_that_share_the_connection_stay() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div sse-connect="/some" sse-close="end"><p class="a" sse-swap="x"></p></div>
        <div sse-connect="/some"><p class="b" sse-swap="x"></p></div>"#,
    )
    .await;
    let (closed, _listener) = details(&stage, "htmx:sseClose");
    fake.say("end", "", "");
    assert_eq!((fake.alive(), closed.borrow().len()), (1, 1));
    fake.say("x", "1", "");
    assert_eq!(
        (text(&stage, ".a"), text(&stage, ".b")),
        (String::new(), "1".to_owned())
    );
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn ssx_01_a_name_that_changes() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div sse-connect="/renamed" sse-close="a"></div>"#).await;
    find::<Element>(&stage, "div")
        .set_attribute("sse-close", "b")
        .unwrap();
    processors::process(&stage);
    fake.say("a", "", "");
    assert_eq!((fake.alive(), fake.urls().len()), (1, 1));
    fake.say("b", "", "");
    assert_eq!(fake.alive(), 0);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssx_01_what_a_snapshot_repeats_for_others_closes_nothing() {
    let fake = FakeEventSource::install();
    let position = at(5);
    let stage = live(&format!(
        r#"<div sse-connect="/repeated" sse-close="end" data-position="{position}"></div>"#
    ))
    .await;
    fake.open();
    fake.say("ll:heartbeat", &position, &position);
    fake.say("ll:snapshot", &position, "");
    // Before the page was rendered.
    fake.say("end", "", &at(4));
    fake.say("ll:live", &position, &position);
    assert_eq!(fake.alive(), 1);
    fake.say("end", "", &at(6));
    assert_eq!(fake.alive(), 0);
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssx_01_ssx_08_the_component_s_prop() {
    let fake = FakeEventSource::install();
    let (reasons, url) = (RwSignal::new(Vec::new()), RwSignal::new("/prop".to_owned()));
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect=url close_on="end" on_close=move |reason: CloseReason| reasons.update(|all| all.push(reason))>
                <SseSwap tag="p" event=["x", "end"]/>
                <ConnectionStatus/>
            </SseSource>
        }
    })
    .await;
    fake.open();
    fake.say("x", "1", "");
    fake.say("end", "2", "");
    pause(0).await;
    assert_eq!((fake.alive(), html(&find(&stage, "p"))), (0, "2".to_owned()));
    assert_eq!(reasons.get_untracked(), [CloseReason::EndedByServer]);
    assert_eq!(html(&find(&stage, "span")), "closed: ended by the server");
    url.set("/another".to_owned());
    pause(0).await;
    assert_eq!(fake.urls(), ["/prop"]);
    drop(handle);
    assert_eq!(reasons.get_untracked().len(), 1);
    stage.remove();
}

/// Dispatches `htmx:abort` on one element that names another one.
fn abort_for(place: &Element, meant: &Element) {
    let detail = js_sys::Object::new();
    js_sys::Reflect::set(&detail, &"elt".into(), meant).unwrap();
    let init = web_sys::CustomEventInit::new();
    init.set_bubbles(true);
    init.set_detail(&detail);
    let event = web_sys::CustomEvent::new_with_event_init_dict("htmx:abort", &init).unwrap();
    place.dispatch_event(&event).unwrap();
}

// `detail.elt` was not looked at, nor whether the element had a request that was meant.
#[wasm_bindgen_test]
async fn ss4_36_an_abort_is_about_whom_it_names() {
    let (events, fetch) = (FakeEventSource::install(), FakeFetch::install());
    let stage = live(
        r#"<section hx-sse="connect:/alone"><i></i></section><p hx-sse="connect:/both" hx-get="/x" hx-trigger="ping"></p>"#,
    )
    .await;
    let [section, inside, both]: [Element; 3] = ["section", "i", "p"].map(|selector| find(&stage, selector));
    assert_eq!(events.alive(), 2);
    abort_for(&section, &inside);
    abort_for(&inside, &inside);
    assert_eq!(events.alive(), 2);
    abort_for(&page::body().unwrap(), &section);
    assert_eq!(events.alive(), 1);
    // As in htmx 1 and 2 the request is meant, also where none is under way.
    fire(&stage, "p", "ping");
    abort_for(&stage, &both);
    assert!(fetch.is_aborted(0));
    dispatch(&both, "htmx:abort", &Detail::new());
    assert_eq!(events.alive(), 1);
    end(&stage);
}
