//! The function behind `detail.issueRequest` of a sender's messages, and the address that they name, as long as these are the
//! same.
//!
//! The function is made once, and each message ties its own event and button to it: a function of wasm's for each would be
//! one more thing that the browser has to watch until it can be freed. And the address would be decoded for each.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::JsString;
use wasm_bindgen::JsValue;

use super::source::Source;
use super::ws_source::WsSource;

/// What the messages of one sender have in common.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issuer(Rc<RefCell<Option<Issued>>>);

#[derive(Clone, Debug)]
struct Issued {
    source: Weak<WsSource>,
    url: String,
    path: JsString,
    function: JsValue,
}

impl Issuer {
    /// The function for this source and the address of that, made if there are none yet.
    pub(crate) fn function_for(
        &self,
        source: &Rc<WsSource>,
        make: impl FnOnce() -> JsValue,
    ) -> (JsValue, JsString) {
        let is_known = |known: &&Issued| {
            std::ptr::eq(known.source.as_ptr(), Rc::as_ptr(source)) && source.hold().is_at(&known.url)
        };
        if let Some(known) = self.0.borrow().as_ref().filter(is_known) {
            return (known.function.clone(), known.path.clone());
        }
        let url = source.hold().url();
        let path = JsString::from(url.as_str());
        let function = make();
        self.0.replace(Some(Issued {
            source: Rc::downgrade(source),
            url,
            path: path.clone(),
            function: function.clone(),
        }));
        (function, path)
    }
}
