//! What waits for a socket, and what becomes of more than may wait.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::CustomEvent;

use super::components::mounted;
use super::fake_web_socket::FakeWebSocket;
use super::{click, end, field, find, live, pause};
use crate::browser::listener::Listener;
use crate::browser::processing::ws_source_of;
use crate::browser::ws_outbox::{Fate, Outgoing};
use crate::{QueuePolicy, QueueRule, SendError, WsSend, WsSource};

/// Sends `a a b c b` while the socket is not open, under a rule with room for three. Returns what was sent in the end,
/// and the errors that callers saw.
async fn sent_under(rule: QueueRule) -> (String, Vec<(char, SendError)>) {
    let fake = FakeWebSocket::install();
    let errors = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        let button = move |name: char| {
            let on_error = move |error: SendError| errors.update(|all| all.push((name, error)));
            view! { <WsSend id=name.to_string() vals=format!(r#""k": "{name}""#) on_error>{name}</WsSend> }
        };
        view! {
            <WsSource connect="/rules" queue=QueuePolicy { capacity: 3, rule }>
                {button('a')} {button('b')} {button('c')}
            </WsSource>
        }
    })
    .await;
    let heard = Rc::new(RefCell::new(0));
    let counted = Rc::clone(&heard);
    let listener = Listener::on(&stage, "htmx:wsError", move |_| *counted.borrow_mut() += 1);
    for selector in ["#a", "#a", "#b", "#c", "#b"] {
        click(&stage, selector);
    }
    fake.open();
    let sent = fake.sent_json();
    let sent = sent
        .iter()
        .map(|message| message["k"].as_str().unwrap())
        .collect();
    let errors = errors.get_untracked();
    // Each loss is told to the caller and to the page.
    assert_eq!(*heard.borrow(), errors.len());
    drop((listener, handle));
    stage.remove();
    (sent, errors)
}

#[wasm_bindgen_test]
async fn wsq_04_con_06_the_newest_are_refused() {
    let (sent, errors) = sent_under(QueueRule::RefuseNewest).await;
    assert_eq!(sent, "aab");
    assert_eq!(
        errors,
        [('c', SendError::QueueFull(3)), ('b', SendError::QueueFull(3))]
    );
}

#[wasm_bindgen_test]
async fn wsq_04_con_06_the_oldest_give_way() {
    let (sent, errors) = sent_under(QueueRule::DropOldest).await;
    assert_eq!(sent, "bcb");
    assert_eq!(errors, [('a', SendError::Displaced), ('a', SendError::Displaced)]);
}

#[wasm_bindgen_test]
async fn wsq_04_con_06_the_newest_of_each_sender() {
    let (sent, errors) = sent_under(QueueRule::CoalesceBySender).await;
    assert_eq!(sent, "acb");
    assert_eq!(
        errors,
        [('a', SendError::Superseded), ('b', SendError::Superseded)]
    );
}

#[wasm_bindgen_test]
async fn wsq_04_what_waits_when_it_is_over_is_told() {
    let fake = FakeWebSocket::install();
    let errors = RwSignal::new(Vec::new());
    let url = RwSignal::new("/lost".to_owned());
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect=url>
                <WsSend on_error=move |error: SendError| errors.update(|all| all.push(error))>"x"</WsSend>
            </WsSource>
        }
    })
    .await;
    click(&stage, "button");
    click(&stage, "button");
    // Decision 5: another address fails what waited for this one.
    url.set("/other".to_owned());
    super::pause(0).await;
    assert_eq!(errors.get_untracked().len(), 2);
    fake.open();
    assert!(fake.sent().is_empty());
    // A code that is not retried ends it, and then nothing is taken.
    fake.end(4401);
    click(&stage, "button");
    let told = errors.get_untracked();
    assert!(
        matches!(told[2], SendError::Closed(crate::CloseReason::Code(4401))),
        "{told:?}"
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsq_03_a_refused_message_does_not_stop_the_others() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/refused"><button class="a" hx-ws="send" name="k" value="1"></button>
           <button class="b" hx-ws="send" name="k" value="2"></button></div>"#,
    )
    .await;
    for selector in [".a", ".b", ".a", ".b"] {
        click(&stage, selector);
    }
    let refusing = Listener::add(&stage, "htmx:wsBeforeSend", |event: CustomEvent| {
        let message = js_sys::Reflect::get(&event.detail(), &"message".into()).unwrap();
        if message.as_string().unwrap().contains(r#""k":"1""#) {
            event.prevent_default();
        }
    });
    fake.open();
    assert_eq!(fake.sent().len(), 2);
    drop(refusing);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_27_what_is_sent_during_a_flush_does_not_overtake() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/overtake"><button class="a" hx-ws="send" name="k" value="1"></button>
           <button class="b" hx-ws="send" name="k" value="2"></button></div>"#,
    )
    .await;
    for selector in [".a", ".a"] {
        click(&stage, selector);
    }
    let (inner, once) = (stage.clone(), RefCell::new(true));
    let sending = Listener::on(&stage, "htmx:wsAfterSend", move |_| {
        if once.replace(false) {
            click(&inner, ".b");
        }
    });
    fake.open();
    let order: Vec<_> = fake
        .sent_json()
        .iter()
        .map(|message| message["k"].clone())
        .collect();
    assert_eq!(order, ["1", "1", "2"]);
    drop(sending);
    end(&stage);
}

