//! Asking the browser whether a form may be sent (VAL-10, WSS-13).

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlFormElement};

use super::dom_events::{Detail, dispatch};
use super::form_values::form_of;
use super::{dom, markup};

/// Whether the element's values are valid; if not, the page is told why and shows it.
pub(crate) fn passes(element: &Element, submitter: Option<&HtmlElement>) -> bool {
    let Some(form) = checked_form(element, submitter) else {
        return true;
    };
    let errors = Array::new();
    for control in dom::select_all(&form, "input,select,textarea") {
        check(&control, &errors);
    }
    if errors.length() == 0 {
        return true;
    }
    // The user sees what is wrong, as with a form that the browser submits itself.
    form.report_validity();
    dispatch(
        element,
        "htmx:validation:halted",
        &Detail::new().with("errors", errors),
    );
    false
}

fn checked_form(element: &Element, submitter: Option<&HtmlElement>) -> Option<HtmlFormElement> {
    let form = form_of(element)?;
    let asked = markup::own(element, "hx-validate").is_some_and(|value| value == "true");
    let is_form = element.local_name() == "form" && !form.no_validate();
    let waived = submitter.is_some_and(|button| button.has_attribute("formnovalidate"));
    (asked || (is_form && !waived)).then_some(form)
}

fn check(control: &Element, errors: &Array) {
    // A listener may set a custom validity here.
    dispatch(control, "htmx:validation:validate", &Detail::new());
    let field = |name: &str| Reflect::get(control, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let Ok(validity) = field("validity").dyn_into::<web_sys::ValidityState>() else {
        return;
    };
    if validity.valid() || field("disabled").is_truthy() {
        return;
    }
    let message = field("validationMessage");
    let detail = Detail::new()
        .with("message", message.clone())
        .with("validity", validity.clone());
    dispatch(control, "htmx:validation:failed", &detail);
    let error = Detail::new()
        .with("elt", control.clone())
        .with("message", message)
        .with("validity", validity);
    errors.push(&error.into_value());
}
