//! A stream by a request of our own: what an `EventSource` does, with a method, headers and a body.
//!
//! Reading is one task that ends with the transport: dropping that aborts the request (SSX-09), and from then on
//! nothing that still arrives is told. An aborted stream is thus a normal end and no error (SS4-35).

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{
    AbortController, AbortSignal, ErrorEvent, ErrorEventInit, Event, Request, RequestCache, RequestInit,
    Response,
};

use super::transport::{Break, Hearer, Opening, Transport, enter_fetch};
use crate::browser::diagnostics;
use crate::browser::event_stream::{EventReader, MEDIA_TYPE, StreamObject, content_type};
use crate::browser::fetch::{Fetch, send, words};
use crate::browser::sse_source::ANY_NAME;
use crate::wire::{ControlKind, RESERVED_PREFIX, SseMessage, is_event_stream};

/// Makes this transport one that connections can use.
pub(crate) fn enter() {
    enter_fetch(open);
}

/// A request and the reading of its answer.
#[derive(Debug)]
struct FetchTransport {
    controller: AbortController,
    object: StreamObject,
    wanted: Rc<Wanted>,
}

/// The names that somebody listens to.
#[derive(Debug, Default)]
struct Wanted(RefCell<HashSet<Rc<str>>>);

impl Wanted {
    /// The name as a listener knows it, if there is one. Control events are nobody's (SSW-03).
    fn name(&self, name: &str) -> Option<Rc<str>> {
        if name.starts_with(RESERVED_PREFIX) {
            return None;
        }
        let names = self.0.borrow();
        let known = names.get(name).cloned();
        known.or_else(|| names.contains(ANY_NAME).then(|| name.into()))
    }
}

fn open(opening: &Opening<'_>, hearer: &Weak<dyn Hearer>) -> Result<Box<dyn Transport>, String> {
    let controller = AbortController::new().map_err(|_| "the browser cannot abort requests".to_owned())?;
    let signal = controller.signal();
    let init = init_of(opening, &signal)?;
    let url = opening.url;
    // What the browser will never take is told now, and not retried for ever.
    Request::new_with_str_and_init(url, &init).map_err(|error| format!("`{url}`: {}", words(error)))?;
    let reading = Reading {
        url: url.to_owned(),
        init,
        hearer: Weak::clone(hearer),
        object: StreamObject::new(url),
        wanted: Rc::default(),
        signal,
        last_event_id: opening.last_event_id.clone(),
    };
    let transport = FetchTransport {
        controller,
        object: reading.object.clone(),
        wanted: Rc::clone(&reading.wanted),
    };
    wasm_bindgen_futures::spawn_local(reading.run());
    Ok(Box::new(transport))
}

fn init_of(opening: &Opening<'_>, signal: &AbortSignal) -> Result<RequestInit, String> {
    let mut headers = vec![("Accept".to_owned(), MEDIA_TYPE.to_owned())];
    headers.extend(
        opening
            .request
            .map(|request| request.headers())
            .unwrap_or_default(),
    );
    if !opening.last_event_id.is_empty() {
        headers.push(("Last-Event-ID".to_owned(), in_bytes(&opening.last_event_id)));
    }
    let body = opening
        .request
        .and_then(|request| request.read_body())
        .map(JsValue::from);
    let request = Fetch {
        method: opening.request.map_or("GET", |request| request.method()),
        headers: &headers,
        body: body.as_ref(),
        with_credentials: opening.with_credentials,
        signal,
    };
    let init = request
        .init()
        .map_err(|words| format!("`{}`: {words}", opening.url))?;
    // As an `EventSource` does: a stream from a cache is none.
    init.set_cache(RequestCache::NoStore);
    Ok(init)
}

/// A header holds bytes, which a script writes as characters; the standard sends an id in UTF-8.
fn in_bytes(id: &str) -> String {
    id.bytes().map(char::from).collect()
}

impl Transport for FetchTransport {
    fn listen(&mut self, name: &Rc<str>, _hearer: &Weak<dyn Hearer>) -> bool {
        self.wanted.0.borrow_mut().insert(Rc::clone(name));
        true
    }

    fn unlisten(&mut self, name: &str) {
        self.wanted.0.borrow_mut().remove(name);
    }

    fn object(&self) -> JsValue {
        self.object.value().clone()
    }
}

