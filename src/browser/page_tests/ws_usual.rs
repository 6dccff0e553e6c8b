//! What is kept from one message of a sender to the next, and when it is not used.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_web_socket::FakeWebSocket;
use super::{details, end, field, find, fire, live};
use crate::browser::listener::Listener;
use crate::browser::page;

const FORM: &str = r#"<div class="around"><div hx-ws="connect:/usual"><form id="first" hx-ws="send">
    <input name="text" value="hi"></form></div><input id="target" name="t" value="included"></div>"#;

/// What the last message says under this path.
fn last(fake: &FakeWebSocket, pointer: &str) -> serde_json::Value {
    let sent = fake.sent_json();
    let last = sent.last().unwrap();
    last.pointer(pointer).cloned().unwrap_or_default()
}

/// The headers of the last message are copied for the next one, as long as they are right.
#[wasm_bindgen_test]
async fn wss_04_headers_are_those_of_now() {
    let fake = FakeWebSocket::install();
    let stage = live(FORM).await;
    fake.open();
    let form: Element = find(&stage, "form");
    let around: Element = find(&stage, ".around");
    let send = || fire(&stage, "form", "submit");
    let named = |fake: &FakeWebSocket| {
        ["HX-Trigger", "HX-Trigger-Name", "HX-Target"].map(|name| last(fake, &format!("/HEADERS/{name}")))
    };
    let (null, text) = (serde_json::Value::Null, |text: &str| serde_json::json!(text));
    for (id, name) in [
        (Some("first"), None),
        (Some("first"), None),
        (Some("second"), None),
        (Some("second"), Some("chat")),
        (Some("second"), Some("chat")),
        (Some(r#"a"]\b"#), Some("chat")),
        (Some(r#"a"]\b"#), Some("")),
        (Some(""), Some("")),
        (None, Some("other")),
        (None, None),
    ] {
        for (attribute, value) in [("id", id), ("name", name)] {
            match value {
                Some(value) => form.set_attribute(attribute, value).unwrap(),
                None => form.remove_attribute(attribute).unwrap(),
            }
        }
        send();
        let said = |value: Option<&str>| value.filter(|v| !v.is_empty()).map_or(null.clone(), text);
        assert_eq!(named(&fake), [said(id), said(name), said(id)], "{id:?} {name:?}");
    }
    // Whoever says something later is heard, wherever it stands.
    for (at, attribute, value, pointer, expected) in [
        (&form, "hx-headers", r#"{"X-A":"own"}"#, "/HEADERS/X-A", "own"),
        (
            &around,
            "data-hx-headers",
            r#"{"X-A":"far"}"#,
            "/HEADERS/X-A",
            "far",
        ),
        (&around, "hx-target", "#target", "/HEADERS/HX-Target", "target"),
        (&form, "data-hx-vals", r#"{"v":"own"}"#, "/v", "own"),
        (&around, "hx-vals", r#"{"v":"far"}"#, "/v", "far"),
        (&around, "hx-include", "#target", "/t", "included"),
    ] {
        at.set_attribute(attribute, value).unwrap();
        send();
        assert_eq!(last(&fake, pointer), expected, "{attribute}");
        at.remove_attribute(attribute).unwrap();
        send();
        assert_eq!(
            (last(&fake, "/v"), last(&fake, "/t"), last(&fake, "/HEADERS/X-A")),
            (null.clone(), null.clone(), null.clone()),
            "{attribute}"
        );
    }
    around.set_attribute("hx-params", "none").unwrap();
    send();
    assert_eq!(last(&fake, "/text"), null);
    end(&stage);
}

/// The page's address may change without a new page.
#[wasm_bindgen_test]
async fn wss_04_the_address_is_that_of_now() {
    let fake = FakeWebSocket::install();
    // By a name of its own an element stands in the place of a property of the document.
    let stage = live(&format!(r#"{FORM}<form name="URL"></form>"#)).await;
    fake.open();
    let location = page::window().unwrap().location();
    let before = location.hash().unwrap();
    for hash in ["#a", "#b"] {
        location.set_hash(hash).unwrap();
        fire(&stage, "form", "submit");
        let address = last(&fake, "/HEADERS/HX-Current-URL");
        assert!(address.as_str().unwrap().ends_with(hash), "{address}");
    }
    location.set_hash(&before).unwrap();
    end(&stage);
}

/// Details are copies of an outline; what a listener does to one is not seen in the next.
#[wasm_bindgen_test]
async fn wss_19_wss_29_each_message_has_details_of_its_own() {
    let fake = FakeWebSocket::install();
    let stage = live(FORM).await;
    fake.open();
    let spoiling: Vec<_> = ["htmx:confirm", "htmx:wsConfigSend"]
        .map(|name| {
            Listener::add(&stage, name, |event: CustomEvent| {
                let detail = event.detail();
                for name in ["path", "verb", "extra"] {
                    Reflect::set(&detail, &name.into(), &"spoilt".into()).unwrap();
                }
                for name in ["headers", "parameters", "etc"] {
                    Reflect::set(&field(&detail, name), &"extra".into(), &1.into()).unwrap_or_default();
                }
            })
        })
        .into();
    fire(&stage, "form", "submit");
    drop(spoiling);
    let (asked, _asking) = details(&stage, "htmx:confirm");
    let (configured, _configuring) = details(&stage, "htmx:wsConfigSend");
    fire(&stage, "form", "submit");
    let (asked, configured) = (asked.borrow(), configured.borrow());
    let keys = |detail: &wasm_bindgen::JsValue| {
        let keys = Object::keys(detail.unchecked_ref::<Object>());
        keys.iter()
            .filter_map(|key| key.as_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        keys(&asked[0]),
        "target path verb triggeringEvent etc question issueRequest elt"
    );
    assert_eq!(
        (field(&asked[0], "path"), keys(&field(&asked[0], "etc"))),
        ("/usual".into(), String::new())
    );
    assert!(field(&asked[0], "question").is_undefined());
    assert_eq!(
        keys(&configured[0]),
        "parameters unfilteredParameters headers errors triggeringEvent messageBody socketWrapper elt"
    );
    assert_eq!(last(&fake, "/extra"), serde_json::Value::Null);
    assert_eq!(last(&fake, "/HEADERS/extra"), serde_json::Value::Null);
    assert_eq!(fake.sent_json()[0]["HEADERS"]["extra"], 1);
    drop((asked, configured));
    end(&stage);
}

/// Controls may have the names of a form's own properties.
#[wasm_bindgen_test]
async fn wss_13_a_form_is_checked_whatever_its_controls_are_called() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/clobbered"><form hx-ws="send"><input name="elements"><input name="noValidate" required></form></div>"#,
    )
    .await;
    fake.open();
    let (halted, _listener) = details(&stage, "htmx:validation:halted");
    fire(&stage, "form", "submit");
    assert_eq!((fake.sent().len(), halted.borrow().len()), (0, 1));
    find::<web_sys::HtmlInputElement>(&stage, "[required]").set_value("x");
    fire(&stage, "form", "submit");
    assert_eq!(fake.sent_json()[0]["noValidate"], "x");
    end(&stage);
}

/// A custom element answers by code of the page's own, which may throw, or say what is no answer.
#[wasm_bindgen_test]
async fn wss_13_custom_elements_are_asked_with_care() {
    js_sys::eval(
        "customElements.get('live-odd') ?? customElements.define('live-odd', class extends HTMLElement {
             static formAssociated = true;
             inside = this.attachInternals();
             get willValidate() { if (this.title === 'will') throw 1; return this.title !== 'unwilling'; }
             get validity() {
                 if (this.title === 'validity') throw 1;
                 if (this.title === 'foreign') return { valid: false };
                 if (this.title === 'invalid') this.inside.setValidity({ customError: true }, 'no');
                 return this.inside.validity;
             }
         })",
    )
    .unwrap();
    for (title, is_asked, is_sent) in [
        ("fine", true, true),
        ("unwilling", false, true),
        ("will", false, true),
        ("validity", true, true),
        ("foreign", true, true),
        ("invalid", true, false),
    ] {
        let fake = FakeWebSocket::install();
        let stage = live(&format!(
            r#"<div hx-ws="connect:/odd-control"><form hx-ws="send"><live-odd title="{title}"></live-odd></form></div>"#
        ))
        .await;
        fake.open();
        let (asked, _listener) = details(&stage, "htmx:validation:validate");
        fire(&stage, "form", "submit");
        let found = (asked.borrow().len() == 1, fake.sent().len() == 1);
        assert_eq!(found, (is_asked, is_sent), "{title}");
        end(&stage);
    }
}

/// Leaves the detail of each message as a script does it, which is called `d` there.
fn leaving(stage: &Element, script: &str) -> Listener {
    let script = js_sys::Function::new_with_args("d", script);
    Listener::add(stage, "htmx:wsConfigSend", move |event: CustomEvent| {
        script
            .call1(&wasm_bindgen::JsValue::NULL, &event.detail())
            .unwrap();
    })
}

/// What throws when it is read counts as undefined.
#[wasm_bindgen_test]
async fn wss_18_what_throws_is_left_out() {
    let fake = FakeWebSocket::install();
    let stage = live(FORM).await;
    fake.open();
    for (script, expected) in [
        ("d.messageBody = 'own'", "own"),
        ("d.messageBody = ''; d.headers = null", r#"{"text":"hi"}"#),
        ("d.messageBody = null; d.headers = null", r#"{"text":"hi"}"#),
        (
            "delete d.messageBody; d.headers = 0; d.parameters = { a: 1 }",
            r#"{"a":1}"#,
        ),
        ("d.headers = null; d.parameters = 'text'", "{}"),
        (
            "d.headers = null; Object.defineProperty(d, 'extra', { get() { throw 1; }, enumerable: true })",
            r#"{"text":"hi"}"#,
        ),
        (
            "Object.defineProperty(d, 'headers', { get() { throw 1; } })",
            r#"{"text":"hi"}"#,
        ),
        (
            "d.headers = null; Object.defineProperty(d, 'parameters', { get() { return { a: 2 }; } })",
            r#"{"a":2}"#,
        ),
        (
            "Object.freeze(d.headers); Object.freeze(d); Object.freeze(d.parameters); d.errors.length = 0",
            "",
        ),
    ] {
        let configuring = leaving(&stage, script);
        fire(&stage, "form", "submit");
        drop(configuring);
        let sent = fake.sent().pop().unwrap();
        assert!(
            if expected.is_empty() {
                sent.contains("HX-Request")
            } else {
                sent == expected
            },
            "{script}: {sent}"
        );
    }
    end(&stage);
}

/// A message whose values cannot be read vanished without a word.
#[wasm_bindgen_test]
async fn wss_18_values_that_cannot_be_read_are_an_error() {
    let fake = FakeWebSocket::install();
    let stage = live(FORM).await;
    fake.open();
    let (failed, _listener) = details(&stage, "htmx:wsError");
    let _configuring = leaving(&stage, "d.parameters = { get a() { throw new Error('no') } }");
    fire(&stage, "form", "submit");
    assert!(fake.sent().is_empty());
    let error = field(&failed.borrow()[0], "error").as_string().unwrap();
    assert!(error.ends_with("found no"), "{error}");
    end(&stage);
}
