//! Reading `hx-trigger` from an element, and what triggers one that has none.

use web_sys::Element;

use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::{diagnostics, markup};
use crate::grammar::{Trigger, TriggerEvent, TriggerList};

/// The `hx-trigger` of an element, or its natural trigger; `None` where it cannot be read.
pub(crate) fn triggers_of(element: &Element) -> Option<TriggerList> {
    let Some(text) = markup::own(element, "hx-trigger").filter(|text| !text.trim().is_empty()) else {
        return Some(natural(element));
    };
    let mut list = parse(element, &text)?;
    // Where streams are ignored, their messages trigger nothing (ACT-03).
    if markup::is_ignored(element, "sse") {
        let is_of_stream = |event: &TriggerEvent| matches!(event, TriggerEvent::Sse(_));
        list.0.retain(|trigger| !is_of_stream(&trigger.event));
    }
    Some(list)
}

/// Reads triggers for an element. What cannot be read is told on it (TRG-09).
///
/// DIFFERENCE: htmx skips the word that it does not understand and arms the rest, which then does something else than
/// what was meant.
pub(crate) fn parse(element: &Element, text: &str) -> Option<TriggerList> {
    match text.parse::<TriggerList>() {
        Ok(list) => Some(list),
        Err(error) => {
            let rest = text.get(error.offset()..).unwrap_or_default();
            let token = rest.split(char::is_whitespace).next().unwrap_or_default();
            diagnostics::report(element, &error.to_string());
            let detail = Detail::new()
                .with("token", token)
                .with("error", error.to_string());
            dispatch_error(element, "htmx:syntax:error", &detail);
            None
        }
    }
}

/// The trigger of an element that names none (WSS-01, WSS-31).
fn natural(element: &Element) -> TriggerList {
    let is_button = element
        .matches("input[type=button],input[type=submit],button")
        .unwrap_or(false);
    let name = match element.local_name().as_str() {
        "form" => "submit",
        "input" | "textarea" | "select" if !is_button => "change",
        _ => "click",
    };
    TriggerList(vec![Trigger::from(TriggerEvent::Dom(name.to_owned()))])
}
