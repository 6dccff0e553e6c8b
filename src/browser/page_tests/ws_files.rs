//! Files in forms that are sent over a socket.

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element, File, HtmlInputElement};

use super::components::mounted;
use super::fake_web_socket::FakeWebSocket;
use super::{click, end, eventually, find, live, record};
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::{Files, QueuePolicy, QueueRule, SendError, WsForm, WsSend, WsSource};

/// Puts files into an input, as a visitor does.
fn choose(input: &HtmlInputElement, files: &[(&str, &str)]) {
    let transfer = js_sys::eval("new DataTransfer()").unwrap();
    let items = Reflect::get(&transfer, &"items".into()).unwrap();
    let add: js_sys::Function = Reflect::get(&items, &"add".into()).unwrap().into();
    for (name, content) in files {
        let parts = Array::of1(&(*content).into());
        let file = File::new_with_str_sequence(&parts, name).unwrap();
        add.call1(&items, &file).unwrap();
    }
    let list = Reflect::get(&transfer, &"files".into()).unwrap();
    input.set_files(Some(list.unchecked_ref()));
}

#[wasm_bindgen_test]
async fn wss_28_a_file_is_refused_and_nothing_is_sent() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/refused"><form hx-ws="send"><input name="t" value="1"><input type="file" name="doc"><button></button></form></div>"#,
    )
    .await;
    fake.open();
    // An empty control is none.
    click(&stage, "button");
    let sent = fake.sent_json();
    assert_eq!((&sent[0]["t"], sent[0].get("doc")), (&"1".into(), None));
    choose(&find(&stage, "[type=file]"), &[("a.txt", "a")]);
    let (heard, _listeners) = record(&stage, &["htmx:wsError"]);
    click(&stage, "button");
    assert_eq!((fake.sent().len(), heard.borrow().len()), (1, 1));
    // A hook may take it out.
    let dropping = crate::browser::listener::Listener::add(
        &stage,
        "htmx:wsConfigSend",
        |event: web_sys::CustomEvent| {
            let parameters = Reflect::get(&event.detail(), &"parameters".into()).unwrap();
            let file = Reflect::get(&parameters, &"doc".into()).unwrap();
            assert!(file.is_instance_of::<File>());
            js_sys::Reflect::delete_property(parameters.unchecked_ref::<js_sys::Object>(), &"doc".into())
                .unwrap();
        },
    );
    click(&stage, "button");
    assert_eq!((fake.sent().len(), heard.borrow().len()), (2, 1));
    drop(dropping);
    end(&stage);
}

#[component]
fn Upload(errors: RwSignal<Vec<SendError>>) -> impl IntoView {
    view! {
        <WsForm
            action="/"
            files=Files::base64(10)
            reset_on_send=true
            on_error=move |error: SendError| errors.update(|all| all.push(error))
        >
            <input name="t" value="1"/>
            <input type="file" name="doc" multiple/>
            <button id="upload">"send"</button>
        </WsForm>
    }
}

