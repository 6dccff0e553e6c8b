//! Clicks in a form whose trigger is a click: what sends, and what stays the browser's.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlInputElement};

use super::fake_web_socket::FakeWebSocket;
use super::{click, end, find, live};
use crate::browser::listener::Listener;

/// How often the browser submits a form, which it is then kept from.
fn submits_of(stage: &Element) -> (Rc<Cell<u32>>, Listener) {
    let submits = Rc::new(Cell::new(0));
    let counted = Rc::clone(&submits);
    let listener = Listener::on(stage, "submit", move |event| {
        counted.set(counted.get() + 1);
        event.prevent_default();
    });
    (submits, listener)
}

// A form that was not submitted sent no button, where its request would have (VAL-07), and then the browser left the page.
#[wasm_bindgen_test]
async fn wss_10_wss_14_the_button_goes_along_whatever_the_trigger() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/buttons"><form hx-ws="send" hx-trigger="click"><input type="checkbox">
           <button name="go" value="2"><b></b></button></form></div>"#,
    )
    .await;
    fake.open();
    let (submits, _page) = submits_of(&stage);
    click(&stage, "b");
    assert_eq!(fake.sent_json()[0]["go"], "2");
    // WSS-14: the message is what the button does. DIFFERENCE: another click in the form ticks the box as ever.
    assert_eq!(submits.get(), 0);
    click(&stage, "input");
    assert!(find::<HtmlInputElement>(&stage, "input").checked());
    assert_eq!(fake.sent_json().len(), 2);
    end(&stage);
}

/// A click that no trigger takes is the browser's: a button of the form goes on submitting it.
#[wasm_bindgen_test]
async fn wss_14_a_click_that_nothing_takes_is_the_browsers() {
    let fake = FakeWebSocket::install();
    let stage = live(
        r#"<div hx-ws="connect:/taken"><form hx-ws="send" hx-trigger="submit, click target:.star">
           <i class="star"></i><button name="go" value="1"></button></form>
           <form id="other"><span hx-ws="send" hx-trigger="click from:closest form"></span><button></button></form></div>"#,
    )
    .await;
    fake.open();
    let (submits, _page) = submits_of(&stage);
    click(&stage, "[hx-ws=send] button");
    assert_eq!((submits.get(), fake.sent_json().len()), (1, 1));
    click(&stage, ".star");
    assert_eq!((submits.get(), fake.sent_json().len()), (1, 2));
    click(&stage, "#other button");
    assert_eq!((submits.get(), fake.sent_json().len()), (2, 3));
    end(&stage);
}
