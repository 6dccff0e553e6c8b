//! What makes an element send, and in which frame.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlFormElement};

use super::components::mounted;
use super::fake_web_socket::FakeWebSocket;
use super::{click, end, eventually, find, fire_on, live, pause, record};
use crate::browser::page;
use crate::{FrameFormat, Values, WsForm, WsSend, WsSource};

#[wasm_bindgen_test]
async fn wss_01_wss_31_natural_triggers() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/natural"><form hx-ws="send"><i></i></form><input class="c" hx-ws="send" name="a"><textarea class="c" hx-ws="send" name="b"></textarea>
           <select class="c" hx-ws="send" name="d"></select><p class="k" hx-ws="send"></p>
           <input class="k" type="submit" hx-ws="send"><input class="k" type="button" hx-ws="send"></div>"#,
    )
    .await;
    fake.open();
    let mut expected = 0;
    for (selector, name) in [("form", "submit"), (".c", "change"), (".k", "click")] {
        for element in crate::browser::dom::select_all(&stage, selector) {
            for other in ["submit", "change", "click"] {
                fire_on(&element, other);
            }
            expected += 1;
            assert_eq!(fake.sent().len(), expected, "{selector} by {name}");
        }
    }
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_02_the_whole_language_of_triggers() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/language"><b hx-ws="send" hx-trigger="load, every 20ms" hx-vals='"k": "poll"'></b>
           <p hx-ws="send" hx-trigger="click delay:10ms, dblclick" hx-vals='"k": "late"'></p></div>"#,
    )
    .await;
    fake.open();
    let sent = |kind: &str| {
        let all = fake.sent_json();
        all.iter().filter(|message| message["k"] == kind).count()
    };
    eventually(|| sent("poll") >= 3).await;
    click(&stage, "p");
    assert_eq!(sent("late"), 0);
    eventually(|| sent("late") == 1).await;
    let twice = web_sys::Event::new("dblclick").unwrap();
    find::<Element>(&stage, "p").dispatch_event(&twice).unwrap();
    assert_eq!(sent("late"), 2);
    end(&stage);
    let all = fake.sent().len();
    pause(60).await;
    assert_eq!(fake.sent().len(), all);
}

#[wasm_bindgen_test]
async fn wsc_13_wsc_15_the_nearest_owner_also_the_sender_itself() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/outer"><form hx-ws="connect:/inner send"><input name="a" value="1"></form></div>"#,
    )
    .await;
    // The form's own is the one that was opened last.
    assert!(fake.urls()[1].ends_with("/inner"));
    fake.open();
    find::<HtmlFormElement>(&stage, "form").request_submit().unwrap();
    assert_eq!(fake.sent_json()[0]["a"], "1");
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_22_a_trigger_that_outlives_its_owner_sends_nothing() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/outlived"><button hx-ws="send" name="a"></button></div>"#).await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:wsConfigSend", "htmx:wsError"]);
    let button: Element = find(&stage, "button");
    find::<Element>(&stage, "div").remove();
    let click = web_sys::Event::new("click").unwrap();
    button.dispatch_event(&click).unwrap();
    assert!(fake.sent().is_empty() && heard.borrow().is_empty());
    fake.say("<p></p>");
    assert_eq!(fake.closed_with(), Some(1000.0));
    stage.remove();
}

#[wasm_bindgen_test]
async fn val_08_wss_08_values_of_a_program_are_sent_as_they_are() {
    let fake = FakeWebSocket::install();
    let name = RwSignal::new("Ada");
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/values">
                <WsSend
                    vals=move || Values::from([("tag", "\", \"admin\": \"")]).with("name", name.get()).with("tag", 2)
                    {..}
                    name="name"
                    value="nobody"
                >
                    "send"
                </WsSend>
            </WsSource>
        }
    })
    .await;
    fake.open();
    click(&stage, "button");
    name.set("Grace");
    pause(0).await;
    click(&stage, "button");
    let sent = fake.sent_json();
    assert_eq!(sent[0]["tag"], serde_json::json!(["\", \"admin\": \"", "2"]));
    assert_eq!(
        (&sent[0]["name"], &sent[1]["name"]),
        (&"Ada".into(), &"Grace".into())
    );
    assert!(sent[0].get("admin").is_none());
    drop(handle);
    stage.remove();
}

