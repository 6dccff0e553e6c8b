//! Elements that go away, come back, or say something else.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, Event};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{at, end, find, live, pause, text};
use crate::browser::processors;

const CONNECTING: u32 = 0;

#[wasm_bindgen_test]
async fn act_11_other_markup_on_the_same_element() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/before swap:x"></div>"#).await;
    let element: Element = find(&stage, "div");
    processors::process(&stage);
    element.set_attribute("hx-sse", "connect:/after swap:x").unwrap();
    processors::process(&stage);
    pause(0).await;
    assert_eq!(
        (fake.urls(), fake.alive()),
        (vec!["/before".into(), "/after".into()], 1)
    );
    fake.say("x", "1", "");
    assert_eq!(text(&stage, "div"), "1");
    // ACT-08
    element.set_attribute("hx-disable", "").unwrap();
    processors::process(&stage);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssx_05_a_quiet_stream_notices_that_nobody_is_left() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/quiet swap:x"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(1), &at(1));
    stage.remove();
    fake.say("ll:heartbeat", &at(1), &at(1));
    assert_eq!(fake.alive(), 0);
    // SSR-03: nor is it opened again for nobody.
    let stage = live(r#"<div hx-sse="connect:/quiet2 swap:x"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(1), &at(1));
    let opened = fake.urls().len();
    fake.fail(CONNECTING);
    stage.remove();
    pause(700).await;
    assert_eq!(fake.urls().len(), opened);
}

#[wasm_bindgen_test]
async fn lif_09_lif_12_the_back_forward_cache() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/cache swap:x"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    let window = crate::browser::page::window().unwrap();
    let fire = |name: &str, persisted: bool| {
        let init = web_sys::PageTransitionEventInit::new();
        init.set_persisted(persisted);
        let event: Event = web_sys::PageTransitionEvent::new_with_event_init_dict(name, &init)
            .unwrap()
            .into();
        window.dispatch_event(&event).unwrap();
    };
    fire("pagehide", true);
    assert_eq!(fake.alive(), 0);
    fire("pageshow", true);
    assert_eq!(
        fake.urls().last().unwrap(),
        &format!("/cache?last-event-id={}", at(3))
    );
    end(&stage);
}
#[wasm_bindgen_test]
async fn wsm_12_a_quiet_socket_notices_that_nobody_is_left() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/quiet"></div>"#).await;
    fake.open();
    stage.remove();
    fake.say(r#"{"ll:heartbeat":"0000000000000001-1"}"#);
    assert_eq!(fake.closed_with(), Some(1000.0));
    // WSR-09: nor is it opened again for nobody.
    let stage = live(r#"<div hx-ws="connect:/quiet2"></div>"#).await;
    fake.open();
    let opened = fake.urls().len();
    fake.end(1012);
    stage.remove();
    pause(700).await;
    assert_eq!(fake.urls().len(), opened);
}
