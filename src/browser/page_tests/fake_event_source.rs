//! A stand-in for `EventSource`, put in the place of the page's own (SSE-08).

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use crate::browser::page;

const FAKE: &str = r#"
window.__realEventSource ??= window.EventSource;
window.__opened = [];
window.EventSource = class extends EventTarget {
    constructor(url, init) {
        super();
        Object.assign(this, { url, init, readyState: 0 });
        window.__opened.push(this);
    }
    close() { this.readyState = 2; }
    open() { this.readyState = 1; this.dispatchEvent(new Event("open")); }
    fail(state) { this.readyState = state; this.dispatchEvent(new Event("error")); }
    say(name, data, id) { this.dispatchEvent(new MessageEvent(name, { data, lastEventId: id ?? "" })); }
};
"#;

/// Takes the place of the page's constructor until dropped.
pub(super) struct FakeEventSource;

impl FakeEventSource {
    pub(super) fn install() -> Self {
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// The addresses opened so far.
    pub(super) fn urls(&self) -> Vec<String> {
        self.opened()
            .iter()
            .map(|source| get(&source, "url").as_string().unwrap())
            .collect()
    }

    /// Whether the last of them was to send cookies to other origins.
    pub(super) fn with_credentials(&self) -> bool {
        get(&get(&self.last(), "init"), "withCredentials").is_truthy()
    }

    /// How many of them are not closed.
    pub(super) fn alive(&self) -> usize {
        self.opened()
            .iter()
            .filter(|source| get(source, "readyState") != JsValue::from(2))
            .count()
    }

    pub(super) fn open(&self) {
        self.call("open", &[]);
    }

    pub(super) fn fail(&self, state: u32) {
        self.call("fail", &[state.into()]);
    }

    pub(super) fn say(&self, name: &str, data: &str, id: &str) {
        self.call("say", &[name.into(), data.into(), id.into()]);
    }

    /// What arrives on one that was opened before the last.
    pub(super) fn say_on(&self, index: u32, name: &str, data: &str) {
        let arguments = [name, data, ""].map(JsValue::from_str);
        call(&self.opened().get(index), "say", &arguments);
    }

    /// Calls a method of the object that was opened last.
    fn call(&self, method: &str, arguments: &[JsValue]) {
        call(&self.last(), method, arguments);
    }

    pub(super) fn last(&self) -> JsValue {
        self.opened().iter().last().expect("nothing was opened")
    }

    fn opened(&self) -> Array {
        get(&page::window().unwrap(), "__opened").into()
    }
}

impl Drop for FakeEventSource {
    fn drop(&mut self) {
        js_sys::eval("window.EventSource = window.__realEventSource").unwrap();
    }
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) {
    let function: js_sys::Function = get(object, method).into();
    function.apply(object, &arguments.iter().collect()).unwrap();
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}
