//! Sending an element's values over its socket: `hx-ws="send"`.
//!
//! The steps are those of htmx (WSS-19): ask, collect, offer to the page, check, encode, and hand to the source, which
//! sends or queues. Where a file has to be read first, the message keeps its place in the order.

use std::rc::{Rc, Weak};

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement};

use super::confirmation::Question;
use super::dom;
use super::dom_events::{Burst, Detail, dispatch_again, dispatch_error, event_or_undefined, put};
use super::event_names::{
    ERRORS, HEADERS, MESSAGE_BODY, PARAMETERS, TRIGGERING_EVENT, UNFILTERED_PARAMETERS, WS_CONFIG_SEND,
};
use super::form_values::FormValues;
use super::listener::Listener;
use super::send_error::SendError;
use super::ws_acks;
use super::ws_encoding::encode;
use super::ws_memo::{Issue, Memo};
use super::ws_outbox::{Fate, Outgoing};
use super::ws_send_options::SendOptions;
use super::ws_sending::Taken;
use super::ws_source::WsSource;
use super::{diagnostics, headers, js_method, plain_form, submitter, validation};
use crate::wire::FrameFormat;

/// Keeps a form that sends live from leaving the page, whatever triggers the sending (decision 12).
pub(crate) fn keep_page(form: &Element) -> Listener {
    Listener::on(form, "submit", |event| event.prevent_default())
}

/// Sends the element's values. What goes wrong is told on the element as `htmx:wsError`, and to the options' `failed`.
pub(crate) fn send(
    element: &Element,
    source: Option<&Rc<WsSource>>,
    trigger: Option<&Event>,
    options: &SendOptions,
) {
    let Some(source) = source else {
        fail(element, options, SendError::NoSource);
        return;
    };
    // WSS-22: a trigger that outlives the source sends nothing.
    if source.ends_as_orphan() {
        return;
    }
    let sender = Rc::new(Sender {
        element: element.clone(),
        // Whoever asks the user may do so for long.
        source: Rc::downgrade(source),
        submitter: submitter::of(options.memo.form(element), trigger),
        trigger: trigger.cloned(),
        options: options.clone(),
    });
    let submitter = sender
        .submitter
        .as_ref()
        .map_or(JsValue::UNDEFINED, JsValue::from);
    let Issue { function, question } = options.memo.issue_for(source, |path| Issue {
        function: sender.issuing(),
        question: SEND.with(|verb| sender.question().outline(verb, path)),
    });
    let issue = js_method::with_both(&function, &event_or_undefined(trigger), &submitter);
    if sender.question().may_go_on(&question, &issue) && sender.question().is_confirmed() {
        sender.send();
    }
}

thread_local! {
    /// The verb of a message, in the words of a request.
    static SEND: JsString = "send".into();
}

fn fail(element: &Element, options: &SendOptions, error: SendError) {
    diagnostics::report(element, &format!("sending: {error}"));
    let detail = Detail::new().with("error", error.to_string());
    dispatch_error(element, "htmx:wsError", &detail);
    if let Some(failed) = &options.failed {
        failed(error);
    }
}

/// One triggering of a sending element.
struct Sender {
    element: Element,
    source: Weak<WsSource>,
    submitter: Option<HtmlElement>,
    trigger: Option<Event>,
    options: SendOptions,
}

impl Sender {
    /// A function that sends for this element whenever a script calls it, for the trigger and by the button that it is given.
    fn issuing(&self) -> JsValue {
        let (element, source) = (self.element.clone(), Weak::clone(&self.source));
        let options = SendOptions {
            // The function must not hold itself.
            memo: Memo::default(),
            ..self.options.clone()
        };
        let issue = move |trigger: JsValue, submitter: JsValue, is_confirmed: JsValue| {
            let held_back = Rc::new(Self {
                element: element.clone(),
                source: Weak::clone(&source),
                submitter: (!submitter.is_undefined()).then(|| submitter.unchecked_into()),
                trigger: (!trigger.is_undefined()).then(|| trigger.unchecked_into()),
                options: options.clone(),
            });
            let _burst = Burst::begin();
            if is_confirmed.is_truthy() || held_back.question().is_confirmed() {
                held_back.send();
            }
        };
        Closure::<dyn Fn(JsValue, JsValue, JsValue)>::new(issue).into_js_value()
    }

