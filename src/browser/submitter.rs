//! The button by which a form is submitted (VAL-07).

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, SubmitEvent};

use super::form_values::form_of;
use super::page;

/// What submits the form that it belongs to.
pub(crate) const BUTTONS: &str =
    "button:not([type=button]):not([type=reset]),input[type=submit],input[type=image]";

/// The button that speaks for a form: the one that the event names, the one that was clicked, or else the one that has
/// the focus, as somebody who came there by the keyboard means it.
///
/// DIFFERENCE: htmx notes clicks and focus by listeners of its own, and so forgets the clicked one when the focus goes.
pub(crate) fn of(form: &Element, event: Option<&Event>) -> Option<HtmlElement> {
    if let Some(submitted) = event.and_then(|event| event.dyn_ref::<SubmitEvent>())
        && let Some(button) = submitted.submitter()
    {
        return Some(button);
    }
    if form.local_name() != "form" {
        return None;
    }
    let clicked = event.filter(|event| event.type_() == "click").and_then(|event| {
        event
            .target()?
            .dyn_into::<Element>()
            .ok()?
            .closest(BUTTONS)
            .ok()?
    });
    let focused = || page::document()?.active_element()?.closest(BUTTONS).ok()?;
    let button = clicked.or_else(focused)?;
    let is_of_form = form_of(&button).is_some_and(|owner| owner == *form.unchecked_ref());
    is_of_form.then(|| button.dyn_into().ok()).flatten()
}
