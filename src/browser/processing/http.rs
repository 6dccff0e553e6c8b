//! `hx-get` and the other verbs in raw markup, under `sse:` and DOM triggers.

use std::rc::Rc;

use web_sys::Element;

use super::ws::triggers_of;
use super::{elements, sse_source_of};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::markup;
use crate::browser::presence::EndsWith;
use crate::browser::request::{Requester, Verb};
use crate::browser::trigger::{Action, Reaction, Triggers};
use crate::grammar::WsSpec;

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
    let Some(list) = triggers_of(element) else { return };
    let verb = Verb::ALL
        .into_iter()
        .find_map(|verb| Some((verb, markup::own(element, verb.attribute())?)));
    let requester = verb.map(|(verb, url)| Requester::new(element, verb, &url, None));
    let action: Action = match &requester {
        Some(requester) => {
            let requester = Rc::clone(requester);
            Rc::new(move |_| requester.run())
        }
        // SST-08: a trigger without a verb requests nothing; scripts hear of it.
        None => Rc::new(|_| {}),
    };
    let triggers = Triggers::arm(
        element,
        &list,
        sse_source_of(element).as_ref(),
        Reaction {
            admits: None,
            act: action,
        },
        EndsWith::Page,
    );
    attach(element, Kind::Http, move || {
        triggers.disarm();
        if let Some(requester) = requester {
            requester.abort();
        }
    });
}
