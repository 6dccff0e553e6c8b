//! `hx-get` and the other verbs in raw markup, under `sse:` and DOM triggers.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{elements, sse_source_of};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::markup;
use crate::browser::presence::EndsWith;
use crate::browser::request::{RequestHooks, Requester, Verb};
use crate::browser::trigger::{Firing, Reaction, Triggers, triggers_of};
use crate::grammar::{TriggerEvent, WsSpec};

const SELECTOR: &str = "[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete],[hx-trigger],\
    [data-hx-get],[data-hx-post],[data-hx-put],[data-hx-patch],[data-hx-delete],[data-hx-trigger]";

/// Makes verbs and naked triggers on and below the root live.
pub(crate) fn process(root: &Element) {
    for element in elements(root, SELECTOR, Kind::Http) {
        // A sender's trigger belongs to its sending.
        let socket = markup::own(&element, "hx-ws").and_then(|text| text.parse::<WsSpec>().ok());
        let sends = socket.is_some_and(|spec| spec.send);
        if !sends && Kind::Http.claim_as(&element, &says(&element)) {
            arm(&element);
        }
    }
}

/// What the markup asks for, to tell a change of it.
fn says(element: &Element) -> String {
    let trigger = markup::own(element, "hx-trigger");
    let verbs = Verb::ALL.map(|verb| markup::own(element, verb.attribute()));
    format!("{trigger:?} {verbs:?}")
}

fn arm(element: &Element) {
    let Some(mut list) = triggers_of(element) else {
        return;
    };
    // TRG-07: an element loads once, also if other markup has made it live before.
    if !is_first_time(element) {
        list.0.retain(|trigger| trigger.event != TriggerEvent::Load);
    }
    let verb = Verb::ALL
        .into_iter()
        .find_map(|verb| Some((verb, markup::own(element, verb.attribute())?)));
    let requester =
        verb.map(|(verb, url)| Requester::new(element, verb, &url, RequestHooks::default(), EndsWith::Page));
    let requesting = requester.clone();
    let reaction = Reaction::new(move |firing: &Firing| {
        // SST-08: a trigger without a verb requests nothing; scripts hear of it.
        if let Some(requester) = &requesting {
            requester.run(firing);
        }
    });
    let source = sse_source_of(element);
    let triggers = Triggers::arm(element, &list, source.as_ref(), reaction, EndsWith::Page);
    if let Some(requester) = &requester {
        requester.set_triggers(&triggers);
    }
    attach(element, Kind::Http, move || {
        triggers.disarm();
        if let Some(requester) = requester {
            requester.end();
        }
    });
}

fn is_first_time(element: &Element) -> bool {
    let name = JsValue::from_str("__liveLoaded");
    let is_known = Reflect::has(element, &name).unwrap_or(false);
    let _ = Reflect::set(element, &name, &JsValue::TRUE);
    !is_known
}
