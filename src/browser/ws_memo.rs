//! What the messages of one sender have in common, kept from one to the next as long as it stays the same.
//!
//! Whether the element is a form is asked once. The function behind `detail.issueRequest` is made once, and each message ties
//! its own event and button to it: a function of wasm's for each would be one more thing that the browser has to watch until
//! it can be freed. The details of events are copies of outlines, which are filled in. None of it is ever seen by a script.

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{JsString, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlFormElement};

use super::dom_events::Detail;
use super::event_names::{
    ERRORS, HEADERS, MESSAGE_BODY, PARAMETERS, TRIGGERING_EVENT, UNFILTERED_PARAMETERS,
};
use super::source::Source;
use super::usual_headers::UsualHeaders;
use super::ws_source::WsSource;

/// What is known of one sender.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memo(Rc<Known>);

#[derive(Debug, Default)]
struct Known {
    form: OnceCell<Option<HtmlFormElement>>,
    message: OnceCell<Object>,
    issued: RefCell<Option<Issued>>,
    headers: RefCell<Option<UsualHeaders>>,
}

#[derive(Debug)]
struct Issued {
    source: Weak<WsSource>,
    url: String,
    by: Issue,
}

/// How messages to one address of a source are announced.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    /// The function that lets a message go on which was held back.
    pub(crate) function: JsValue,
    /// The outline of `htmx:confirm`, which names the address.
    pub(crate) question: Object,
}

impl Memo {
    /// The sender, if it is a form.
    pub(crate) fn form(&self, sender: &Element) -> Option<&HtmlFormElement> {
        let form = self.0.form.get_or_init(|| sender.dyn_ref().cloned());
        form.as_ref()
    }

    /// How messages to this source are announced, made for its address if that is not known yet.
    pub(crate) fn issue_for(&self, source: &Rc<WsSource>, make: impl FnOnce(&JsString) -> Issue) -> Issue {
        let is_known = |known: &&Issued| {
            std::ptr::eq(known.source.as_ptr(), Rc::as_ptr(source)) && source.hold().is_at(&known.url)
        };
        if let Some(known) = self.0.issued.borrow().as_ref().filter(is_known) {
            return known.by.clone();
        }
        let url = source.hold().url();
        let by = make(&JsString::from(url.as_str()));
        self.0.issued.replace(Some(Issued {
            source: Rc::downgrade(source),
            url,
            by: by.clone(),
        }));
        by
    }

    /// The outline of `htmx:wsConfigSend`: its fields in their order.
    pub(crate) fn message(&self, sender: &Element) -> &Object {
        self.0.message.get_or_init(|| {
            let outline = Detail::of_fields(|fields| {
                fields.set(&PARAMETERS, &JsValue::UNDEFINED);
                fields.set(&UNFILTERED_PARAMETERS, &JsValue::UNDEFINED);
                fields.set(&HEADERS, &JsValue::UNDEFINED);
                fields.set(&ERRORS, &JsValue::UNDEFINED);
                fields.set(&TRIGGERING_EVENT, &JsValue::UNDEFINED);
                fields.set(&MESSAGE_BODY, &JsValue::UNDEFINED);
                fields.set_socket_wrapper(&JsValue::UNDEFINED);
                fields.set_elt(sender);
            });
            outline.into_value().unchecked_into()
        })
    }

    /// Whether the headers of the last message are right for this one, but for the page's address, and nothing on or around
    /// the sender says anything about its values.
    pub(crate) fn is_usual(&self, sender: &Element) -> bool {
        let headers = self.0.headers.borrow();
        headers
            .as_ref()
            .is_some_and(|headers| headers.are_right_for(sender))
    }

    /// The headers of a message that is as usual, as an object of its own.
    pub(crate) fn usual_headers(&self) -> Option<Object> {
        self.0.headers.borrow().as_ref().map(UsualHeaders::object)
    }

    /// Takes note of what is usual from now on: nothing says anything about the sender's values and headers.
    pub(crate) fn note_usual(&self, sender: &Element) {
        self.0.headers.replace(UsualHeaders::of(sender));
    }
}
