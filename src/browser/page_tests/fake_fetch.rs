//! A stand-in for `fetch`, put in the place of the page's own (SSE-08), whose answers are streams that a test feeds.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use super::pause;
use crate::browser::page;

const FAKE: &str = r#"
window.__realFetch ??= window.fetch;
window.__requests = [];
window.fetch = (url, init = {}) => new Promise((resolve, reject) => {
    const { method, credentials, cache, body } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const request = { url, method, credentials, cache, body, headers, aborted: false };
    const abort = () => {
        request.aborted = true;
        const error = new DOMException("aborted by the page", "AbortError");
        reject(error);
        request.feed?.error(error);
    };
    if (init.signal?.aborted) return abort();
    init.signal?.addEventListener("abort", abort);
    request.answer = (status, type) => {
        const stream = new ReadableStream({ start(feed) { request.feed = feed; } });
        const headers = type ? { "content-type": type } : {};
        resolve(new Response(status === 204 ? null : stream, { status, headers }));
    };
    request.say = (text) => request.feed.enqueue(new TextEncoder().encode(text));
    request.sayBytewise = (text) => {
        for (const byte of new TextEncoder().encode(text)) request.feed.enqueue(new Uint8Array([byte]));
    };
    request.end = () => request.feed.close();
    request.break = () => request.feed.error(new TypeError("network error"));
    request.fail = () => reject(new TypeError("Failed to fetch"));
    window.__requests.push(request);
});
"#;

/// Takes the place of the page's function until dropped.
pub(super) struct FakeFetch;

impl FakeFetch {
    pub(super) fn install() -> Self {
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// How many requests there were.
    pub(super) fn count(&self) -> usize {
        self.requests().length() as usize
    }

    /// How many of them were not aborted.
    pub(super) fn alive(&self) -> usize {
        let is_alive = |request: &JsValue| get(request, "aborted").is_falsy();
        self.requests().iter().filter(is_alive).count()
    }

    /// A text that the last request was made with.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        get(&self.last(), name).as_string()
    }

    /// A header of the last request, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        get(&get(&self.last(), "headers"), name).as_string()
    }

    /// Answers the last request with a stream.
    pub(super) async fn open(&self) {
        self.answer(200, "text/event-stream").await;
    }

    pub(super) async fn answer(&self, status: u16, content_type: &str) {
        self.call("answer", &[status.into(), content_type.into()]).await;
    }

    /// Sends text on the last stream, in one chunk.
    pub(super) async fn say(&self, text: &str) {
        self.call("say", &[text.into()]).await;
    }

    /// Sends text in chunks of one byte each.
    pub(super) async fn say_bytewise(&self, text: &str) {
        self.call("sayBytewise", &[text.into()]).await;
    }

    /// Ends the last stream in good order.
    pub(super) async fn end(&self) {
        self.call("end", &[]).await;
    }

    /// Breaks the last stream off.
    pub(super) async fn break_off(&self) {
        self.call("break", &[]).await;
    }

    /// Gives the last request no answer at all.
    pub(super) async fn fail(&self) {
        self.call("fail", &[]).await;
    }

    async fn call(&self, method: &str, arguments: &[JsValue]) {
        let last = self.last();
        let function: js_sys::Function = get(&last, method).into();
        function.apply(&last, &arguments.iter().collect()).unwrap();
        // Whoever reads is told in later microtasks.
        pause(0).await;
    }

    fn last(&self) -> JsValue {
        self.requests().iter().last().expect("nothing was requested")
    }

    fn requests(&self) -> Array {
        get(&page::window().unwrap(), "__requests").into()
    }
}

impl Drop for FakeFetch {
    fn drop(&mut self) {
        js_sys::eval("window.fetch = window.__realFetch").unwrap();
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}
