//! Asking before something is sent on a socket.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, Element};

use super::fake_web_socket::FakeWebSocket;
use super::{click, details, end, field, find, live, record};
use crate::browser::listener::Listener;
use crate::browser::{page, processors};

/// Stands in for the browser's dialogue until dropped.
struct Answers {
    asked: Rc<RefCell<Vec<String>>>,
    _confirm: Closure<dyn Fn(String) -> bool>,
}

impl Answers {
    fn always(answer: bool) -> Self {
        let asked = Rc::<RefCell<Vec<String>>>::default();
        let heard = Rc::clone(&asked);
        let confirm = Closure::<dyn Fn(String) -> bool>::new(move |question| {
            heard.borrow_mut().push(question);
            answer
        });
        Reflect::set(&page::window().unwrap(), &"confirm".into(), confirm.as_ref()).unwrap();
        Self {
            asked,
            _confirm: confirm,
        }
    }
}

#[wasm_bindgen_test]
async fn wss_29_a_question_is_asked_first() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/asked" hx-confirm="inherited?"><button class="a" hx-ws="send" name="k" hx-confirm="own?"></button>
           <button class="b" hx-ws="send" name="k"></button><button class="c" hx-ws="send" hx-confirm="unset"></button></div>"#,
    )
    .await;
    fake.open();
    let no = Answers::always(false);
    click(&stage, ".a");
    click(&stage, ".b");
    assert_eq!(*no.asked.borrow(), ["own?", "inherited?"]);
    assert!(fake.sent().is_empty());
    // The dialogue is looked up when it is needed.
    let yes = Answers::always(true);
    click(&stage, ".a");
    click(&stage, ".c");
    assert_eq!(*yes.asked.borrow(), ["own?"]);
    assert_eq!(fake.sent().len(), 2);
    end(&stage);
}

#[wasm_bindgen_test]
async fn wss_29_a_page_may_ask_in_its_own_way() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/own"><button hx-ws="send" name="k" value="1" hx-confirm="sure?"></button></div>"#,
    )
    .await;
    fake.open();
    let answers = Answers::always(false);
    let issue = Rc::new(RefCell::new(JsValue::UNDEFINED));
    let kept = Rc::clone(&issue);
    let asking = Listener::add(&stage, "htmx:confirm", move |event: CustomEvent| {
        event.prevent_default();
        let get = |name: &str| Reflect::get(&event.detail(), &name.into()).unwrap();
        assert_eq!(get("question"), "sure?");
        assert!(get("triggeringEvent").is_object());
        // As of a request, whose listeners may read them.
        assert_eq!((get("path"), get("verb")), ("/own".into(), "send".into()));
        assert_eq!(get("target"), get("elt"));
        *kept.borrow_mut() = get("issueRequest");
    });
    click(&stage, "button");
    assert!(fake.sent().is_empty());
    // `issueRequest(true)`, whenever the answer is there; the browser's dialogue is left out.
    let function: Function = issue.take().into();
    function.call1(&JsValue::UNDEFINED, &JsValue::TRUE).unwrap();
    assert_eq!(fake.sent().len(), 1);
    // As with a request, a second time is another message.
    function.call1(&JsValue::UNDEFINED, &JsValue::TRUE).unwrap();
    assert_eq!(fake.sent().len(), 2);
    // Without it the dialogue comes after all.
    click(&stage, "button");
    let function: Function = issue.take().into();
    function.call0(&JsValue::UNDEFINED).unwrap();
    assert_eq!((fake.sent().len(), answers.asked.borrow().len()), (2, 1));
    // Long after the socket is gone, it is an error.
    click(&stage, "button");
    let function: Function = issue.take().into();
    drop(asking);
    end(&stage);
    let (heard, _listeners) = record(&stage, &["htmx:wsError"]);
    function.call1(&JsValue::UNDEFINED, &JsValue::TRUE).unwrap();
    assert_eq!(heard.borrow().len(), 1);
    assert_eq!(fake.sent().len(), 2);
}

/// All messages of a sender go on by one function, which each has to tell what it was triggered by.
#[wasm_bindgen_test]
async fn wss_29_wss_10_messages_that_are_held_back_at_once_keep_their_own_buttons() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/two"><form hx-ws="send"><button name="k" value="a" class="a"></button><button name="k" value="b" class="b"></button></form></div>"#,
    )
    .await;
    fake.open();
    let held = Rc::<RefCell<Vec<Function>>>::default();
    let keeping = Rc::clone(&held);
    let _asking = Listener::add(&stage, "htmx:confirm", move |event: CustomEvent| {
        event.prevent_default();
        let issue = Reflect::get(&event.detail(), &"issueRequest".into()).unwrap();
        keeping.borrow_mut().push(issue.into());
    });
    let (configured, _listener) = details(&stage, "htmx:wsConfigSend");
    click(&stage, ".a");
    click(&stage, ".b");
    let [first, second] = held.take().try_into().unwrap();
    for issue in [second, first] {
        issue.call1(&JsValue::UNDEFINED, &JsValue::TRUE).unwrap();
    }
    let sent = configured.borrow();
    let said = |path: &str| [0, 1].map(|index| field(&sent[index], path));
    assert_eq!(said("parameters.k"), [JsValue::from("b"), JsValue::from("a")]);
    assert_eq!(
        said("triggeringEvent.submitter"),
        [".b", ".a"].map(|button| JsValue::from(find::<Element>(&stage, button)))
    );
    assert_eq!(fake.sent().len(), 2);
    drop(sent);
    end(&stage);
}

/// The address that `htmx:confirm` tells is kept for the next message, and is another one once the source has moved.
#[wasm_bindgen_test]
async fn wss_29_the_address_that_is_told_is_that_of_now() {
    let fake = FakeWebSocket::install();
    let stage = live(r#"<div hx-ws="connect:/before"><form hx-ws="send"></form></div>"#).await;
    let (asked, _listener) = details(&stage, "htmx:confirm");
    fake.open();
    let owner: Element = find(&stage, "div");
    super::fire(&stage, "form", "submit");
    super::fire(&stage, "form", "submit");
    owner.set_attribute("hx-ws", "connect:/after").unwrap();
    processors::process(&owner);
    super::fire(&stage, "form", "submit");
    let paths: Vec<_> = asked
        .borrow()
        .iter()
        .map(|detail| field(detail, "path").as_string().unwrap())
        .collect();
    assert_eq!(paths, ["/before", "/before", "/after"]);
    end(&stage);
}