#[wasm_bindgen_test]
async fn wss_28_wss_27_files_are_read_in_order_and_before_the_form_is_emptied() {
    let fake = FakeWebSocket::install();
    let errors = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/files">
                <Upload errors/>
                <WsSend id="other" vals=r#""k": 1"#>"send"</WsSend>
            </WsSource>
        }
    })
    .await;
    fake.open();
    let input: HtmlInputElement = find(&stage, "[type=file]");
    choose(&input, &[("a.txt", "hi"), ("empty", "")]);
    click(&stage, "#upload");
    // Sent while the files are being read, it waits for them.
    click(&stage, "#other");
    assert!(fake.sent().is_empty());
    assert_eq!(input.files().unwrap().length(), 2);
    eventually(|| fake.sent().len() == 2).await;
    let sent = fake.sent_json();
    assert_eq!(
        sent[0]["doc"],
        serde_json::json!([
            {"name": "a.txt", "type": "", "size": 2, "data": "aGk="},
            {"name": "empty", "type": "", "size": 0, "data": ""},
        ])
    );
    assert_eq!((&sent[0]["t"], &sent[1]["k"]), (&"1".into(), &1.into()));
    // WSS-30
    assert_eq!(input.files().unwrap().length(), 0);
    assert!(errors.get_untracked().is_empty());
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wss_28_too_much_is_an_error_and_holds_nobody_up() {
    let fake = FakeWebSocket::install();
    let errors = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/much">
                <Upload errors/>
                <WsSend id="other" vals=r#""k": 1"#>"send"</WsSend>
            </WsSource>
        }
    })
    .await;
    fake.open();
    let input: HtmlInputElement = find(&stage, "[type=file]");
    choose(&input, &[("a", "123456"), ("b", "78901")]);
    click(&stage, "#upload");
    click(&stage, "#other");
    eventually(|| fake.sent().len() == 1).await;
    assert_eq!(fake.sent_json()[0]["k"], 1);
    assert_eq!(
        errors.get_untracked(),
        [SendError::FilesTooLarge { limit: 10, found: 11 }]
    );
    // It stays in the form, so that something can be done about it.
    assert_eq!(input.files().unwrap().length(), 2);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wss_28_a_socket_that_ends_while_a_file_is_read() {
    let fake = FakeWebSocket::install();
    let errors = RwSignal::new(Vec::new());
    let shown = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <Show when=move || shown.get()>
                <WsSource connect="/ends"><Upload errors/></WsSource>
            </Show>
        }
    })
    .await;
    fake.open();
    choose(&find(&stage, "[type=file]"), &[("a", "1")]);
    click(&stage, "#upload");
    fake.end(4400);
    eventually(|| !errors.get_untracked().is_empty()).await;
    assert!(matches!(errors.get_untracked()[0], SendError::Closed(_)));
    // And one whose component ends: nobody is left to be told, and nothing is sent.
    shown.set(false);
    super::pause(0).await;
    shown.set(true);
    super::pause(0).await;
    fake.open();
    choose(&find(&stage, "[type=file]"), &[("a", "1")]);
    click(&stage, "#upload");
    shown.set(false);
    super::pause(60).await;
    assert!(fake.sent().is_empty());
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wss_28_a_file_in_a_container_and_values_that_replace_it() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/container"><p hx-ws="send" hx-vals='"doc": "none"'><input type="file" name="doc"></p></div>"#,
    )
    .await;
    fake.open();
    choose(&find(&stage, "[type=file]"), &[("a", "1")]);
    click(&stage, "p");
    assert_eq!(fake.sent_json()[0]["doc"], "none");
    find::<Element>(&stage, "p").remove_attribute("hx-vals").unwrap();
    click(&stage, "p");
    assert_eq!(fake.sent().len(), 1);
    assert!(page::is_browser());
    end(&stage);
}

