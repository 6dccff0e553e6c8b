//! The HTTP requests of `hx-get` and its kin, as far as live triggers need them.
//!
//! An element that is triggered again while its request is under way remembers the newest trigger
//! and runs it afterwards (SST-09). Requests of elements that are gone are aborted.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use js_sys::JsString;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Element};

use super::dom_events::{Detail, dispatch, dispatch_error};
use super::fetch::Fetch;
use super::form_values::FormValues;
use super::swap::{Plan, TitleRule, swap};
use super::{diagnostics, headers};

/// The verbs that an element can have (SST-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `hx-get`
    Get,
    /// `hx-post`
    Post,
    /// `hx-put`
    Put,
    /// `hx-patch`
    Patch,
    /// `hx-delete`
    Delete,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The attribute that carries the verb's address.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Get => "hx-get",
            Self::Post => "hx-post",
            Self::Put => "hx-put",
            Self::Patch => "hx-patch",
            Self::Delete => "hx-delete",
        }
    }

    fn method(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// An element's way of requesting and swapping the answer in.
pub(crate) struct Requester {
    me: Weak<Self>,
    element: Element,
    verb: Verb,
    url: String,
    under_way: RefCell<Option<AbortController>>,
    again: Cell<bool>,
    after: Option<Rc<dyn Fn()>>,
}

impl fmt::Debug for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requester")
            .field("verb", &self.verb)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Requester {
    pub(crate) fn new(element: &Element, verb: Verb, url: &str, after: Option<Rc<dyn Fn()>>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            element: element.clone(),
            verb,
            url: url.to_owned(),
            under_way: RefCell::default(),
            again: Cell::default(),
            after,
        })
    }

    /// Requests, now or as soon as the request that is under way has ended.
    pub(crate) fn run(&self) {
        if self.under_way.borrow().is_some() {
            self.again.set(true);
            return;
        }
        let (Some(me), Ok(controller)) = (self.me.upgrade(), AbortController::new()) else {
            return;
        };
        self.under_way.replace(Some(controller.clone()));
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = me.request(&controller).await;
            me.under_way.take();
            if controller.signal().aborted() {
                return;
            }
            match outcome {
                Ok(body) => me.show(&body),
                Err(message) => me.fail("htmx:sendError", &message),
            }
            if me.again.take() {
                me.run();
            }
        });
    }

    /// Ends what is under way, and whatever was to follow.
    pub(crate) fn abort(&self) {
        self.again.set(false);
        if let Some(controller) = self.under_way.take() {
            controller.abort();
        }
    }

    async fn request(&self, controller: &AbortController) -> Result<JsString, String> {
        let values = FormValues::of_request(&self.element, self.verb == Verb::Get).urlencoded();
        let of_element = headers::of(&self.element).into_iter();
        let mut headers: Vec<_> = of_element
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        let (url, body) = match self.verb {
            Verb::Get | Verb::Delete => (with_query(&self.url, &values), None),
            Verb::Post | Verb::Put | Verb::Patch => {
                headers.push((
                    "Content-Type".to_owned(),
                    "application/x-www-form-urlencoded".to_owned(),
                ));
                (self.url.clone(), Some(values))
            }
        };
        let request = Fetch {
            method: self.verb.method(),
            url: &url,
            headers: &headers,
            body: body.as_deref(),
            with_credentials: false,
            signal: &controller.signal(),
        };
        let response = request.send().await?;
        if !response.ok() {
            return Err(format!(
                "{}: expected a successful answer, found status {}",
                self.url,
                response.status()
            ));
        }
        // The body goes on as a JavaScript string, without a copy through wasm memory.
        let text = response
            .text()
            .map_err(|_| "the answer's body was read before".to_owned())?;
        let text = JsFuture::from(text)
            .await
            .map_err(|_| "the answer ended early".to_owned())?;
        text.dyn_into().map_err(|_| "the answer is no text".to_owned())
    }

    fn show(&self, body: &JsString) {
        if !self.element.is_connected() {
            return;
        }
        match Plan::of(&self.element, TitleRule::Unless) {
            Ok(plan) => {
                let (element, after) = (self.element.clone(), self.after.clone());
                swap(plan, body, move || {
                    dispatch(
                        &element,
                        "htmx:afterRequest",
                        &Detail::new().with("successful", true),
                    );
                    if let Some(after) = after {
                        after();
                    }
                });
            }
            Err(message) => self.fail("htmx:targetError", &message),
        }
    }

    fn fail(&self, event: &str, message: &str) {
        diagnostics::report(&self.element, message);
        dispatch_error(&self.element, event, &Detail::new().with("error", message));
    }
}

/// Adds values to an address, which otherwise stays as it was written.
fn with_query(url: &str, values: &str) -> String {
    if values.is_empty() {
        return url.to_owned();
    }
    let (address, fragment) = url
        .split_once('#')
        .map_or((url, None), |(address, rest)| (address, Some(rest)));
    let separator = if address.contains('?') { '&' } else { '?' };
    let fragment = fragment
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    format!("{address}{separator}{values}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_as_it_was_written() {
        for (url, values, expected) in [
            ("/a?b=%20%2B+", "", "/a?b=%20%2B+"),
            ("/a?b=%20", "c=1", "/a?b=%20&c=1"),
            ("/a", "c=1", "/a?c=1"),
            ("/a#top", "c=1", "/a?c=1#top"),
        ] {
            assert_eq!(with_query(url, values), expected);
        }
    }
}
