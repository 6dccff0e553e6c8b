//! The function behind `detail.issueRequest` of a sender's messages, as long as it has the same source.
//!
//! It is made once, and each message ties its own event and button to it: a function of wasm's for each would be one more
//! thing that the browser has to watch until it can be freed.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;

use super::ws_source::WsSource;

/// The function of one sender.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issuer(Rc<RefCell<Option<Issued>>>);

/// A source, and the function that sends on it.
type Issued = (Weak<WsSource>, JsValue);

impl Issuer {
    /// The function for this source, made if there is none yet.
    pub(crate) fn function_for(&self, source: &Weak<WsSource>, make: impl FnOnce() -> JsValue) -> JsValue {
        let known = |(known, function): &Issued| known.ptr_eq(source).then(|| function.clone());
        if let Some(function) = self.0.borrow().as_ref().and_then(known) {
            return function;
        }
        let made = make();
        self.0.replace(Some((Weak::clone(source), made.clone())));
        made
    }
}
