//! HTTP requests by the page's own `fetch`, looked up when it is used.
//!
//! gloo-net would take the address apart and encode its query anew; an address goes out as it was
//! written (SSE-05).

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCredentials, RequestInit, Response};

use super::page;

/// A request in the making.
#[derive(Debug)]
pub(crate) struct Fetch<'a> {
    pub(crate) method: &'a str,
    pub(crate) headers: &'a [(String, String)],
    /// A text, or form data with its files.
    pub(crate) body: Option<&'a JsValue>,
    /// Whether cookies go to another origin.
    pub(crate) with_credentials: bool,
    pub(crate) signal: &'a AbortSignal,
}

impl Fetch<'_> {
    /// The request in the browser's own form.
    ///
    /// # Errors
    /// The browser's own words when it takes a header for none.
    pub(crate) fn init(&self) -> Result<RequestInit, String> {
        let headers = Headers::new().map_err(words)?;
        for (name, value) in self.headers {
            headers.set(name, value).map_err(words)?;
        }
        let init = RequestInit::new();
        init.set_method(self.method);
        init.set_headers(&headers);
        init.set_signal(Some(self.signal));
        init.set_credentials(if self.with_credentials {
            RequestCredentials::Include
        } else {
            RequestCredentials::SameOrigin
        });
        if let Some(body) = self.body {
            init.set_body(body);
        }
        Ok(init)
    }
}

/// Sends a request that [`Fetch::init`] has made.
///
/// # Errors
/// The browser's own words when no answer came.
pub(crate) async fn send(url: &str, init: &RequestInit) -> Result<Response, String> {
    head(start(url, init)?).await
}

/// Sends it before the present script ends; [`head`] waits for the answer.
///
/// # Errors
/// There is no page.
pub(crate) fn start(url: &str, init: &RequestInit) -> Result<Promise, String> {
    let window = page::window().ok_or("expected a page to request from, found none")?;
    Ok(window.fetch_with_str_and_init(url, init))
}

/// The head of the answer to a request that was started.
///
/// # Errors
/// The browser's own words when no answer came.
pub(crate) async fn head(answer: Promise) -> Result<Response, String> {
    let answer = JsFuture::from(answer).await.map_err(words)?;
    answer
        .dyn_into()
        .map_err(|_| "expected a response, found something else".to_owned())
}

/// What the browser says of an error.
pub(crate) fn words(error: JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}
