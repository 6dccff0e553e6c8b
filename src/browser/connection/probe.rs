//! Asks for the status that an `EventSource` keeps to itself.
//!
//! A stream that the browser has given up on shows neither status nor reason. The same request by
//! `fetch` tells 204, 401 and 403, after which it would be wrong to come back, from the rest.

use wasm_bindgen::JsValue;
use web_sys::{AbortController, RequestInit};

use crate::browser::dictionary::dictionary;
use crate::browser::fetch;

/// A question that is withdrawn when it is dropped.
#[derive(Debug)]
pub(crate) struct Probe(AbortController);

impl Probe {
    /// Requests the address, hands on the status, or that none came, and ends the request without reading the body.
    pub(crate) fn start(
        url: &str,
        with_credentials: bool,
        answered: impl FnOnce(Option<u16>) + 'static,
    ) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let (ending, url) = (controller.clone(), url.to_owned());
        wasm_bindgen_futures::spawn_local(async move {
            let signal = ending.signal();
            let headers: JsValue = dictionary(&[("Accept", "text/event-stream".into())]);
            let credentials = if with_credentials {
                "include"
            } else {
                "same-origin"
            };
            let init: RequestInit = dictionary(&[
                ("headers", headers),
                ("credentials", credentials.into()),
                ("signal", signal.clone().into()),
            ]);
            let response = fetch::send(&url, &init).await;
            // Whoever dropped the probe meanwhile wants no answer.
            if !signal.aborted() {
                ending.abort();
                answered(response.ok().map(|response| response.status()));
            }
        });
        Some(Self(controller))
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.abort();
    }
}
