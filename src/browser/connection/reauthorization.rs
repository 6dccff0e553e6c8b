//! Asking for other credentials when the server has refused those that it got (S16).
//!
//! Streams are refused by status 401 and sockets by close code 4401, also in the middle, when a token has expired. What
//! shows who somebody is, a cookie or a header, is the app's, and so is getting a new one. The connection waits for that,
//! and then goes on from its position; without anybody to ask it ends.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::link::{Link, drive};
use super::machine::Input;
use super::state::CloseReason;
use crate::browser::dom_events::{Detail, dispatch};

/// The status of a stream whose credentials are refused.
pub(crate) const UNAUTHORIZED: u16 = 401;

/// The close code of such a socket, which has no status that a page could see.
pub(crate) const UNAUTHORIZED_CODE: u16 = 4401;

/// What those have answered who were asked, as soon as that is known.
pub(crate) type Answers = Promise;

/// Gets other credentials: `false` if there are none.
pub(crate) type GetCredentials = Rc<dyn Fn() -> Promise>;

/// Asks a source for other credentials: the page's scripts by an event, and whoever made the source.
///
/// As with events of service workers, a listener answers by calling `detail.waitUntil(promise)`. One that is rejected
/// or becomes `false` means that there are none.
pub(crate) fn ask(element: &Element, own: Option<&GetCredentials>, refused_with: u16) -> Option<Answers> {
    let promises = Array::new();
    let collected = promises.clone();
    let wait_until = Closure::<dyn Fn(JsValue)>::new(move |promise: JsValue| {
        collected.push(&promise);
    });
    let detail = Detail::new()
        .with("status", refused_with)
        // The browser frees it when no script can call it any more.
        .with("waitUntil", wait_until.into_js_value());
    dispatch(element, "live:unauthorized", &detail);
    if let Some(own) = own {
        promises.push(&own());
    }
    (promises.length() > 0).then(|| Promise::all(&promises))
}

/// Whether it is worth trying again.
fn are_there(answers: JsValue) -> bool {
    let answers: Array = answers.unchecked_into();
    !answers.includes(&JsValue::FALSE, 0)
}

/// Holds a connection that was refused until other credentials are there; `false` if nobody has any, or they were
/// refused too often.
///
/// However many sources share the connection, they are asked once, and in their order until one of them answers.
pub(super) fn reauthorize(link: &Rc<dyn Link>, refusal: CloseReason, refused_with: u16) -> bool {
    if !link.driver().may_ask() {
        return false;
    }
    if !link.driver().is_asking.get() {
        let Some(answers) = link.ask_for_credentials(refused_with) else {
            return false;
        };
        link.driver().is_asking.set(true);
        let waiting = Rc::downgrade(link);
        wasm_bindgen_futures::spawn_local(async move {
            let is_authorized = JsFuture::from(answers).await.is_ok_and(are_there);
            if let Some(link) = waiting.upgrade() {
                link.driver().is_asking.set(false);
                drive(
                    &link,
                    if is_authorized {
                        Input::Authorized
                    } else {
                        Input::Denied
                    },
                );
            }
        });
    }
    drive(link, Input::Unauthorized(refusal));
    true
}
