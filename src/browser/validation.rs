//! Asking the browser whether a form may be sent (VAL-10, WSS-13).

use js_sys::{Array, JsString};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlElement, HtmlFormElement, ValidityState};

use super::dom_events::{Detail, dispatch};
use super::event_names::VALIDATE;
use super::form_values::form_of;
use super::{dom, markup};

/// What is wrong with the element's values, each as `{elt, message, validity}`; empty where nothing is, or nobody
/// asked. `form` is the element itself, if it is one.
pub(crate) fn errors(
    element: &Element,
    form: Option<&HtmlFormElement>,
    submitter: Option<&HtmlElement>,
) -> Array {
    let errors = Array::new();
    for control in checked(element, form, submitter) {
        check(&control, &errors);
    }
    errors
}

/// Tells the page that nothing is sent over a socket, and shows the user what is wrong, as with a form that the browser
/// submits.
pub(crate) fn halt(element: &Element, errors: Array) {
    // WSV-03: the detail is the list itself.
    halt_with(element, &Detail::of(errors.into()));
}

/// The same of a request, whose detail is that of `htmx:configRequest`, with the list as `errors`.
pub(crate) fn halt_request(element: &Element, config: &Detail) {
    halt_with(element, config);
}

fn halt_with(element: &Element, detail: &Detail) {
    if let Some(form) = form_of(element) {
        form.report_validity();
    }
    dispatch(element, "htmx:validation:halted", detail);
}

/// The controls to check: those of a form that does not waive it, or of any sender that asks for it.
fn checked(
    element: &Element,
    own: Option<&HtmlFormElement>,
    submitter: Option<&HtmlElement>,
) -> Vec<Element> {
    let asked = || markup::own(element, "hx-validate").is_some_and(|value| value == "true");
    let waived = submitter.is_some_and(|button| button.has_attribute("formnovalidate"));
    match own.cloned().or_else(|| form_of(element)) {
        Some(form) => {
            let is_form = own.is_some() && !dom::waives_validation(&form);
            let controls = ((is_form && !waived) || asked()).then(|| dom::controls_of(&form));
            // Those that name the form by their `form` attribute are among them.
            controls.map_or_else(Vec::new, |all| {
                (0..all.length()).filter_map(|i| all.item(i)).collect()
            })
        }
        None if asked() => vec![element.clone()],
        None => Vec::new(),
    }
}

#[wasm_bindgen]
extern "C" {
    /// A control of the browser's own, with no guard against what it does not throw.
    type Control;

    #[wasm_bindgen(method, structural, getter, js_name = willValidate)]
    fn will_validate(this: &Control) -> bool;

    #[wasm_bindgen(method, structural, getter, js_name = validity)]
    fn validity(this: &Control) -> ValidityState;
}

thread_local! {
    static VALIDITY: JsString = "validity".into();
    static WILL_VALIDATE: JsString = "willValidate".into();
    /// The controls of the browser's own. A custom element is asked with more care: what answers is code of the page.
    static OWN_CONTROLS: JsString = "button,fieldset,input,object,output,select,textarea".into();
}

fn check(control: &Element, errors: &Array) {
    let own = OWN_CONTROLS.with(|selector| dom::is_a(control, selector));
    let own = own.then(|| control.unchecked_ref::<Control>());
    // Disabled controls, and buttons that submit nothing, are not asked.
    let is_asked = own.map_or_else(
        || dom::property(control, &WILL_VALIDATE).is_truthy(),
        Control::will_validate,
    );
    if !is_asked {
        return;
    }
    // A listener may set a custom validity here.
    dispatch(control, &VALIDATE, &Detail::new());
    let validity = match own {
        Some(own) => own.validity(),
        None => match dom::property(control, &VALIDITY).dyn_into() {
            Ok(validity) => validity,
            Err(_) => return,
        },
    };
    if validity.valid() {
        return;
    }
    let message = dom::property(control, "validationMessage");
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
