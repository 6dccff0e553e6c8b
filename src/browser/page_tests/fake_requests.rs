//! A stand-in for `fetch`, whose requests wait until the test answers them.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::pause;
use crate::browser::page;

const FAKE: &str = r#"
window.__realFetch ??= window.fetch;
window.__requests = [];
window.fetch = (url, init) => new Promise((resolve, reject) => {
    const request = {
        url, init, aborted: false,
        answer: (status, body, headers) => {
            const text = status === 204 ? "" : body;
            const response = new Response(text || null, { status, headers });
            // At once, so that a test can wait for what comes of it.
            response.text = () => Promise.resolve(text);
            resolve(response);
        },
        fail: () => reject(new TypeError("no network")),
    };
    const abort = () => { request.aborted = true; reject(new DOMException("aborted", "AbortError")); };
    if (init.signal.aborted) abort(); else init.signal.addEventListener("abort", abort);
    window.__requests.push(request);
});
"#;

/// Takes the place of the page's function until dropped.
pub(super) struct FakeRequests;

impl FakeRequests {
    pub(super) fn install() -> Self {
        js_sys::eval(FAKE).unwrap();
        Self
    }

    /// Methods and addresses of the requests so far.
    pub(super) fn requests(&self) -> Vec<String> {
        let line = |request: JsValue| {
            let method = get(&get(&request, "init"), "method").as_string().unwrap();
            format!("{method} {}", get(&request, "url").as_string().unwrap())
        };
        self.all().iter().map(line).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.all().length() as usize
    }

    /// The body of a request: as it is if it is text, else the fields of its form data.
    pub(super) fn body(&self, index: u32) -> String {
        let body = get(&get(&self.all().get(index), "init"), "body");
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
        let headers: web_sys::Headers = get(&get(&self.all().get(index), "init"), "headers").unchecked_into();
        headers.get(name).unwrap()
    }

    pub(super) fn is_aborted(&self, index: u32) -> bool {
        get(&self.all().get(index), "aborted").is_truthy()
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
        self.call(index, "answer", &[status.into(), body.into(), object.into()]);
        pause(0).await;
    }

    pub(super) async fn fail(&self, index: u32) {
        self.call(index, "fail", &[]);
        pause(0).await;
    }

    fn call(&self, index: u32, method: &str, arguments: &[JsValue]) {
        let request = self.all().get(index);
        let function: Function = get(&request, method).into();
        function.apply(&request, &arguments.iter().collect()).unwrap();
    }

    fn all(&self) -> Array {
        get(&page::window().unwrap(), "__requests").into()
    }
}

impl Drop for FakeRequests {
    fn drop(&mut self) {
        js_sys::eval("window.fetch = window.__realFetch").unwrap();
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}
