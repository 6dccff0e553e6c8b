//! What is left of events that are over.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{details, field, find, stage};
use crate::browser::dom_events::{Burst, Detail, dispatch};

/// What all events have in common kept the detail of the last one, and with it an element that had left or a message.
#[wasm_bindgen_test]
async fn ssv_03_nothing_is_kept_of_an_event_that_is_over() {
    js_sys::eval(
        "window.__realCustomEvent ??= window.CustomEvent; window.__inits = [];
         // Not only another value: WebKit's compiled code would go on with the one that it knows.
         delete window.CustomEvent;
         window.CustomEvent = class extends window.__realCustomEvent {
             constructor(name, init) { super(name, init); window.__inits.push(init); }
         }",
    )
    .unwrap();
    let stage = stage("<p></p>");
    let (heard, _listener) = details(&stage, "live:test");
    let tell = || dispatch(&find(&stage, "p"), "live:test", &Detail::new().with("a", 1));
    tell();
    // Nor of a burst, however many lie in one another.
    let bursts = (Burst::begin(), Burst::begin());
    tell();
    drop(bursts.1);
    tell();
    drop(bursts.0);
    js_sys::eval("window.CustomEvent = window.__realCustomEvent").unwrap();
    let inits: Array = js_sys::eval("window.__inits").unwrap().unchecked_into();
    assert!(heard.borrow().iter().all(|detail| field(detail, "a") == 1));
    assert_eq!((heard.borrow().len(), inits.length()), (3, 3));
    assert!(inits.iter().all(|init| field(&init, "detail").is_null()));
    stage.remove();
}
