//! Waiting for the server's word after sending.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::components::{html, mounted};
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::trigger::fire;
use super::{click, details, end, eventually, field, find, live, pause, record};
use crate::browser::listener::Listener;
use crate::{Ack, JsonEnvelope, SendError, WsForm, WsSend, WsSource, WsSwap};

/// What stands in the first element that matches.
fn shown(stage: &Element, selector: &str) -> String {
    html(&find(stage, selector))
}

/// A form that waits for acknowledgements, with what it is told.
#[component]
fn Waiting(within: u32, told: RwSignal<Vec<String>>) -> impl IntoView {
    view! {
        <WsForm
            action="/"
            id="form"
            class="own"
            ack=Ack::within(within)
            reset_on_send=true
            on_ack=move |()| told.update(|all| all.push("ok".to_owned()))
            on_error=move |error: SendError| told.update(|all| all.push(error.to_string()))
        >
            <input name="text" value="hi"/>
            <button>"send"</button>
        </WsForm>
    }
}

fn id_of(message: &serde_json::Value) -> String {
    message["HEADERS"]["HX-Request-ID"].as_str().unwrap().to_owned()
}

fn is_busy(stage: &Element) -> (bool, String) {
    let form: Element = find(stage, "#form");
    (
        form.get_attribute("aria-busy").as_deref() == Some("true"),
        form.class_name(),
    )
}