impl Drop for FetchTransport {
    fn drop(&mut self) {
        self.object.closed();
        self.controller.abort();
    }
}

/// The task that reads.
struct Reading {
    url: String,
    init: RequestInit,
    hearer: Weak<dyn Hearer>,
    object: StreamObject,
    wanted: Rc<Wanted>,
    signal: AbortSignal,
    last_event_id: String,
}

impl Reading {
    async fn run(self) {
        let how = match self.request().await {
            Ok(response) => self.read(&response).await,
            Err(how) => how,
        };
        self.tell(|hearer| hearer.broke(self.object.value(), how));
    }

    /// Tells the connection something, unless the transport is gone.
    fn tell(&self, run: impl FnOnce(&dyn Hearer)) {
        if let (Some(hearer), false) = (self.hearer.upgrade(), self.signal.aborted()) {
            run(&*hearer);
        }
    }

    async fn request(&self) -> Result<Response, Break> {
        let response = send(&self.url, &self.init)
            .await
            .map_err(|words| Break::Failed(self.error(&words)))?;
        match response.status() {
            200 => {}
            status => {
                let words = format!("expected an event stream, found status {status}");
                return Err(Break::Answered(status, self.error(&words)));
            }
        }
        // MPT-07: as good as no answer, and retried like that.
        let found = content_type(&response);
        if !is_event_stream(&found) {
            let words = format!("expected `{MEDIA_TYPE}`, found {found:?}");
            if !self.signal.aborted() {
                diagnostics::report_plain(&format!("{}: {words}", self.url));
            }
            return Err(Break::Failed(self.error(&words)));
        }
        Ok(response)
    }

    async fn read(&self, response: &Response) -> Break {
        let mut events = EventReader::of(response, &self.last_event_id);
        self.object.opened();
        self.tell(|hearer| hearer.opened());
        let mut retry = None;
        loop {
            let messages = match events.next().await {
                Ok(Some(messages)) => messages,
                Ok(None) => return Break::Ended,
                Err(words) => return Break::Failed(self.error(&words)),
            };
            for message in messages {
                self.hand_on(&events, &message);
            }
            if let Some(words) = events.take_error() {
                diagnostics::report_plain(&format!("{}: {words}", self.url));
                if let Some(error) = self.error(&words) {
                    self.tell(|hearer| hearer.left_out(&error));
                }
            }
            // SS4-25: also of what was no event. After an abort it is told no more, so that what this chunk still
            // held comes again.
            self.tell(|hearer| hearer.reached(events.decoder().last_event_id()));
            if let Some(asked) = events.decoder().retry().filter(|asked| retry != Some(*asked)) {
                retry = Some(asked);
                self.tell(|hearer| hearer.asked_to_wait(asked));
            }
        }
    }

    fn hand_on(&self, events: &EventReader, message: &SseMessage) {
        self.tell(|hearer| hearer.reached(&message.last_event_id));
        let control = ControlKind::from_event_name(&message.event);
        let name = self.wanted.name(&message.event);
        if control.is_none() && name.is_none() {
            return;
        }
        let Some(event) = events.event(message) else {
            return;
        };
        self.tell(|hearer| match (control, name) {
            (Some(kind), _) => hearer.control(kind, &event),
            (None, Some(name)) => hearer.received(&name, &event),
            (None, None) => {}
        });
    }

    fn error(&self, words: &str) -> Option<Event> {
        let init = ErrorEventInit::new();
        init.set_message(&format!("{}: {words}", self.url));
        let event = ErrorEvent::new_with_event_init_dict("error", &init).ok()?;
        Some(event.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r01_format_field_id_is_sent_in_utf_8() {
        assert_eq!(in_bytes("a-1"), "a-1");
        assert_eq!(in_bytes("…"), "\u{e2}\u{80}\u{a6}");
    }

    #[test]
    fn ssw_03_the_wildcard_hears_every_name_but_those_of_control_events() {
        let wanted = Wanted::default();
        let check = |name: &str, expected: bool| assert_eq!(wanted.name(name).is_some(), expected, "{name}");
        wanted.0.borrow_mut().insert("x".into());
        check("x", true);
        check("y", false);
        wanted.0.borrow_mut().insert(ANY_NAME.into());
        for name in ["x", "y", "message", "*"] {
            check(name, true);
        }
        check("ll:heartbeat", false);
        check("ll:of-a-later-version", false);
    }
}
