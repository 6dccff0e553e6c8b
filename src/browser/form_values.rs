//! What an element sends: the values of its form and its controls, in the order of the page.
//!
//! `FormData` of the browser knows what counts (VAL-03): controls without a name, disabled ones,
//! unchecked boxes and buttons that were not clicked are left out.

use js_sys::Array;
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, File, FormData, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{diagnostics, dom, markup};

/// Named values in order; a name may occur several times (WSS-09).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FormValues {
    pairs: Vec<(String, Value)>,
    /// The files among them, which are no text; what becomes of them is up to the sender (WSS-28).
    pub(crate) files: Vec<(String, File)>,
}

impl FormValues {
    /// What an element sends when it was triggered, with the button that submitted it.
    pub(crate) fn collect(element: &Element, submitter: Option<&HtmlElement>) -> Self {
        let mut values = Self::default();
        match form_of(element) {
            Some(form) => values.add_form(&form, submitter),
            None if is_control(element) => values.add_control(element),
            // VAL-13, CON-16: a container sends every control inside it.
            None => {
                for control in dom::select_all(element, "input[name],select[name],textarea[name]") {
                    values.add_control(&control);
                }
            }
        }
        // WSS-11: a button outside a form sends its own name and value, one inside counts as clicked.
        let is_button = element
            .matches("button,input[type=submit],input[type=button]")
            .unwrap_or(false);
        if submitter.is_none() && is_button {
            values.add_button(element);
        }
        values.override_by_vals(element);
        values
    }

    /// What an element's HTTP request carries. A GET carries only what is the element's own.
    pub(crate) fn of_request(element: &Element, is_get: bool) -> Self {
        let values = if is_get && element.local_name() != "form" {
            let mut values = Self::default();
            values.add_control(element);
            values.override_by_vals(element);
            values
        } else {
            Self::collect(element, None)
        };
        for (name, _) in &values.files {
            let message =
                format!("expected text values in a request, found a file in {name:?}; it is left out");
            diagnostics::report(element, &message);
        }
        values
    }

    fn add_form(&mut self, form: &HtmlFormElement, submitter: Option<&HtmlElement>) {
        let Ok(data) = FormData::new_with_form(form) else {
            return;
        };
        for entry in data.entries().into_iter().flatten() {
            let entry: Array = entry.unchecked_into();
            let Some(name) = entry.get(0).as_string() else {
                continue;
            };
            match entry.get(1).dyn_into::<File>() {
                Ok(file) => self.add_file(name, file),
                Err(value) => self.push(name, value.as_string().unwrap_or_default()),
            }
        }
        if let Some(submitter) = submitter {
            self.add_button(submitter);
        }
    }

    /// A control without a chosen file holds a nameless one.
    fn add_file(&mut self, name: String, file: File) {
        if !file.name().is_empty() {
            self.files.push((name, file));
        }
    }

    fn add_button(&mut self, button: &Element) {
        // WSS-10: also a button outside the form that names it by its `form` attribute.
        if let Some(name) = button.get_attribute("name").filter(|name| !name.is_empty()) {
            self.push(name, button.get_attribute("value").unwrap_or_default());
        }
    }

    /// A single control outside forms, read by a form made for it (VAL-12).
    fn add_control(&mut self, control: &Element) {
        let Some(name) = control.get_attribute("name").filter(|name| !name.is_empty()) else {
            return;
        };
        if control
            .matches(":disabled,[type=button],[type=submit],button")
            .unwrap_or(true)
        {
            return;
        }
        if let Some(chosen) = control
            .dyn_ref::<HtmlInputElement>()
            .and_then(HtmlInputElement::files)
        {
            for file in (0..chosen.length()).filter_map(|index| chosen.get(index)) {
                self.add_file(name.clone(), file);
            }
            return;
        }
        if control
            .matches("[type=checkbox]:not(:checked),[type=radio]:not(:checked)")
            .unwrap_or(true)
        {
            return;
        }
        if let Some(value) = value_of(control) {
            self.push(name, value);
        }
    }

    /// `hx-vals`, own and inherited, of which the nearest wins: they replace form values of the same name (WSS-08,
    /// VAL-08).
    fn override_by_vals(&mut self, element: &Element) {
        let mut vals = Map::new();
        for (text, carrier) in markup::inherited_all(element, "hx-vals") {
            let braced = if text.trim_start().starts_with('{') {
                text.clone()
            } else {
                format!("{{{text}}}")
            };
            // DIFFERENCE: `js:` values are not evaluated (decision 15).
            match serde_json::from_str::<Map<String, Value>>(&braced) {
                Ok(own) => {
                    for (name, value) in own {
                        vals.entry(name).or_insert(value);
                    }
                }
                Err(error) => diagnostics::report(
                    &carrier,
                    &format!("hx-vals: expected a JSON object, found {text:?} ({error})"),
                ),
            }
        }
        self.pairs.retain(|(name, _)| !vals.contains_key(name));
        self.files.retain(|(name, _)| !vals.contains_key(name));
        // WSS-24: numbers and booleans keep their type.
        self.pairs.extend(vals);
    }

    fn push(&mut self, name: String, value: String) {
        self.pairs.push((name, Value::String(value)));
    }

    /// Names and texts, for a request.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.pairs
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    /// The pairs as the body of a request.
    pub(crate) fn urlencoded(&self) -> String {
        let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
        let pairs: Vec<_> = self
            .pairs()
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        pairs.join("&")
    }

    /// One object, in which repeated names hold arrays (VAL-04).
    pub(crate) fn into_object(self) -> Map<String, Value> {
        let mut object = Map::new();
        for (name, value) in self.pairs {
            match object.get_mut(&name) {
                None => drop(object.insert(name, value)),
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        object
    }
}

/// The form that an element belongs to: itself, the one it names, or the one around it (VAL-01).
pub(crate) fn form_of(element: &Element) -> Option<HtmlFormElement> {
    let form = match element.get_attribute("form").filter(|_| is_control(element)) {
        Some(id) => element.owner_document()?.get_element_by_id(&id),
        None => element.closest("form").ok()?,
    };
    form?.dyn_into().ok()
}

fn is_control(element: &Element) -> bool {
    matches!(
        element.local_name().as_str(),
        "input" | "select" | "textarea" | "button"
    )
}

fn value_of(control: &Element) -> Option<String> {
    js_sys::Reflect::get(control, &JsValue::from_str("value"))
        .ok()?
        .as_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn val_04_repeated_names_become_arrays() {
        let mut values = FormValues::default();
        for (name, value) in [("text", "hi"), ("tag", "a"), ("tag", ""), ("tag", "c")] {
            values.push(name.to_owned(), value.to_owned());
        }
        let object = Value::Object(values.into_object()).to_string();
        assert_eq!(object, r#"{"tag":["a","","c"],"text":"hi"}"#);
    }
}