/// What a listener sent before a message was on the socket, came there before it.
#[wasm_bindgen_test]
async fn wss_27_what_is_sent_while_another_is_being_sent_comes_after_it() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/meanwhile" queue=QueuePolicy { capacity: 1, rule: QueueRule::RefuseNewest }>
                <WsSend id="a" vals=r#""k": "a""#>"a"</WsSend>
                <WsSend id="b" vals=r#""k": "b""#>"b"</WsSend>
            </WsSource>
            <WsSource connect="/no-room" queue=QueuePolicy { capacity: 0, rule: QueueRule::RefuseNewest }>
                <WsSend id="c" vals=r#""k": "a""#>"c"</WsSend>
                <WsSend id="d" vals=r#""k": "b""#>"d"</WsSend>
            </WsSource>
        }
    })
    .await;
    let inner = stage.clone();
    let sending = Listener::add(&stage, "htmx:wsBeforeSend", move |event: CustomEvent| {
        let sender: web_sys::Element = field(&event.detail(), "elt").unchecked_into();
        match sender.id().as_str() {
            "a" => click(&inner, "#b"),
            "c" => click(&inner, "#d"),
            _ => {}
        }
    });
    // The last of those that wait; and one that need not wait, also where nothing may.
    click(&stage, "#a");
    for index in 0..2 {
        fake.open_at(index);
    }
    click(&stage, "#a");
    click(&stage, "#c");
    let keys = |index| {
        let sent = fake.sent_on(index);
        let keys = sent.iter().map(|text| {
            let message: serde_json::Value = serde_json::from_str(text).unwrap();
            message["k"].as_str().unwrap().to_owned()
        });
        keys.collect::<String>()
    };
    assert_eq!((keys(0), keys(1)), ("abab".to_owned(), "ab".to_owned()));
    drop((sending, handle));
    stage.remove();
}

/// Whoever had sent a message that a script took out of the queue learned of it when the next one was sent.
#[wasm_bindgen_test]
async fn wsq_06_what_a_script_takes_out_of_the_queue_is_told_at_once() {
    let _fake = FakeWebSocket::install();
    for (script, expected) in [
        ("queue.length = 0", "abc"),
        ("queue.shift()", "a"),
        ("queue.splice(1, 2)", "bc"),
        ("delete queue[2]", "c"),
        ("queue[1] = { message: 'other' }", "b"),
        ("queue.push({ message: 'more' }); queue.pop()", ""),
        ("queue.reverse()", ""),
    ] {
        let stage = live(r#"<div hx-ws="connect:/taken-out"></div>"#).await;
        let source = ws_source_of(&find(&stage, "div")).unwrap();
        let told = Rc::new(RefCell::new(String::new()));
        for name in ["a", "b", "c"] {
            let noted = Rc::clone(&told);
            let outgoing = Outgoing {
                told: Some(Rc::new(move |fate| {
                    assert_eq!(fate, Fate::HeldBack);
                    noted.borrow_mut().push_str(name);
                })),
                ..Outgoing::new(name.into(), None)
            };
            source.send(outgoing).unwrap();
        }
        let queue = field(&source.connection().wrapper(), "queue");
        assert!(js_sys::Array::is_array(&queue));
        js_sys::Function::new_with_args("queue", script)
            .call1(&wasm_bindgen::JsValue::NULL, &queue)
            .unwrap();
        pause(0).await;
        let mut names: Vec<_> = told.borrow().chars().collect();
        names.sort_unstable();
        assert_eq!(names.into_iter().collect::<String>(), expected, "{script}");
        // What is left waits for a socket that never comes.
        source.connection().sending().queue().set_length(0);
        end(&stage);
    }
}

/// Nobody asks an empty queue for each message; what a script puts into it goes out all the same.
#[wasm_bindgen_test]
async fn wsq_06_what_a_script_puts_into_an_empty_queue_is_sent() {
    let fake = FakeWebSocket::install();
    for script in [
        "queue.push({ message: 'script' })",
        "queue[0] = { message: 'script' }",
        "Object.defineProperty(queue, 0, { value: { message: 'script' }, writable: true, configurable: true, enumerable: true })",
    ] {
        let stage = live(r#"<div hx-ws="connect:/put-in"></div>"#).await;
        fake.open();
        let source = ws_source_of(&find(&stage, "div")).unwrap();
        let send = |text: &str| source.send(Outgoing::new(text.into(), None)).unwrap();
        send("first");
        let before = fake.sent().len();
        let queue = field(&source.connection().wrapper(), "queue");
        js_sys::Function::new_with_args("queue", script)
            .call1(&wasm_bindgen::JsValue::NULL, &queue)
            .unwrap();
        // It waits, and so comes first.
        send("second");
        assert_eq!(fake.sent()[before..], ["script", "second"], "{script}");
        send("third");
        assert_eq!(fake.sent()[before..], ["script", "second", "third"], "{script}");
        end(&stage);
    }
}
