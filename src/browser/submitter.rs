//! The button by which a form is submitted (VAL-07).

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, SubmitEvent};

use super::form_values::form_of;
use super::{dom, page};

/// What submits the form that it belongs to.
const BUTTONS: &str = "button:not([type=button]):not([type=reset]),input[type=submit],input[type=image]";

thread_local! {
    static AROUND: JsString = BUTTONS.into();
}

/// The button that speaks for a form: the one that the event names, the one that was clicked, or else the one that has
/// the focus, as somebody who came there by the keyboard means it.
///
/// `form` is the element that acts, if it is one.
///
/// DIFFERENCE: htmx notes clicks and focus by listeners of its own, and so forgets the clicked one when the focus goes.
pub(crate) fn of(form: Option<&HtmlFormElement>, event: Option<&Event>) -> Option<HtmlElement> {
    let submitted = event.and_then(|event| event.dyn_ref::<SubmitEvent>());
    if let Some(button) = submitted.and_then(SubmitEvent::submitter) {
        return Some(button);
    }
    let form = form?;
    let is_click = |event: &&Event| submitted.is_none() && event.type_() == "click";
    let clicked = event.filter(is_click).and_then(clicked);
    let focused = || around(&page::document()?.active_element()?);
    let button = clicked.or_else(focused)?;
    let is_of_form = form_of(&button).is_some_and(|owner| owner == *form);
    is_of_form.then(|| button.dyn_into().ok()).flatten()
}

/// The button that a click was on.
pub(crate) fn clicked(click: &Event) -> Option<Element> {
    around(&click.target()?.dyn_into().ok()?)
}

/// The button that an element is, or stands in.
pub(crate) fn around(element: &Element) -> Option<Element> {
    AROUND.with(|buttons| dom::closest(element, buttons))
}
