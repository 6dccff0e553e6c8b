//! Asking before something is sent, by request or over a socket: `hx-confirm`, `hx-prompt` and the event `htmx:confirm`.

use js_sys::{JsString, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event};

use super::dom_events::{Detail, dispatch, dispatch_again};
use super::event_names::{CONFIRM, ETC, ISSUE_REQUEST, PATH, QUESTION, TRIGGERING_EVENT, VERB};
use super::{markup, page};

/// What is about to be sent, as `htmx:confirm` shows it.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) element: &'a Element,
    pub(crate) target: &'a Element,
    pub(crate) event: Option<&'a Event>,
}

impl Question<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        markup::inherited(self.element, name).map(|(text, _)| text)
    }

    /// The fields of `htmx:confirm` in their order, with what is the same for all that an element sends by this verb to this
    /// address.
    pub(crate) fn outline(&self, verb: &JsString, path: &JsString) -> Object {
        let outline = Detail::of_fields(|fields| {
            fields.set_target(self.target);
            fields.set(&PATH, path);
            fields.set(&VERB, verb);
            fields.set(&TRIGGERING_EVENT, &JsValue::UNDEFINED);
            fields.set(&ETC, &JsValue::UNDEFINED);
            fields.set(&QUESTION, &JsValue::UNDEFINED);
            fields.set(&ISSUE_REQUEST, &JsValue::UNDEFINED);
            fields.set_elt(self.element);
        });
        outline.into_value().unchecked_into()
    }

    /// Whether the page's scripts let it go on; they may hold it back and go on with it later, by calling
    /// `detail.issueRequest(skipConfirmation)`, which is `issue`. As in htmx 2 they are told also where there is no question.
    pub(crate) fn may_go_on(&self, outline: &Object, issue: &JsValue) -> bool {
        let detail = Detail::like(outline, |fields| {
            if let Some(event) = self.event {
                fields.set(&TRIGGERING_EVENT, event);
            }
            fields.set(&ETC, &Object::new());
            if let Some(question) = self.attribute("hx-confirm") {
                fields.set(&QUESTION, &question.into());
            }
            fields.set(&ISSUE_REQUEST, issue);
        });
        dispatch_again(self.element, &CONFIRM, &detail)
    }

    /// Whether the user says yes to `hx-confirm`, where there is any.
    pub(crate) fn is_confirmed(&self) -> bool {
        page::confirms(self.attribute("hx-confirm").as_deref())
    }

    /// What the user says to `hx-prompt`; `None` where nothing is asked.
    ///
    /// # Errors
    /// The user, or a script that hears `htmx:prompt`, has called it off.
    pub(crate) fn prompt(&self) -> Result<Option<String>, CalledOff> {
        let Some(question) = self.attribute("hx-prompt") else {
            return Ok(None);
        };
        let window = page::window().ok_or(CalledOff)?;
        let said = window
            .prompt_with_message(&question)
            .ok()
            .flatten()
            .ok_or(CalledOff)?;
        let detail = Detail::new()
            .with("prompt", said.as_str())
            .with("target", self.target.clone());
        if dispatch(self.element, "htmx:prompt", &detail) {
            Ok(Some(said))
        } else {
            Err(CalledOff)
        }
    }
}

/// A function for scripts by which one request goes on, told whether it skips the confirmation.
pub(crate) fn issuing(issue: impl Fn(bool) + 'static) -> JsValue {
    let issue = Closure::<dyn Fn(JsValue)>::new(move |skips: JsValue| issue(skips.is_truthy()));
    // The browser frees it when no script can call it any more.
    issue.into_js_value()
}

/// What is not to be sent after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CalledOff;
