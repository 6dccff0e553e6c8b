//! `hx-get` and the other verbs in markup, under `sse:` and DOM triggers.

use std::rc::Rc;

use web_sys::Element;

use super::sse_source_of;
use super::ws::{sends, triggers_of};
use crate::browser::live_elements::{Kind, attach};
use crate::browser::request::{Requester, Verb};
use crate::browser::trigger::{Action, Reaction, Triggers};
use crate::browser::{markup, view_elements};

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
        view_elements::ends_with(element),
    );
    attach(element, Kind::Http, move || {
        triggers.disarm();
        if let Some(requester) = requester {
            requester.abort();
        }
    });
}