/// What a form sends in a format, on a page whose address does not matter.
async fn sent_in(format: FrameFormat) -> serde_json::Value {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/formats" format target="#log">
                <WsForm action="/" id="f" vals=r#""n": 7"# headers=r#"{"X-A": "b"}"# {..} name="chat">
                    <input name="text" value="hi"/>
                    <input name="headers" value="mine"/>
                    <button name="go" value="1">"send"</button>
                </WsForm>
                <div id="log"></div>
            </WsSource>
        }
    })
    .await;
    fake.open();
    click(&stage, "button");
    let mut sent = fake.sent_json().remove(0);
    drop(handle);
    stage.remove();
    let key = if format == FrameFormat::Flat {
        "HEADERS"
    } else {
        "headers"
    };
    let url = page::window().unwrap().location().href().unwrap();
    assert_eq!(sent[key]["HX-Current-URL"], url);
    sent[key].as_object_mut().unwrap().remove("HX-Current-URL");
    sent
}

#[wasm_bindgen_test]
async fn con_05_wss_23_three_formats() {
    assert_eq!(
        sent_in(FrameFormat::Flat).await,
        serde_json::json!({"text": "hi", "headers": "mine", "go": "1", "n": 7, "HEADERS": {
            "HX-Request": "true", "HX-Trigger": "f", "HX-Trigger-Name": "chat", "HX-Target": "log", "X-A": "b"
        }})
    );
    let mut beta = sent_in(FrameFormat::HeadersAndBody).await;
    let id = beta["headers"].as_object_mut().unwrap().remove("HX-Request-ID");
    assert!(id.unwrap().as_str().unwrap().contains('-'));
    assert_eq!(
        beta,
        serde_json::json!({"body": {"text": "hi", "headers": "mine", "go": "1", "n": 7}, "headers": {
            "HX-Request": "true", "HX-Source": "form#f", "HX-Target": "div#log", "HX-Request-Type": "partial", "X-A": "b"
        }})
    );
    assert_eq!(
        sent_in(FrameFormat::FlatHeaders).await,
        // WSS-23: a value of that name is dropped.
        serde_json::json!({"text": "hi", "go": "1", "n": 7, "headers": {
            "HX-Request": "true", "HX-Source": "form#f", "HX-Target": "div#log", "X-A": "b"
        }})
    );
}

#[wasm_bindgen_test]
async fn wss_07_a_value_named_headers_is_overwritten_in_the_flat_form() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/overwritten"><button hx-ws="send" hx-vals='"HEADERS": 1'></button></div>"#,
    )
    .await;
    fake.open();
    click(&stage, "button");
    assert_eq!(fake.sent_json()[0]["HEADERS"]["HX-Request"], "true");
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_30_val_10_what_components_ask_for() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            <WsSource connect="/asked">
                <form>
                    <input name="t" required/>
                    <WsSend id="checked" validate=true>"checked"</WsSend>
                    <WsSend id="free">"free"</WsSend>
                </form>
                <WsForm action="/" reset_on_send=true><input name="r" value="first"/></WsForm>
            </WsSource>
        }
    })
    .await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:validation:halted"]);
    click(&stage, "#checked");
    assert_eq!((fake.sent().len(), heard.borrow().len()), (0, 1));
    click(&stage, "#free");
    assert_eq!(fake.sent().len(), 1);
    let field: web_sys::HtmlInputElement = find(&stage, "[name=r]");
    field.set_value("typed");
    let form: HtmlFormElement = find(&stage, "form:has([name=r])");
    // What is held back stays in the form.
    let refusing =
        crate::browser::listener::Listener::on(&form, "htmx:wsConfigSend", |event| event.prevent_default());
    form.request_submit().unwrap();
    drop(refusing);
    assert_eq!(field.value(), "typed");
    form.request_submit().unwrap();
    assert_eq!(
        (fake.sent_json()[1]["r"].clone(), field.value()),
        ("typed".into(), "first".into())
    );
    drop(handle);
    stage.remove();
}

/// A trigger that keeps a form's submits from the browser does so for the form; any other leaves it to the form itself.
#[wasm_bindgen_test]
async fn wss_15_a_form_never_leaves_the_page() {
    let _fake = FakeWebSocket::install();
    for trigger in [
        "",
        "submit",
        "submit from:self",
        "submit[ctrlKey]",
        "submit once",
        "submit passive",
        "submit from:body",
        "submit delay:1s",
        "click",
        "every 1h",
    ] {
        let (stage, handle) = mounted(move || {
            view! {
                <WsSource connect="/stays">
                    <WsForm action="/away" trigger=trigger><input name="a"/></WsForm>
                </WsSource>
            }
        })
        .await;
        let form: Element = find(&stage, "form");
        for _ in 0..2 {
            let init = web_sys::EventInit::new();
            init.set_cancelable(true);
            let event = web_sys::Event::new_with_event_init_dict("submit", &init).unwrap();
            form.dispatch_event(&event).unwrap();
            assert!(event.default_prevented(), "{trigger}");
        }
        drop(handle);
        stage.remove();
    }
}
