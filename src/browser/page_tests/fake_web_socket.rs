//! A stand-in for `WebSocket`, put in the place of the page's own (WSC-11).

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use crate::browser::page;

const FAKE: &str = r#"
window.__realWebSocket ??= window.WebSocket;
window.__sockets = [];
window.WebSocket = class extends EventTarget {
    constructor(url, protocols) {
        super();
        Object.assign(this, { url, protocols, readyState: 0, sent: [], closedWith: null });
        window.__sockets.push(this);
    }
    send(data) {
        if (this.readyState !== 1) throw new Error("not open");
        this.sent.push(data);
    }
    close(code) { this.readyState = 3; this.closedWith = code; }
    open() { this.readyState = 1; this.dispatchEvent(new Event("open")); }
    end(code) { this.readyState = 3; this.dispatchEvent(new CloseEvent("close", { code })); }
    fail() { this.dispatchEvent(new Event("error")); }
    say(data) { this.dispatchEvent(new MessageEvent("message", { data })); }
};
"#;

/// Takes the place of the page's constructor until dropped.
pub(super) struct FakeWebSocket;

impl FakeWebSocket {
    pub(super) fn install() -> Self {
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// The addresses opened so far.
    pub(super) fn urls(&self) -> Vec<String> {
        self.opened()
            .iter()
            .map(|socket| get(&socket, "url").as_string().unwrap())
            .collect()
    }

    /// What was sent on the last one.
    pub(super) fn sent(&self) -> Vec<String> {
        Array::from(&get(&self.last(), "sent"))
            .iter()
            .map(|text| text.as_string().unwrap())
            .collect()
    }

    /// What was sent on the last one, of any kind.
    pub(super) fn sent_values(&self) -> Array {
        Array::from(&get(&self.last(), "sent"))
    }

    /// What was sent on the last one, as JSON.
    pub(super) fn sent_json(&self) -> Vec<serde_json::Value> {
        let texts = self.sent();
        texts
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect()
    }

    /// What binary frames are on the last one.
    pub(super) fn binary_type(&self) -> String {
        get(&self.last(), "binaryType").as_string().unwrap()
    }

    /// A frame on one that was opened before.
    pub(super) fn say_on(&self, index: u32, data: &str) {
        let socket = self.opened().get(index);
        let say: js_sys::Function = get(&socket, "say").into();
        say.call1(&socket, &data.into()).unwrap();
    }

    /// What was sent on one that was opened before.
    pub(super) fn sent_on(&self, index: u32) -> Vec<String> {
        let sent = Array::from(&get(&self.opened().get(index), "sent"));
        sent.iter().map(|text| text.as_string().unwrap()).collect()
    }

    /// Opens one that was made before.
    pub(super) fn open_at(&self, index: u32) {
        let socket = self.opened().get(index);
        let open: js_sys::Function = get(&socket, "open").into();
        open.call0(&socket).unwrap();
    }

    /// An error on the last one.
    pub(super) fn fail(&self) {
        self.call("fail", &[]);
    }

    pub(super) fn closed_with(&self) -> Option<f64> {
        get(&self.last(), "closedWith").as_f64()
    }

    pub(super) fn open(&self) {
        self.call("open", &[]);
    }

    pub(super) fn end(&self, code: u16) {
        self.call("end", &[code.into()]);
    }

    /// The sub-protocols that the last one offers.
    pub(super) fn protocols(&self) -> Vec<String> {
        let offered = get(&self.last(), "protocols");
        let offered = if offered.is_undefined() {
            Array::new()
        } else {
            Array::from(&offered)
        };
        offered.iter().filter_map(|name| name.as_string()).collect()
    }

    /// A frame of any kind.
    pub(super) fn say_value(&self, data: &JsValue) {
        self.call("say", std::slice::from_ref(data));
    }

    pub(super) fn say(&self, data: &str) {
        self.call("say", &[data.into()]);
    }

    fn call(&self, method: &str, arguments: &[JsValue]) {
        let last = self.last();
        let function: js_sys::Function = get(&last, method).into();
        function.apply(&last, &arguments.iter().collect()).unwrap();
    }

    fn last(&self) -> JsValue {
        self.opened().iter().last().expect("nothing was opened")
    }

    fn opened(&self) -> Array {
        get(&page::window().unwrap(), "__sockets").into()
    }
}

impl Drop for FakeWebSocket {
    fn drop(&mut self) {
        js_sys::eval("window.WebSocket = window.__realWebSocket").unwrap();
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}
