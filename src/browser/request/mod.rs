//! The HTTP requests of `hx-get` and its kin.
//!
//! The way of a request: the page's word ([`confirmation`](super::confirmation)), its turn ([`lock`]), the user's word, its
//! values and headers ([`config`]), and then out and back ([`exchange`]), where the answer says what becomes of it
//! ([`response`]).
//!
//! Invariant: knows elements, but no stream and no component. Requests of elements that are gone are aborted, and what
//! shows that one is under way goes with it.

mod config;
mod error;
mod exchange;
mod lock;
pub(crate) mod marks;
mod navigation;
mod parameters;
mod place;
mod response;
mod response_events;
pub(crate) mod stream;
mod verb;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Element, HtmlElement, MessageEvent};

use self::config::{Outline, RequestConfig};
use self::exchange::Exchange;
use self::lock::{Hold, Lock, Turn};
use crate::browser::confirmation::{Question, issuing};
use crate::browser::dom_events::{Detail, dispatch, dispatch_error};
use crate::browser::presence::EndsWith;
use crate::browser::trigger::{Firing, Triggers};
use crate::browser::{diagnostics, markup, submitter, target, validation};
use crate::grammar::Queue;

pub use self::error::RequestError;
pub use self::verb::Verb;

/// Values for a request, made of the message that has led to it.
pub(crate) type ValuesOf = Rc<dyn Fn(&str, &MessageEvent) -> Vec<(String, String)>>;

/// The address of a request, asked for when one is made. Runs code of the app where a component has it.
pub(crate) type UrlOf = Box<dyn Fn() -> String>;

/// What a requester asks and tells whoever made it. Each is called with nothing borrowed.
#[derive(Clone, Default)]
pub(crate) struct RequestHooks {
    /// Further values, which take the place of others of the same name (SST-10).
    pub(crate) values: Option<ValuesOf>,
    /// Told after an answer was swapped in.
    pub(crate) after: Option<Rc<dyn Fn()>>,
    /// Told what went wrong.
    pub(crate) error: Option<Rc<dyn Fn(RequestError)>>,
}

impl fmt::Debug for RequestHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestHooks")
    }
}

/// An element's way of requesting and swapping the answer in.
pub(crate) struct Requester {
    me: Weak<Self>,
    element: Element,
    verb: Verb,
    url: UrlOf,
    hooks: RequestHooks,
    ends_with: EndsWith,
    is_over: Cell<bool>,
    under_way: RefCell<Vec<AbortController>>,
    triggers: RefCell<Weak<Triggers>>,
}

impl fmt::Debug for Requester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requester")
            .field("verb", &self.verb)
            .finish_non_exhaustive()
    }
}

/// What has led to a request, kept while it waits.
#[derive(Clone)]
struct Occasion {
    firing: Firing,
    /// The verb and address that were found for it, and perhaps told: it goes there, whatever they are later.
    address: Option<(Verb, String)>,
    /// A script has heard `htmx:confirm`.
    is_announced: bool,
    /// And has asked the user itself.
    is_confirmed: bool,
}

