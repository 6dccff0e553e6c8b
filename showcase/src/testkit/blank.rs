//! A page without any markup of its own, for tests that bring theirs.

use js_sys::{Object, Reflect};
use leptos::prelude::*;
use leptos_live::attributes;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::Element;

/// The page's object for tests.
const GLOBAL: &str = "leptosLive";

/// An empty `#work-area`. Markup that a test puts there is made live by `window.leptosLive.process(element)`.
#[component]
pub fn Blank() -> impl IntoView {
    // The effect's value keeps the function for as long as the page is shown.
    Effect::new(|_| {
        let process = Closure::<dyn Fn(Element)>::new(|element: Element| attributes::process(&element));
        let object = Object::new();
        let _ = Reflect::set(&object, &"process".into(), process.as_ref());
        let _ = Reflect::set(&window(), &GLOBAL.into(), &object);
        on_cleanup(|| drop(Reflect::set(&window(), &GLOBAL.into(), &JsValue::UNDEFINED)));
        process
    });
    view! {
        <h1>"Blank"</h1>
        <div id="work-area"></div>
    }
}
