//! `hx-get` and the other verbs in markup, under `sse:` and DOM triggers.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::sse_source_of;
use super::ws::sends;
use crate::browser::live_elements::{Kind, attach};
use crate::browser::request::{RequestHooks, Requester, Verb};
use crate::browser::trigger::{Firing, Reaction, Triggers, triggers_of};
use crate::browser::{markup, view_elements};
use crate::grammar::TriggerEvent;

/// Makes the elements live that have a verb or a naked trigger.
pub(crate) fn process(elements: &[Element]) {
    for element in elements {
        let says = says(element).filter(|_| !sends(element));
        if Kind::Http.restart_as(element, says.as_deref()) {
            arm(element);
        }
    }
}

/// What the markup asks for, to tell a change of it.
fn says(element: &Element) -> Option<String> {
    let trigger = markup::own(element, "hx-trigger");
    let verbs = Verb::ALL.map(|verb| markup::own(element, verb.attribute()));
    let is_any = trigger.is_some() || verbs.iter().any(Option::is_some);
    is_any.then(|| format!("{trigger:?} {verbs:?}"))
}

fn arm(element: &Element) {
    let Some(mut list) = triggers_of(element) else {
        return;
    };
    // TRG-07: an element loads once, also if other markup has made it live before.
    if !is_first_time(element) {
        list.0.retain(|trigger| trigger.event != TriggerEvent::Load);
    }
    let arrival = view_elements::arrival(element);
    let requester = Verb::on(element).map(|(verb, url)| {
        let url = Box::new(move || url.clone());
        Requester::new(element, verb, url, RequestHooks::default(), arrival.ends_with())
    });
    let requesting = requester.clone();
    let reaction = Reaction::new(move |firing: &Firing| {
        // SST-08: a trigger without a verb requests nothing; scripts hear of it.
        if let Some(requester) = &requesting {
            requester.run(firing);
        }
    });
    let source = sse_source_of(element);
    let triggers = Triggers::arm(element, &list, source.as_ref(), reaction, arrival);
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