    /// What is asked before, with the words of a request (WSS-29).
    ///
    /// DIFFERENCE: in htmx `hx-confirm` has no effect on sockets, and `htmx:confirm` does not come.
    fn question(&self) -> Question<'_> {
        Question {
            element: &self.element,
            target: &self.element,
            event: self.trigger.as_ref(),
        }
    }

    fn send(self: &Rc<Self>) {
        let Some(source) = self.source.upgrade() else {
            fail(&self.element, &self.options, SendError::NoSource);
            return;
        };
        let Some(message) = self.configured(&source) else {
            return;
        };
        if let Err(error) = self.encode_and_hand_over(&source, message) {
            fail(&self.element, &self.options, error);
        }
    }

    /// Collects, and offers to the page; `None` where the page or its validation holds the message back.
    fn configured(&self, source: &Rc<WsSource>) -> Option<Detail> {
        let errors = validation::errors(&self.element, self.form(), self.submitter.as_ref());
        let (parameters, unfiltered, headers) = self.collected(source.format());
        if self.options.ack.is_some() || source.format() == FrameFormat::HeadersAndBody {
            set(&headers, "HX-Request-ID", &ws_acks::new_id().into());
        }
        let detail = Detail::like(self.options.memo.message(&self.element), |fields| {
            fields.set(&PARAMETERS, &parameters);
            fields.set(&UNFILTERED_PARAMETERS, &unfiltered);
            fields.set(&HEADERS, &headers);
            fields.set(&ERRORS, &errors);
            if let Some(event) = &self.trigger {
                fields.set(&TRIGGERING_EVENT, event);
            }
            fields.set_socket_wrapper(&source.connection().wrapper());
        });
        if !dispatch_again(&self.element, &WS_CONFIG_SEND, &detail) {
            return None;
        }
        // WSS-19: what the page's own checks have added counts as well.
        let errors = detail.get(&ERRORS);
        let count = errors.dyn_ref::<Array>().map(Array::length);
        if count != Some(0) {
            let errors = Array::from(&errors);
            if errors.length() > 0 {
                validation::halt(&self.element, errors);
                return None;
            }
        }
        Some(detail)
    }

    /// The values that go along and all of them, as a script sees them, files as they are; and the headers.
    fn collected(&self, format: FrameFormat) -> (Object, Object, Object) {
        let (element, memo) = (&self.element, &self.options.memo);
        let (mut is_usual, mut is_plain) = (false, false);
        let (parameters, unfiltered) =
            FormValues::objects(element, self.form(), self.submitter.as_ref(), || {
                is_usual = !format.is_of_htmx_4() && memo.is_usual(element);
                is_plain = is_usual || plain_form::is_plain(element);
                is_plain
            });
        let usual = is_usual.then(|| memo.usual_headers()).flatten();
        let headers = usual.unwrap_or_else(|| {
            if !headers::is_plain(element, format) {
                return headers::object_of_message(element, format);
            }
            if is_plain {
                memo.note_usual(element);
            }
            headers::plain_object(element)
        });
        (parameters, unfiltered, headers)
    }

    fn form(&self) -> Option<&HtmlFormElement> {
        self.options.memo.form(&self.element)
    }

    fn encode_and_hand_over(
        self: &Rc<Self>,
        source: &Rc<WsSource>,
        message: Detail,
    ) -> Result<(), SendError> {
        let own = message.get_any(&MESSAGE_BODY);
        if let Some(own) = own.filter(|own| own.is_truthy()) {
            return self.hand_over(source, &message, own);
        }
        let format = source.format();
        let values: Object = message.get(&PARAMETERS).dyn_into().unwrap_or_default();
        let Some(reading) = self.options.files.read(&values)? else {
            let body = encode(format, &values, &message.get(&HEADERS));
            return self.hand_over(source, &message, body);
        };
        let connection = source.connection();
        let place = connection
            .sending()
            .reserve(&connection, &self.element, source.queue_policy())?;
        let (me, policy) = (Rc::clone(self), source.queue_policy());
        wasm_bindgen_futures::spawn_local(async move {
            let read = reading.await;
            let sent = match read.and_then(|values| {
                let body = encode(format, &values, &message.get(&HEADERS));
                me.outgoing(&message, body)
            }) {
                Ok(outgoing) => connection.sending().fill(&connection, place, (outgoing, policy)),
                Err(error) => {
                    connection.sending().leave(&connection, place);
                    Err(error)
                }
            };
            if let Err(error) = me.concluded(&message, sent) {
                fail(&me.element, &me.options, error);
            }
        });
        Ok(())
    }

    fn hand_over(&self, source: &Rc<WsSource>, message: &Detail, body: JsValue) -> Result<(), SendError> {
        let outgoing = self.outgoing(message, body)?;
        self.concluded(message, source.send(outgoing))
    }

    /// The message with what happens when its fate is known.
    fn outgoing(&self, message: &Detail, body: JsValue) -> Result<Outgoing, SendError> {
        let id = self.begin_waiting(message)?;
        let failed = self.options.failed.clone();
        let is_asked = id.is_some() || failed.is_some();
        let told = move |fate| match (fate, &id) {
            (Fate::Transmitted, Some(id)) => ws_acks::sent(id),
            (Fate::HeldBack, Some(id)) => ws_acks::forget(id),
            // The acknowledgement's outcome tells of it.
            (Fate::Lost(error), Some(id)) => ws_acks::fail(id, error),
            (Fate::Lost(error), None) => {
                if let Some(failed) = &failed {
                    failed(error);
                }
            }
            (Fate::Transmitted | Fate::HeldBack, None) => {}
        };
        Ok(Outgoing {
            message: body,
            sender: Some(self.element.clone()),
            told: is_asked.then(|| Rc::new(told) as _),
        })
    }

    /// The id under which the server's acknowledgement is waited for, if it is: a hook may have taken it out.
    fn begin_waiting(&self, message: &Detail) -> Result<Option<String>, SendError> {
        let Some(ack) = self.options.ack else {
            return Ok(None);
        };
        let Some(id) = request_id(message) else {
            return Ok(None);
        };
        let (element, options) = (self.element.clone(), self.options.clone());
        let outcome = move |said| match said {
            Ok(()) => {
                if let Some(acknowledged) = &options.acknowledged {
                    acknowledged();
                }
            }
            Err(error @ SendError::NotAcknowledged(_)) => fail(&element, &options, error),
            // The page was told by whoever has lost it.
            Err(error) => {
                if let Some(failed) = &options.failed {
                    failed(error);
                }
            }
        };
        ack.wait(&id, &self.element, Rc::new(outcome))?;
        Ok(Some(id))
    }

    /// What is left to do when the message was taken, or was not.
    fn concluded(&self, message: &Detail, sent: Result<Taken, SendError>) -> Result<(), SendError> {
        match sent {
            Ok(Taken::Transmitted | Taken::Waiting) => {
                if self.options.reset
                    && let Some(form) = self.form()
                {
                    dom::reset(form);
                }
                Ok(())
            }
            Ok(Taken::HeldBack) => Ok(()),
            Err(error) => {
                if let Some(id) = request_id(message) {
                    ws_acks::forget(&id);
                }
                Err(error)
            }
        }
    }
}

fn request_id(message: &Detail) -> Option<String> {
    let headers = message.get(&HEADERS);
    Reflect::get(&headers, &JsValue::from_str("HX-Request-ID"))
        .ok()?
        .as_string()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    put(object, &name.into(), value);
}
