//! Attributes spread on the elements of a view.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{mounted, shown};
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{at, click, eventually, find, fire, pause, record};
use crate::browser::live_elements::count;
use crate::{
    SseSource, SwapStyle,
    attributes::{
        self, hx_get, hx_sse, hx_swap, hx_target, hx_trigger, hx_ws, sse_close, sse_connect, sse_swap,
        ws_connect, ws_send,
    },
};

#[wasm_bindgen_test]
async fn a_source_and_its_consumers() {
    let (fake, before) = (FakeEventSource::install(), count());
    let (stage, handle) = mounted(|| {
        view! {
            <table {..sse_connect("/table")} {..sse_close("end")}>
                <tbody {..sse_swap("row, end")} {..hx_swap(SwapStyle::BeforeEnd)}></tbody>
            </table>
            <p {..hx_sse("connect:/table swap:note")} {..hx_target("#spread1")}></p>
            <i id="spread1"></i>
        }
    })
    .await;
    assert_eq!(fake.urls(), ["/table"]);
    fake.say("row", "<tr><td>1</td></tr>", "");
    fake.say("row", "<tr><td>2</td></tr>", "");
    fake.say("note", "here", "");
    let rows = "<tr><td>1</td></tr><tr><td>2</td></tr>";
    eventually(|| shown(&stage, "tbody") == rows && shown(&stage, "#spread1") == "here").await;
    fake.say("end", "<tr><td>3</td></tr>", "");
    assert_eq!(
        find::<Element>(&stage, "table")
            .get_attribute("data-state")
            .as_deref(),
        Some("closed")
    );
    assert_eq!(fake.alive(), 1, "the other source is still there");
    drop(handle);
    pause(0).await;
    assert_eq!((fake.alive(), count()), (0, before));
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_socket_and_a_form() {
    let (sockets, before) = (FakeWebSocket::install(), count());
    let (stage, handle) = mounted(|| {
        view! {
            <section {..ws_connect("/form")}>
                <form {..ws_send()} action="/away"><input name="a" value="1"/></form>
                <ol id="spread2"></ol>
            </section>
            <section {..hx_ws("connect:/form")}>
                <button {..hx_ws("send")} {..hx_trigger("ping")} name="b" value="2">"go"</button>
            </section>
        }
    })
    .await;
    assert_eq!(sockets.urls().len(), 1);
    sockets.open();
    fire(&stage, "form", "submit");
    click(&stage, "button");
    fire(&stage, "button", "ping");
    let sent = sockets.sent();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[0].contains(r#""a":"1""#) && sent[1].contains(r#""b":"2""#));
    sockets.say(r#"<ol id="spread2" hx-swap-oob="beforeend"><li>1</li></ol>"#);
    eventually(|| shown(&stage, "ol") == "<li>1</li>").await;
    drop(handle);
    pause(0).await;
    assert_eq!((sockets.closed_with(), count()), (Some(1000.0), before));
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_request_on_a_message() {
    let (fake, answers) = (FakeEventSource::install(), FakeFetch::answering());
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/request">
                <p {..hx_trigger("sse:x")} {..hx_get("/totals")}>"none"</p>
            </SseSource>
        }
    })
    .await;
    fake.say("x", "", "");
    eventually(|| shown(&stage, "p") == "<b>answered</b>").await;
    assert_eq!(answers.requests(), ["GET /totals"]);
    drop(handle);
    pause(0).await;
    stage.remove();
}

#[wasm_bindgen_test]
async fn on_a_component_with_several_roots() {
    #[component]
    fn Two() -> impl IntoView {
        view! { <b></b><i></i> }
    }
    let (fake, before) = (FakeEventSource::install(), count());
    let (stage, handle) = mounted(|| {
        view! { <SseSource connect="/roots"><Two {..sse_swap("x")}/></SseSource> }
    })
    .await;
    fake.say("x", "1", "");
    assert_eq!(
        (shown(&stage, "b"), shown(&stage, "i")),
        ("1".to_owned(), "1".to_owned())
    );
    drop(handle);
    pause(0).await;
    assert_eq!(count(), before);
    stage.remove();
}

#[wasm_bindgen_test]
async fn raw_processing_and_views_do_not_disturb_each_other() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! { <div {..sse_connect("/with_raw")}><p {..sse_swap("x")} {..hx_swap(SwapStyle::BeforeEnd)}></p></div> }
    })
    .await;
    attributes::process(&stage);
    attributes::enable();
    fake.say("x", "1", "");
    assert_eq!((shown(&stage, "p"), fake.urls().len()), ("1".to_owned(), 1));
    drop(handle);
    pause(0).await;
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_rendered_position_is_resumed_from_once() {
    let fake = FakeEventSource::install();
    let url = RwSignal::new("/resumed".to_owned());
    let (stage, handle) = mounted(move || {
        view! { <div {..sse_connect(url)} data-position=at(7)><p {..sse_swap("x")}></p></div> }
    })
    .await;
    url.set("/other3".to_owned());
    pause(0).await;
    // A position of one stream means nothing on another.
    assert_eq!(
        fake.urls(),
        [format!("/resumed?last-event-id={}", at(7)), "/other3".to_owned()]
    );
    drop(handle);
    pause(0).await;
    stage.remove();
}

#[wasm_bindgen_test]
async fn decision_5_what_a_view_brings_late_gets_the_newest_values() {
    let fake = FakeEventSource::install();
    let shown = RwSignal::new(false);
    let (stage, handle) = mounted(move || {
        view! {
            <div {..sse_connect("/newest")}>
                <Show when=move || shown.get()><p {..sse_swap("x")}></p></Show>
            </div>
        }
    })
    .await;
    fake.open();
    fake.say("ll:heartbeat", &at(5), &at(5));
    fake.say("ll:latest", "latest", "");
    shown.set(true);
    pause(0).await;
    assert_eq!(
        fake.urls()[1..],
        [format!("/newest?last-event-id={},latest", at(5))]
    );
    drop(handle);
    pause(0).await;
    stage.remove();
}

#[wasm_bindgen_test]
async fn events_reach_the_view_s_own_listeners() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| view! { <p {..hx_sse("connect:/listeners swap:x")}></p> }).await;
    let (heard, _listeners) = record(&stage, &["htmx:sseOpen", "htmx:sseMessage", "htmx:sseClose"]);
    fake.open();
    fake.say("x", "1", "");
    drop(handle);
    pause(0).await;
    assert_eq!(heard.borrow()[..2], ["htmx:sseOpen", "htmx:sseMessage"]);
    stage.remove();
}
