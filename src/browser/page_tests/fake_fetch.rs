//! A stand-in for `fetch`, put in the place of the page's own (SSE-08): requests wait until the test answers them, at once or
//! by a stream that it feeds.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::pause;
use crate::browser::page;

const FAKE: &str = r#"
window.__realFetch ??= window.fetch;
window.__requests = [];
window.fetch = (url, init = {}) => new Promise((resolve, reject) => {
    const { method = "GET", credentials, cache, body } = init;
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
    request.answer = (status, body, headers) => {
        const text = status === 204 ? "" : body;
        const response = new Response(text || null, { status, headers });
        // At once, so that a test can wait for what comes of it.
        response.text = () => Promise.resolve(text);
        resolve(response);
    };
    request.stream = (status, type) => {
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
    if (window.__answers) resolve(new Response("<b>answered</b>"));
});
"#;

/// Takes the place of the page's function until dropped.
pub(super) struct FakeFetch;

impl FakeFetch {
    pub(super) fn install() -> Self {
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// The same, which answers every request with `<b>answered</b>`.
    pub(super) fn answering() -> Self {
        let fake = Self::install();
        js_sys::eval("window.__answers = true").unwrap();
        fake
    }

    /// Methods and addresses of the requests so far.
    pub(super) fn requests(&self) -> Vec<String> {
        let word = |request: &JsValue, name: &str| get(request, name).as_string().unwrap();
        let line = |request: JsValue| format!("{} {}", word(&request, "method"), word(&request, "url"));
        self.all().iter().map(line).collect()
    }

    /// How many requests there were.
    pub(super) fn count(&self) -> usize {
        self.all().length() as usize
    }

    /// How many of them were not aborted.
    pub(super) fn alive(&self) -> usize {
        let is_alive = |request: &JsValue| get(request, "aborted").is_falsy();
        self.all().iter().filter(is_alive).count()
    }

    pub(super) fn is_aborted(&self, index: u32) -> bool {
        get(&self.all().get(index), "aborted").is_truthy()
    }

    /// The body of a request: as it is if it is text, else the fields of its form data.
    pub(super) fn body(&self, index: u32) -> String {
        let body = get(&self.all().get(index), "body");
        if let Some(data) = body.dyn_ref::<web_sys::FormData>() {
            let text = |value: &JsValue| value.as_string().or_else(|| get(value, "name").as_string());
            let fields = data.entries().into_iter().map(|entry| {
                let entry: Array = entry.unwrap().unchecked_into();
                format!(
                    "{}:{}",
                    text(&entry.get(0)).unwrap(),
                    text(&entry.get(1)).unwrap()
                )
            });
            return fields.collect::<Vec<_>>().join(",");
        }
        body.as_string().unwrap_or_default()
    }

    pub(super) fn header(&self, index: u32, name: &str) -> Option<String> {
        header(&self.all().get(index), name)
    }

    /// A header of the last request.
    pub(super) fn last_header(&self, name: &str) -> Option<String> {
        header(&self.last(), name)
    }

    /// A text that the last request was made with.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        get(&self.last(), name).as_string()
    }

    /// Answers a request, and waits until the page has done with it.
    pub(super) async fn answer(&self, index: u32, status: u16, body: &str) {
        self.answer_with(index, status, body, &[]).await;
    }

    pub(super) async fn answer_with(&self, index: u32, status: u16, body: &str, headers: &[(&str, &str)]) {
        let object = Object::new();
        for (name, value) in headers {
            Reflect::set(&object, &(*name).into(), &(*value).into()).unwrap();
        }
        let request = self.all().get(index);
        call(&request, "answer", &[status.into(), body.into(), object.into()]).await;
    }

    /// Gives a request no answer at all.
    pub(super) async fn fail(&self, index: u32) {
        call(&self.all().get(index), "fail", &[]).await;
    }

    /// The same for the last one.
    pub(super) async fn fail_last(&self) {
        call(&self.last(), "fail", &[]).await;
    }

    /// Answers the last request with a stream.
    pub(super) async fn open(&self) {
        self.stream(200, "text/event-stream").await;
    }

    /// Answers the last request with the head of something that is said later.
    pub(super) async fn stream(&self, status: u16, content_type: &str) {
        call(&self.last(), "stream", &[status.into(), content_type.into()]).await;
    }

    /// Sends text on the last stream, in one chunk.
    pub(super) async fn say(&self, text: &str) {
        call(&self.last(), "say", &[text.into()]).await;
    }

    /// Sends text in chunks of one byte each.
    pub(super) async fn say_bytewise(&self, text: &str) {
        call(&self.last(), "sayBytewise", &[text.into()]).await;
    }

    /// Ends the last stream in good order.
    pub(super) async fn end(&self) {
        call(&self.last(), "end", &[]).await;
    }

    /// Breaks the last stream off.
    pub(super) async fn break_off(&self) {
        call(&self.last(), "break", &[]).await;
    }

    fn last(&self) -> JsValue {
        self.all().iter().last().expect("nothing was requested")
    }

    fn all(&self) -> Array {
        get(&page::window().unwrap(), "__requests").into()
    }
}

impl Drop for FakeFetch {
    fn drop(&mut self) {
        js_sys::eval("window.fetch = window.__realFetch; window.__answers = false").unwrap();
    }
}

/// Whoever waits for it is told in later microtasks.
async fn call(request: &JsValue, method: &str, arguments: &[JsValue]) {
    let function: Function = get(request, method).into();
    function.apply(request, &arguments.iter().collect()).unwrap();
    pause(0).await;
}

fn header(request: &JsValue, name: &str) -> Option<String> {
    get(&get(request, "headers"), &name.to_ascii_lowercase()).as_string()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}
