//! A request on its way out, and its answer on the way back.
//!
//! DIFFERENCE: it goes by `fetch`, which tells nothing of progress, so there are no `htmx:xhr:…` events.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{JsString, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Element, Response};

use super::Requester;
use super::config::{Prepared, RequestConfig};
use super::error::RequestError;
use super::lock::Hold;
use super::marks::Marks;
use super::response;
use super::stream::{self, Busy, StreamEnd, StreamedAnswer};
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::fetch::{self, Fetch};
use crate::browser::js_method;
use crate::browser::timer::Timer;

/// A request that is under way.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(super) requester: Rc<Requester>,
    controller: AbortController,
    pub(super) busy: Busy,
    /// What the events about it tell: `target`, `requestConfig`, `pathInfo`, `xhr`, and later `successful` and `failed`.
    pub(super) info: Detail,
    /// Those above the element, for when it has been swapped away.
    ancestors: Vec<Element>,
    pub(super) target: Element,
    pub(super) url: String,
}

/// What a request has brought.
#[derive(Debug)]
enum Answer {
    Whole(Response, JsString),
    /// Its body has yet to come.
    Stream(Response),
}

/// How a request ended that brought no answer.
#[derive(Debug)]
enum Failure {
    Aborted,
    TimedOut,
    Lost(String),
    /// There was the beginning of an answer.
    BrokenOff(String),
}

impl Exchange {
    /// Tells the page, marks what shows that it is busy, and sends.
    pub(super) fn start(
        requester: &Rc<Requester>,
        hold: Hold,
        controller: AbortController,
        target: Element,
        config: &RequestConfig,
        prepared: Prepared,
    ) {
        let element = requester.element();
        let info = info(config, &prepared, &target);
        if !dispatch(element, "htmx:beforeRequest", &info) || requester.is_over() {
            requester.is_done(&controller);
            return;
        }
        hold.take_over();
        let busy = Busy::new(Marks::set(element), hold);
        dispatch(element, "htmx:beforeSend", &info);
        let exchange = Self {
            requester: Rc::clone(requester),
            controller,
            busy,
            info,
            ancestors: Vec::new(),
            target,
            url: prepared.path.clone(),
        };
        // Sent at once: the page may be about to be left.
        let sent = Fetch {
            method: &prepared.method,
            headers: &prepared.headers,
            body: prepared.body.as_ref(),
            with_credentials: prepared.with_credentials,
            signal: &exchange.controller.signal(),
        };
        let sent = sent.init().and_then(|init| fetch::start(&prepared.url, &init));
        wasm_bindgen_futures::spawn_local(exchange.run(sent, prepared.timeout));
    }

    fn element(&self) -> &Element {
        self.requester.element()
    }

    async fn run(mut self, sent: Result<Promise, String>, timeout: u32) {
        let answer = match sent {
            Ok(sent) => self.answer(sent, timeout).await,
            Err(reason) => Err(Failure::Lost(reason)),
        };
        self.ancestors = ancestors(self.element());
        let took_element = match &answer {
            Ok(Answer::Stream(response)) => self.hand_on(response).await == StreamEnd::WithElement,
            _ => false,
        };
        self.requester.is_done(&self.controller);
        // What was ended together with its element tells nobody, unless its own answer has taken the element away.
        if took_element || !self.requester.is_over() {
            match answer {
                Ok(Answer::Whole(response, body)) => self.load(&response, &body),
                Ok(Answer::Stream(_)) => self.complete(),
                Err(failure) => self.fail(failure, timeout),
            }
        }
        self.busy.release();
    }

    /// Head and body of the answer; of a stream the head alone.
    async fn answer(&self, sent: Promise, timeout: u32) -> Result<Answer, Failure> {
        let is_late = Rc::new(Cell::new(false));
        let (late, controller) = (Rc::clone(&is_late), self.controller.clone());
        let timer = (timeout > 0).then(|| {
            Timer::start(timeout, move || {
                late.set(true);
                controller.abort();
            })
        });
        let received = receive(sent).await;
        // SS4-33: of a stream, the time is that until the answer begins.
        drop(timer);
        received.map_err(|failure| match self.controller.signal().aborted() {
            true if is_late.get() => Failure::TimedOut,
            true => Failure::Aborted,
            false => failure,
        })
    }

    /// Leaves the answer to whoever reads streams, until it is over.
    async fn hand_on(&self, response: &Response) -> StreamEnd {
        self.show_response(response, None);
        let Some(handler) = stream::handler() else {
            // Nobody would ever see its end.
            self.controller.abort();
            self.mark(false);
            let url = self.url.clone();
            let error = RequestError::Stream { url };
            self.requester.fail("htmx:responseError", &self.info, error);
            return StreamEnd::Over;
        };
        self.mark(true);
        let shown = handler(StreamedAnswer {
            element: self.element().clone(),
            // The same object, where the method of this name would make another one.
            response: Clone::clone(response),
            controller: self.controller.clone(),
            busy: self.busy.clone(),
        })
        .await;
        shown.unwrap_or_else(|reason| {
            let url = self.url.clone();
            self.mark(false);
            self.requester.tell(RequestError::BrokenOff { url, reason });
            StreamEnd::Over
        })
    }