// Behind a file that was being read, only the capacity held, and not the rule.
#[wasm_bindgen_test]
async fn wsq_04_the_rule_of_the_queue_holds_behind_a_file() {
    use QueueRule::{CoalesceBySender, DropOldest, RefuseNewest};
    for (rule, capacity, expected, lost) in [
        (RefuseNewest, 2, "file a", SendError::QueueFull(2)),
        (DropOldest, 2, "a b", SendError::Displaced),
        (CoalesceBySender, 3, "file b a", SendError::Superseded),
    ] {
        let fake = FakeWebSocket::install();
        let errors = RwSignal::new(Vec::new());
        let (stage, handle) = mounted(move || {
            let button = move |name: &'static str| {
                let on_error = move |error: SendError| errors.update(|all| all.push(error));
                view! { <WsSend id=name vals=format!(r#""t": "{name}""#) on_error>{name}</WsSend> }
            };
            view! {
                <WsSource connect="/behind" queue=QueuePolicy { capacity, rule }>
                    <Upload errors/>
                    {button("a")} {button("b")}
                </WsSource>
            }
        })
        .await;
        fake.open();
        let text: HtmlInputElement = find(&stage, "[name=t]");
        text.set_value("file");
        choose(&find(&stage, "[type=file]"), &[("x", "1")]);
        let clicks: &[&str] = if rule == CoalesceBySender {
            &["#a", "#b", "#a"]
        } else {
            &["#a", "#b"]
        };
        click(&stage, "#upload");
        for selector in clicks {
            click(&stage, selector);
        }
        let count = expected.split(' ').count();
        eventually(|| fake.sent().len() == count && errors.get_untracked().len() == 1).await;
        let sent = fake.sent_json();
        let sent: Vec<_> = sent.iter().filter_map(|message| message["t"].as_str()).collect();
        assert_eq!(sent.join(" "), expected, "{rule:?}");
        assert_eq!(errors.get_untracked(), [lost], "{rule:?}");
        drop(handle);
        stage.remove();
    }
}

/// Values that a script has put there are asked all at once whether there is a file among them.
#[wasm_bindgen_test]
async fn wss_28_values_that_cannot_be_asked_are_no_files() {
    let fake = FakeWebSocket::install();
    let stage =
        live(r#"<div hx-ws="connect:/odd"><form hx-ws="send"><input name="a" value="1"></form></div>"#).await;
    let form: Element = find(&stage, "form");
    let configuring = Listener::add(&form, "htmx:wsConfigSend", |event: CustomEvent| {
        let parameters = super::field(&event.detail(), "parameters");
        let nothing: Object = JsValue::NULL.unchecked_into();
        for (name, value) in [
            ("bare", Object::create(&nothing).into()),
            ("text", JsValue::from("[object File]")),
            ("list", Array::of2(&"[object File]".into(), &1.into()).into()),
        ] {
            Reflect::set(&parameters, &name.into(), &value).unwrap();
        }
    });
    fake.open();
    super::fire(&stage, "form", "submit");
    let sent = fake.sent_json();
    assert_eq!(
        [
            &sent[0]["a"],
            &sent[0]["bare"],
            &sent[0]["text"],
            &sent[0]["list"]
        ],
        [
            &serde_json::json!("1"),
            &serde_json::json!({}),
            &serde_json::json!("[object File]"),
            &serde_json::json!(["[object File]", 1])
        ]
    );
    drop(configuring);
    end(&stage);
}

/// A file may say something else of itself than that it is one.
#[wasm_bindgen_test]
async fn wss_28_a_file_with_a_text_of_its_own_is_a_file() {
    let own = [
        "Object.defineProperty(new File(['a'], 'a.txt'), 'toString', { value: () => 'x' })",
        "Object.defineProperty(new File(['a'], 'a.txt'), Symbol.toStringTag, { value: 'x' })",
        "[1, Object.defineProperty(new File(['a'], 'a.txt'), 'toString', { value: () => 'x' })]",
        // Lists that do not inherit from this page's own objects.
        "Object.setPrototypeOf([new File(['a'], 'a.txt')], null)",
        "((frame) => { const list = new (document.body.appendChild(frame).contentWindow.Array)(new File(['a'], 'a.txt')); \
          frame.remove(); return list; })(document.createElement('iframe'))",
    ];
    for own in own {
        let fake = FakeWebSocket::install();
        let stage =
            live(r#"<div hx-ws="connect:/own"><form hx-ws="send"><input name="a" value="1"></form></div>"#)
                .await;
        let form: Element = find(&stage, "form");
        let configuring = Listener::add(&form, "htmx:wsConfigSend", move |event: CustomEvent| {
            let parameters = super::field(&event.detail(), "parameters");
            Reflect::set(&parameters, &"doc".into(), &js_sys::eval(own).unwrap()).unwrap();
        });
        let (heard, _listeners) = record(&stage, &["htmx:wsError"]);
        fake.open();
        super::fire(&stage, "form", "submit");
        assert_eq!((fake.sent().len(), heard.borrow().len()), (0, 1), "{own}");
        drop(configuring);
        end(&stage);
    }
}
