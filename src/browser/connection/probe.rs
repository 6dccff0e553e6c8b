//! Asks for the status that an `EventSource` keeps to itself.
//!
//! A stream that the browser has given up on shows neither status nor reason. The same request by
//! `fetch` tells 204, 401 and 403, after which it would be wrong to come back, from the rest.

use web_sys::AbortController;

use crate::browser::fetch::Fetch;

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
            let headers = [("Accept".to_owned(), "text/event-stream".to_owned())];
            let request = Fetch {
                method: "GET",
                url: &url,
                headers: &headers,
                body: None,
                with_credentials,
                signal: &signal,
            };
            let response = request.send().await;
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