#[wasm_bindgen_test]
async fn wss_29_a_sender_is_busy_until_the_server_has_acknowledged() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/acks"><Waiting within=10_000 told/></WsSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeMessage", "htmx:wsError"]);
    fake.open();
    click(&stage, "button");
    click(&stage, "button");
    let ids: Vec<_> = fake.sent_json().iter().map(id_of).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(is_busy(&stage), (true, "own htmx-request".to_owned()));
    // In any order, and twice is once.
    for frame in [&ids[1], &ids[1], &"stranger".to_owned()] {
        fake.say(&format!(r#"{{"ll:ack":"{frame}"}}"#));
    }
    assert!(is_busy(&stage).0);
    fake.say(&format!(r#"{{"ll:ack":"{}"}}"#, ids[0]));
    assert_eq!(is_busy(&stage), (false, "own".to_owned()));
    assert_eq!(told.get_untracked(), ["ok", "ok"]);
    // An acknowledgement is no message.
    assert!(heard.borrow().is_empty());
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_21_the_servers_time_runs_from_the_sending() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/late"><Waiting within=50 told/></WsSource> }
    })
    .await;
    let (heard, _listeners) = record(&stage, &["htmx:wsError"]);
    click(&stage, "button");
    // It waits for the socket, which is nobody's fault.
    pause(120).await;
    assert!(is_busy(&stage).0 && told.get_untracked().is_empty());
    fake.open();
    eventually(|| !is_busy(&stage).0).await;
    assert_eq!(
        told.get_untracked(),
        ["expected an acknowledgement within 50 ms, found none"]
    );
    assert_eq!(heard.borrow().len(), 1);
    // Too late is too late.
    let id = id_of(&fake.sent_json()[0]);
    fake.say(&format!(r#"{{"ll:ack":"{id}"}}"#));
    assert_eq!(told.get_untracked().len(), 1);
    // What is lost while it waits, is not waited for.
    fake.end(1012);
    click(&stage, "button");
    assert!(is_busy(&stage).0);
    fake.end(4401);
    super::eventually(|| fake.urls().len() == 2).await;
    fake.end(4401);
    assert!(!is_busy(&stage).0);
    assert!(
        told.get_untracked()[1].contains("4401"),
        "{:?}",
        told.get_untracked()
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wss_29_nobody_waits_for_a_form_that_has_gone() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let is_there = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/gone">
                <Show when=move || is_there.get()><Waiting within=20 told/></Show>
            </WsSource>
        }
    })
    .await;
    fake.open();
    click(&stage, "button");
    let form: Element = find(&stage, "#form");
    let (heard, _listeners) = record(&form, &["htmx:wsError"]);
    is_there.set(false);
    pause(80).await;
    assert!(told.get_untracked().is_empty() && heard.borrow().is_empty());
    // It may still be on a page, where it must not look busy for ever.
    assert!(!form.has_attribute("aria-busy") && form.class_name() == "own");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wss_29_a_request_may_mark_the_sender_as_well() {
    let (fake, fetch) = (FakeWebSocket::install(), FakeFetch::install());
    let told = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/marks"><Waiting within=10_000 told/></WsSource> }
    })
    .await;
    let asking = live(r##"<p hx-get="/x" hx-trigger="ping" hx-indicator="#form"></p>"##).await;
    fake.open();
    for index in 0..2 {
        fire(&asking, "p", "ping");
        click(&stage, "button");
        let id = id_of(&fake.sent_json()[index]);
        let acknowledge = || fake.say(&format!(r#"{{"ll:ack":"{id}"}}"#));
        // Whichever ends first takes away nothing of the other's.
        if index == 0 {
            acknowledge();
            assert_eq!(is_busy(&stage), (false, "own htmx-request".to_owned()));
        }
        fetch.answer(index as u32, 204, "").await;
        if index == 1 {
            assert_eq!(is_busy(&stage), (true, "own htmx-request".to_owned()));
            acknowledge();
        }
        assert_eq!(is_busy(&stage), (false, "own".to_owned()));
    }
    end(&asking);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wss_29_what_is_held_back_is_not_waited_for() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! { <WsSource connect="/held"><Waiting within=10_000 told/></WsSource> }
    })
    .await;
    fake.open();
    for name in ["htmx:confirm", "htmx:wsConfigSend", "htmx:wsBeforeSend"] {
        let refusing = Listener::on(&stage, name, |event| event.prevent_default());
        click(&stage, "button");
        drop(refusing);
        assert!(!is_busy(&stage).0, "{name}");
    }
    // A hook that takes the id away makes it a message like any other.
    let taking = Listener::add(&stage, "htmx:wsConfigSend", |event: CustomEvent| {
        Reflect::set(&event.detail(), &"headers".into(), &JsValue::NULL).unwrap();
    });
    click(&stage, "button");
    drop(taking);
    assert_eq!((fake.sent().len(), is_busy(&stage).0), (1, false));
    assert!(told.get_untracked().is_empty());
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_21_wsm_22_an_answer_goes_to_the_sender_by_its_settings_or_the_owners() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let is_there = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/answers" codec=JsonEnvelope target="#log">
                <WsSwap id="log">"old"</WsSwap>
                <WsSwap id="mine">"old"</WsSwap>
                <Waiting within=10_000 told/>
                <Show when=move || is_there.get()>
                    <WsSend id="other" ack=Ack::within(10_000) {..} hx-target="#mine">"send"</WsSend>
                </Show>
            </WsSource>
        }
    })
    .await;
    fake.open();
    let answer = |number: usize, content: &str| {
        let id = id_of(&fake.sent_json()[number]);
        fake.say(&format!(r#"{{"content":"{content}","request_id":"{id}"}}"#));
    };
    click(&stage, "#other");
    answer(0, "to the sender");
    assert_eq!(
        (shown(&stage, "#log"), shown(&stage, "#mine")),
        ("old".into(), "to the sender".into())
    );
    // WSM-22: a sender without a target of its own has that of the source.
    click(&stage, "#form button");
    answer(1, "to the owner");
    assert_eq!(shown(&stage, "#log"), "to the owner");
    assert_eq!(told.get_untracked(), ["ok"]);
    // A sender that has gone leaves its answer to the owner, too.
    click(&stage, "#other");
    is_there.set(false);
    pause(0).await;
    answer(2, "of nobody");
    // Each id is used once.
    answer(0, "again");
    pause(60).await;
    assert_eq!(
        (shown(&stage, "#log"), shown(&stage, "#mine")),
        ("again".into(), "to the sender".into())
    );
    assert!(!html(&stage).contains("aria-busy"));
    drop(handle);
    stage.remove();
}

// The sender of a message that the page had taken out of the queue stayed busy for ever.
#[wasm_bindgen_test]
async fn wsq_06_nobody_waits_for_what_the_page_has_taken_out() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/removed">
                <Waiting within=10_000 told/>
                <WsSend id="other">"send"</WsSend>
            </WsSource>
        }
    })
    .await;
    let (sent, _listener) = details(&stage, "htmx:wsConfigSend");
    let queue = || -> js_sys::Array { field(&sent.borrow()[0], "socketWrapper.queue").into() };
    // Noticed with the next message, or when the socket opens.
    for by_opening in [false, true] {
        click(&stage, "#form button");
        assert_eq!((is_busy(&stage).0, queue().length()), (true, 1));
        queue().set_length(0);
        if by_opening {
            fake.open();
        } else {
            click(&stage, "#other");
            queue().set_length(0);
        }
        assert!(!is_busy(&stage).0);
    }
    assert!(told.get_untracked().is_empty() && fake.sent().is_empty());
    drop(handle);
    stage.remove();
}
