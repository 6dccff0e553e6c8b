//! What users have entered and chosen, and when the server may change it.
//!
//! The browser keeps two things apart: the attribute is what the server has said, the property what the user made of
//! it. So a control keeps what its user entered for as long as the payload says what the page's attribute says already;
//! where it says something else, the server is followed. The control that has the focus is never written into: its
//! attribute waits, too, so that a later payload still finds the difference.
//!
//! DIFFERENCE: htmx writes the attribute of the focused control, and so the server's word is lost.

use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlInputElement, HtmlOptionElement};

use super::attributes::Difference;
use super::survey::Survey;
use crate::browser::dom;

#[wasm_bindgen]
extern "C" {
    /// A control whose text is not copied.
    #[wasm_bindgen(extends = Element)]
    type Control;

    #[wasm_bindgen(method, structural, getter)]
    fn value(this: &Control) -> JsString;

    #[wasm_bindgen(method, structural, catch, setter)]
    fn set_value(this: &Control, value: &JsString) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, getter, js_name = textContent)]
    fn text(this: &Control) -> JsString;
}

/// Inputs whose value is no text of the user's.
const NOT_WRITTEN: [&str; 8] = [
    "checkbox", "radio", "hidden", "submit", "button", "reset", "image", "file",
];

/// Whether an attribute of a control must wait until its user is elsewhere.
pub(super) fn waits(old: &Element, name: &str, attribute: &str, survey: &Survey) -> bool {
    match (name, attribute) {
        ("INPUT", "value") => survey.is_focused(old) && is_written(old),
        ("OPTION", "selected") => {
            let list = old.closest("select").ok().flatten();
            list.is_some_and(|list| survey.is_focused(&list))
        }
        _ => false,
    }
}

/// Lets the state of a control follow the attributes that have changed.
pub(super) fn follow(old: &Element, name: &str, differences: &[Difference]) {
    if name != "INPUT" {
        return;
    }
    for Difference { name, wanted, .. } in differences {
        match name.as_str() {
            "value" if is_written(old) => write(old, wanted.as_ref().unwrap_or(&JsString::from(""))),
            "checked" => old
                .unchecked_ref::<HtmlInputElement>()
                .set_checked(wanted.is_some()),
            _ => {}
        }
    }
}

/// Gives a text area the server's text, if that is another than before.
pub(super) fn write_text(old: &Element, new: &Element, survey: &Survey) {
    let text = new.unchecked_ref::<Control>().text();
    if survey.is_focused(old) || old.unchecked_ref::<Control>().text() == text {
        return;
    }
    dom::set_text(old, &text);
    write(old, &text);
}

fn write(element: &Element, text: &JsString) {
    let control = element.unchecked_ref::<Control>();
    // Writing what is there already would make it the user's.
    if control.value() != *text {
        let _ = control.set_value(text);
    }
}

fn is_written(input: &Element) -> bool {
    let kind = input.unchecked_ref::<HtmlInputElement>().type_();
    !NOT_WRITTEN.contains(&kind.as_str())
}

/// What is chosen in a list of options. Browsers choose anew whenever options come, go or move.
#[derive(Debug)]
pub(super) struct Choice {
    list: Element,
    chosen: Vec<HtmlOptionElement>,
    /// Whether the server says what it has said before.
    is_kept: bool,
}

impl Choice {
    pub(super) fn of(old: &Element, new: &Element, survey: &Survey) -> Self {
        Self {
            list: old.clone(),
            chosen: options(old, "option:checked"),
            is_kept: survey.is_focused(old) || said_by(old) == said_by(new),
        }
    }

    /// Chooses again what was chosen, or what the server says now.
    pub(super) fn restore(self, survey: &Survey) {
        if self.is_kept {
            let there = |option: &HtmlOptionElement| self.list.contains(Some(option));
            for option in self
                .chosen
                .iter()
                .filter(|option| there(option) && !option.selected())
            {
                option.set_selected(true);
            }
        } else if !survey.is_focused(&self.list) {
            for option in options(&self.list, "option") {
                let is_said = option.has_attribute("selected");
                if option.selected() != is_said {
                    option.set_selected(is_said);
                }
            }
        }
    }
}

/// What the server has chosen.
fn said_by(list: &Element) -> Vec<String> {
    let said = options(list, "option[selected]").into_iter();
    said.map(|option| option.value()).collect()
}

fn options(list: &Element, selector: &str) -> Vec<HtmlOptionElement> {
    let found = dom::select_all(list, selector).into_iter();
    found.map(JsCast::unchecked_into).collect()
}