impl Requester {
    pub(crate) fn new(
        element: &Element,
        verb: Verb,
        url: UrlOf,
        hooks: RequestHooks,
        ends_with: EndsWith,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            element: element.clone(),
            verb,
            url,
            hooks,
            ends_with,
            is_over: Cell::default(),
            under_way: RefCell::default(),
            triggers: RefCell::default(),
        })
    }

    /// Names the triggers whose polling ends when the server says so (status 286).
    pub(crate) fn set_triggers(&self, triggers: &Rc<Triggers>) {
        self.triggers.replace(Rc::downgrade(triggers));
    }

    pub(crate) fn stop_polling(&self) {
        let triggers = self.triggers.borrow().upgrade();
        if let Some(triggers) = triggers {
            triggers.stop_polling();
        }
    }

    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    pub(crate) fn hooks(&self) -> &RequestHooks {
        &self.hooks
    }

    /// Requests, now or when it is its turn.
    pub(crate) fn run(&self, firing: &Firing) {
        self.issue(Occasion {
            firing: firing.clone(),
            address: None,
            is_announced: false,
            is_confirmed: false,
        });
    }

    /// Ends what is under way, and whatever was to follow.
    pub(crate) fn end(&self) {
        self.is_over.set(true);
        for controller in self.under_way.take() {
            controller.abort();
        }
    }

    /// Whether its element has gone, and with it whatever an answer would be for.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.get() || (self.ends_with == EndsWith::Page && !self.element.is_connected())
    }

    pub(crate) fn is_done(&self, controller: &AbortController) {
        self.under_way.borrow_mut().retain(|known| known != controller);
    }

    /// Everything up to the sending, all of it before the present script ends. The order is that of htmx: whoever is
    /// refused by `htmx:confirm`, or has no target, is in nobody's way.
    fn issue(&self, mut occasion: Occasion) {
        let Some(me) = self.me.upgrade().filter(|me| !me.is_over()) else {
            return;
        };
        // ACT-08: `hx-disable` may have come after the element was armed.
        if self.ends_with == EndsWith::Page && markup::is_disabled(&self.element) {
            return;
        }
        let target = match target::of(&self.element) {
            Ok(target) => target,
            Err(message) => {
                let text = markup::inherited(&self.element, "hx-target").map(|(text, _)| text);
                let detail = Detail::new().with("target", text.unwrap_or_default());
                return self.fail("htmx:targetError", &detail, RequestError::Target(message));
            }
        };
        let event = occasion.firing.event().cloned();
        let submitter = submitter::of(self.element.dyn_ref(), event.as_ref());
        let address = occasion.address.take();
        let Some((verb, path)) = address.or_else(|| self.address(submitter.as_ref())) else {
            return;
        };
        occasion.address = Some((verb, path.clone()));
        let question = Question {
            element: &self.element,
            target: &target,
            event: event.as_ref(),
        };
        let may_go_on = || {
            let (verb, path) = (verb.name().into(), path.as_str().into());
            question.may_go_on(&question.outline(&verb, &path), &issuing(self.later(&occasion)))
        };
        let is_refused = !occasion.is_announced && !may_go_on();
        if is_refused || self.is_over() {
            return;
        }
        let Ok(controller) = AbortController::new() else {
            return;
        };
        let (lock, rule) = Lock::of_requests(&self.element);
        match lock.enter(&controller, rule, occasion.firing.queue) {
            Turn::Never => {}
            Turn::Later(queue) => self.wait(&lock, queue, occasion),
            Turn::Now(hold) => {
                let address = (verb, path.as_str());
                me.make(
                    hold,
                    controller,
                    address,
                    &question,
                    submitter.as_ref(),
                    &occasion,
                );
            }
        }
    }

    /// Lets a request wait for its turn, which was announced and is not announced again.
    ///
    /// DIFFERENCE: htmx dispatches `htmx:confirm` once more when the turn has come, so that a script asks twice.
    fn wait(&self, lock: &Lock, queue: Queue, occasion: Occasion) {
        let (waiting, element) = (Weak::clone(&self.me), self.element.clone());
        let occasion = Occasion {
            is_announced: true,
            ..occasion
        };
        let waits = lock.wait(queue, move || {
            match waiting.upgrade().filter(|me| !me.is_over.get()) {
                Some(me) => me.issue(occasion),
                // Its markup says something else by now, and the request was of what it said before.
                None if element.is_connected() => {
                    dispatch(&element, "htmx:sendAbort", &Detail::new());
                }
                None => {}
            }
        });
        if let Err(waiting) = waits {
            let error = RequestError::QueueFull { waiting };
            self.fail("htmx:sendError", &Detail::new(), error);
        }
    }

    /// Asks the user, collects, offers to the page, and sends.
    fn make(
        self: &Rc<Self>,
        hold: Hold,
        controller: AbortController,
        (verb, path): (Verb, &str),
        question: &Question<'_>,
        submitter: Option<&HtmlElement>,
        occasion: &Occasion,
    ) {
        let Ok(prompt) = question.prompt() else { return };
        if !occasion.is_confirmed && !question.is_confirmed() {
            return;
        }
        let config = RequestConfig::new(Outline {
            element: &self.element,
            target: question.target,
            verb: verb.name(),
            path,
            event: question.event,
            submitter,
            prompt,
            values: self.values(&occasion.firing),
        });
        let Some(config) = config else { return };
        if !dispatch(&self.element, "htmx:configRequest", &config.detail) {
            return;
        }
        let prepared = config.prepared();
        if prepared.errors.length() > 0 {
            validation::halt_request(&self.element, &config.detail);
            return;
        }
        // A component's address was written by the app's author; that of markup may have come from anywhere.
        let any_origin = self.ends_with == EndsWith::Component;
        if let Err(url) = config.verify(&prepared.url, any_origin) {
            return self.fail("htmx:invalidPath", &config.detail, RequestError::Address { url });
        }
        if !self.is_over() {
            self.under_way.borrow_mut().push(controller.clone());
            let target = question.target.clone();
            Exchange::start(self, hold, controller, target, &config, prepared);
        }
    }

    /// How a script goes on with a request that it has held back.
    fn later(&self, occasion: &Occasion) -> impl Fn(bool) + use<> {
        let (me, occasion) = (Weak::clone(&self.me), occasion.clone());
        move |is_confirmed| {
            if let Some(me) = me.upgrade() {
                me.issue(Occasion {
                    is_announced: true,
                    is_confirmed,
                    ..occasion.clone()
                });
            }
        }
    }

    /// Verb and address, which the button may change; `None` for a button whose method is none of the verbs.
    fn address(&self, submitter: Option<&HtmlElement>) -> Option<(Verb, String)> {
        let of_button = |name: &str| submitter.and_then(|button| button.get_attribute(name));
        let verb = match of_button("formmethod") {
            Some(method) => Verb::named(&method)?,
            None => self.verb,
        };
        Some((verb, of_button("formaction").unwrap_or_else(|| (self.url)())))
    }

    fn values(&self, firing: &Firing) -> Vec<(String, JsValue)> {
        let Some(values) = &self.hooks.values else {
            return Vec::new();
        };
        let message = firing.message();
        let values = message.map(|(name, message)| values(&name, &message));
        let values = values.unwrap_or_default().into_iter();
        values.map(|(name, value)| (name, value.into())).collect()
    }

    /// Tells what went wrong: the developer, the page, and whoever made the requester.
    pub(crate) fn fail(&self, event: &str, detail: &Detail, error: RequestError) {
        let words = error.to_string();
        diagnostics::report(&self.element, &words);
        let detail = config::copy_of(detail).with("error", words);
        dispatch_error(&self.element, event, &detail);
        self.tell(error);
    }

    /// Tells whoever made the requester alone, as the page knows already.
    pub(crate) fn tell(&self, error: RequestError) {
        if let Some(told) = &self.hooks.error {
            told(error);
        }
    }
}