    /// Gives `xhr` what scripts look for there.
    ///
    /// DIFFERENCE: requests are made by `fetch`, so it is an object with the members of an answer and no `XMLHttpRequest`.
    fn show_response(&self, response: &Response, body: Option<&JsString>) {
        let xhr = self.info.get("xhr");
        let headers = response.headers();
        let text = body.map_or(JsValue::UNDEFINED, JsValue::from);
        for (name, value) in [
            ("status", response.status().into()),
            ("statusText", response.status_text().into()),
            ("responseURL", response.url().into()),
            ("response", text.clone()),
            ("responseText", text),
            ("getResponseHeader", js_method::method(&headers, "get")),
        ] {
            let _ = Reflect::set(&xhr, &JsValue::from_str(name), &value);
        }
        let path = web_sys::Url::new(&response.url()).map(|url| url.pathname() + &url.search());
        let path_info = self.info.get("pathInfo");
        let path = path.map_or(JsValue::NULL, JsValue::from);
        let _ = Reflect::set(&path_info, &"responsePath".into(), &path);
    }

    fn load(&self, response: &Response, body: &JsString) {
        self.show_response(response, Some(body));
        if response::load(self, response, body) == response::Outcome::Leaves {
            self.busy.leave_marks();
        }
        self.complete();
    }

    /// An answer came, whatever it said.
    fn complete(&self) {
        self.busy.unmark();
        let told = |element: &Element| {
            dispatch(element, "htmx:afterRequest", &self.info);
            dispatch(element, "htmx:afterOnLoad", &self.info);
        };
        told(self.element());
        // Whoever listens further up must hear of it also if the answer has taken the element away.
        if !self.element().is_connected()
            && let Some(above) = self.ancestors.iter().find(|above| above.is_connected())
        {
            told(above);
        }
    }

    fn fail(&self, failure: Failure, timeout: u32) {
        self.busy.unmark();
        self.mark(false);
        dispatch(self.element(), "htmx:afterRequest", &self.info);
        let url = self.url.clone();
        match failure {
            // Somebody wanted it so: an event, and no mistake.
            Failure::Aborted => drop(dispatch(self.element(), "htmx:sendAbort", &self.info)),
            Failure::TimedOut => {
                let milliseconds = timeout;
                let error = RequestError::TimedOut { url, milliseconds };
                self.requester.fail("htmx:timeout", &self.info, error);
            }
            Failure::Lost(reason) => {
                let error = RequestError::Network { url, reason };
                self.requester.fail("htmx:sendError", &self.info, error);
            }
            Failure::BrokenOff(reason) => {
                let error = RequestError::BrokenOff { url, reason };
                self.requester.fail("htmx:sendError", &self.info, error);
            }
        }
    }

    /// Writes how it went where later events show it.
    pub(super) fn mark(&self, is_successful: bool) {
        self.info.set("successful", is_successful);
        self.info.set("failed", !is_successful);
    }
}

async fn receive(sent: Promise) -> Result<Answer, Failure> {
    let response = fetch::head(sent).await.map_err(Failure::Lost)?;
    if stream::is_stream(&response) {
        return Ok(Answer::Stream(response));
    }
    // The body goes on as a JavaScript string, without a copy through wasm memory.
    let text = response
        .text()
        .map_err(|error| Failure::BrokenOff(fetch::words(error)))?;
    let text = JsFuture::from(text)
        .await
        .map_err(|error| Failure::BrokenOff(fetch::words(error)))?;
    let text = text
        .dyn_into()
        .map_err(|_| Failure::BrokenOff("it is no text".to_owned()))?;
    Ok(Answer::Whole(response, text))
}

fn info(config: &RequestConfig, prepared: &Prepared, target: &Element) -> Detail {
    let anchor = prepared.path.split_once('#').map(|(_, anchor)| anchor);
    let path_info = Detail::new()
        .with("requestPath", prepared.path.as_str())
        .with("finalRequestPath", prepared.url.as_str())
        .with("responsePath", JsValue::NULL)
        .with("anchor", anchor.map_or(JsValue::UNDEFINED, JsValue::from));
    Detail::new()
        .with("xhr", Detail::new().with("status", 0).into_value())
        .with("target", target.clone())
        .with("requestConfig", config.detail.value())
        .with("etc", Object::new())
        .with("boosted", false)
        .with("select", JsValue::NULL)
        .with("pathInfo", path_info.into_value())
}

fn ancestors(element: &Element) -> Vec<Element> {
    std::iter::successors(element.parent_element(), |at| at.parent_element()).collect()
}
