//! What an element sends: the values of its form and its controls.
//!
//! `FormData` of the browser knows what counts in a form (VAL-03): controls without a name, disabled ones, unchecked boxes
//! and buttons that were not clicked are left out. For controls outside of forms the same is asked here.

use std::collections::{HashMap, HashSet};

use js_sys::{Array, JSON, Object, Set};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Element, File, FormData, HtmlElement, HtmlFormElement};

use super::{diagnostics, dom, json_values, markup, plain_form, target};
use crate::grammar::Params;

#[wasm_bindgen]
extern "C" {
    /// Form data that takes a value of any kind without a copy through wasm memory.
    #[wasm_bindgen(extends = FormData)]
    type Fields;

    #[wasm_bindgen(method, structural, catch)]
    fn append(this: &Fields, name: &str, value: &JsValue) -> Result<(), JsValue>;
}

/// Named values in order; a name may occur several times (WSS-09). Those of `hx-vals` keep their types (WSS-24).
#[derive(Clone, Debug)]
pub(crate) struct FormValues {
    origin: Element,
    pairs: Vec<(String, JsValue)>,
}

/// Which of an element's surroundings it speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Its form, or what is inside of it (VAL-01, VAL-13).
    Form,
    /// Itself alone, as with a GET.
    Itself,
}

impl FormValues {
    /// What an element sends over a socket when it was triggered, with the button that submitted it, as two objects: those
    /// that `hx-params` lets go along, and all of them (VAL-09).
    ///
    /// `form` is the element itself, if it is one, and `is_plain` is asked about it at most once, right before its values
    /// are put together: the form's listeners have said what they add.
    pub(crate) fn objects(
        element: &Element,
        form: Option<&HtmlFormElement>,
        submitter: Option<&HtmlElement>,
        is_plain: impl FnOnce() -> bool,
    ) -> (Object, Object) {
        // A button without a name adds nothing.
        let form = form.filter(|_| submitter.is_none_or(plain_form::is_nameless));
        let data = form.and_then(|form| FormData::new_with_form(form).ok());
        if let Some(plain) = data.as_ref().filter(|_| is_plain()).and_then(plain_form::objects) {
            return plain;
        }
        let found = Found {
            data,
            ..Found::default()
        };
        let values = Self::gather(found, element, Scope::Form, submitter);
        (values.allowed().into_object(), values.into_object())
    }

    /// What an element sends: its form, itself, the button, `hx-include`, `hx-vals`.
    ///
    /// Values of the form take the place of others with the same name (VAL-02), those of `hx-vals` the place of all.
    pub(crate) fn within(element: &Element, scope: Scope, submitter: Option<&HtmlElement>) -> Self {
        Self::gather(Found::default(), element, scope, submitter)
    }

    fn gather(mut found: Found, element: &Element, scope: Scope, submitter: Option<&HtmlElement>) -> Self {
        let form = form_of(element).filter(|_| scope == Scope::Form);
        let is_container = form.is_none() && scope == Scope::Form && !is_control(element);
        if let Some(form) = form {
            found.add(&form, Rank::First);
        }
        found.add(element, Rank::Later);
        if is_container {
            found.add_inside(element);
        }
        // WSS-11: a button sends its own name and value, as if it had been clicked.
        let is_button = element
            .matches("button,input[type=submit],input[type=button]")
            .unwrap_or(false);
        match submitter {
            Some(button) => found.add_button(button),
            None if is_button => found.add_button(element),
            None => {}
        }
        for included in target::named_by(element, "hx-include").unwrap_or_default() {
            found.add(&included, Rank::Later);
            if included.local_name() != "form" {
                found.add_inside(&included);
            }
        }
        let mut values = Self {
            origin: element.clone(),
            pairs: found.into_pairs(),
        };
        // DIFFERENCE: `hx-vars` are expressions, and nothing is evaluated (decision 15).
        if let Some((text, carrier)) = markup::inherited(element, "hx-vars") {
            let message =
                format!("hx-vars: expected `hx-vals` with a JSON object, found expressions ({text})");
            diagnostics::report(&carrier, &message);
        }
        // VAL-08: they replace form values of the same name (WSS-08).
        values.override_by(json_values::inherited(element, "hx-vals"));
        values
    }

    /// Puts values in the place of those with the same names.
    pub(crate) fn override_by(&mut self, values: Vec<(String, JsValue)>) {
        let names: HashSet<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        self.pairs.retain(|(name, _)| !names.contains(name.as_str()));
        self.pairs.extend(values);
    }

    /// Those that `hx-params` lets go along, own or inherited (VAL-09).
    pub(crate) fn allowed(&self) -> Self {
        let params = match markup::inherited(&self.origin, "hx-params") {
            None => Params::All,
            Some((text, carrier)) => text.parse().unwrap_or_else(|error| {
                // Whatever it was to hold back must not go along.
                diagnostics::report(&carrier, &format!("{error}"));
                Params::None
            }),
        };
        let pairs = self.pairs.iter().filter(|(name, _)| params.allows(name));
        Self {
            origin: self.origin.clone(),
            pairs: pairs.cloned().collect(),
        }
    }

    /// As the fields of a form. Lists become repeated names, and other objects JSON, as in htmx.
    pub(crate) fn into_form_data(self) -> Option<FormData> {
        let fields: Fields = FormData::new().ok()?.unchecked_into();
        for (name, value) in self.pairs {
            append_to(&fields, &name, &value);
        }
        Some(fields.unchecked_into())
    }

    /// One object for a socket, in which repeated names hold arrays (VAL-04). Files are in it as they are.
    pub(crate) fn into_object(self) -> Object {
        let (entries, mut places) = (Array::new(), HashMap::<String, (Array, bool)>::new());
        for (name, value) in self.pairs {
            match places.get_mut(&name) {
                None => {
                    let entry = Array::of2(&JsValue::from_str(&name), &value);
                    entries.push(&entry);
                    places.insert(name, (entry, false));
                }
                Some((entry, true)) => {
                    entry.get(1).unchecked_into::<Array>().push(&value);
                }
                Some((entry, is_list)) => {
                    entry.set(1, Array::of2(&entry.get(1), &value).into());
                    *is_list = true;
                }
            }
        }
        Object::from_entries(&entries).unwrap_or_default()
    }
}

/// Appends a value as htmx does: a list one by one, any other object as JSON, but for files.
pub(crate) fn append(data: &FormData, name: &str, value: &JsValue) {
    append_to(data.unchecked_ref(), name, value);
}

fn append_to(fields: &Fields, name: &str, value: &JsValue) {
    if let Some(list) = value.dyn_ref::<Array>() {
        for value in list.iter() {
            append_to(fields, name, &value);
        }
        return;
    }
    let is_object = value.is_object() || value.is_null();
    // Appending fails for nothing that can be a value here.
    let _ = if is_object && !value.is_instance_of::<Blob>() {
        let json = JSON::stringify(value).map_or(JsValue::UNDEFINED, JsValue::from);
        fields.append(name, &json)
    } else {
        fields.append(name, value)
    };
}

/// Whose values win.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    /// The form's and the button's (VAL-02).
    First,
    Later,
}

#[derive(Debug)]
struct Entry {
    name: String,
    value: JsValue,
    rank: Rank,
    control: Option<Element>,
}

/// Values on their way, each control once (VAL-05).
#[derive(Debug)]
struct Found {
    entries: Vec<Entry>,
    seen: Set,
    /// What the form has said already: asking it tells its listeners.
    data: Option<FormData>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            seen: Set::new(&JsValue::UNDEFINED),
            data: None,
        }
    }
}

impl Found {
    fn add(&mut self, element: &Element, rank: Rank) {
        let owner = is_control(element).then(|| owner_of(element)).flatten();
        let is_known = |element: &JsValue| self.seen.has(element);
        if is_known(element) || owner.is_some_and(|form| is_known(&form)) {
            return;
        }
        self.seen.add(element);
        match element.dyn_ref::<HtmlFormElement>() {
            Some(form) => self.add_form(form, rank),
            None => self.add_control(element, rank),
        }
    }

    /// VAL-06: every control below an element that is no form.
    fn add_inside(&mut self, element: &Element) {
        for control in dom::select_all(element, "input,textarea,select") {
            self.add(&control, Rank::Later);
        }
    }

    fn add_form(&mut self, form: &HtmlFormElement, rank: Rank) {
        // Controls that have come by themselves come again, in their places.
        let is_of_form = |control: &Element| owner_of(control).is_some_and(|owner| owner == *form);
        self.entries
            .retain(|entry| !entry.control.as_ref().is_some_and(is_of_form));
        let made = self.data.take();
        let Some(data) = made.or_else(|| FormData::new_with_form(form).ok()) else {
            return;
        };
        for entry in data.entries().into_iter().flatten() {
            let entry: Array = entry.unchecked_into();
            let value = entry.get(1);
            // A file input without a file has one without a name.
            if value.dyn_ref::<File>().is_some_and(|file| file.name().is_empty()) {
                continue;
            }
            self.push(entry.get(0).as_string(), value, rank, None);
        }
    }

    fn add_button(&mut self, button: &Element) {
        // WSS-10: also a button outside the form that names it by its `form` attribute.
        let value = dom::property(button, "value");
        self.push(button.get_attribute("name"), value, Rank::First, None);
    }

    /// A single control outside of a form that sends (VAL-12).
    fn add_control(&mut self, control: &Element, rank: Rank) {
        let is_left_out = control
            .matches(":disabled,[type=button],[type=submit],[type=image],[type=reset],button")
            .unwrap_or(true);
        let is_box = matches!(
            dom::property(control, "type").as_string().as_deref(),
            Some("checkbox" | "radio")
        );
        if is_left_out || (is_box && !dom::property(control, "checked").is_truthy()) {
            return;
        }
        let name = dom::property(control, "name").as_string();
        let files = dom::property(control, "files");
        let selected = dom::property(control, "selectedOptions");
        let values = if files.is_object() {
            Array::from(&files)
        } else if dom::property(control, "multiple").is_truthy() && selected.is_object() {
            let options = Array::from(&selected);
            options
                .iter()
                .map(|option| dom::property(&option, "value"))
                .collect()
        } else {
            Array::of1(&dom::property(control, "value"))
        };
        for value in values.iter().filter(|value| !value.is_undefined()) {
            self.push(name.clone(), value, rank, Some(control.clone()));
        }
    }

    fn push(&mut self, name: Option<String>, value: JsValue, rank: Rank, control: Option<Element>) {
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            self.entries.push(Entry {
                name,
                value,
                rank,
                control,
            });
        }
    }

    fn into_pairs(self) -> Vec<(String, JsValue)> {
        let (first, later): (Vec<_>, Vec<_>) = self
            .entries
            .into_iter()
            .partition(|entry| entry.rank == Rank::First);
        let names: HashSet<String> = first.iter().map(|entry| entry.name.clone()).collect();
        let later = later.into_iter().filter(|entry| !names.contains(&entry.name));
        later
            .chain(first)
            .map(|entry| (entry.name, entry.value))
            .collect()
    }
}

/// The form that an element belongs to: itself, the one it names, or the one around it (VAL-01).
pub(crate) fn form_of(element: &Element) -> Option<HtmlFormElement> {
    if let Some(form) = element.dyn_ref::<HtmlFormElement>() {
        return Some(form.clone());
    }
    if is_control(element) {
        owner_of(element)
    } else {
        element.closest("form").ok()??.dyn_into().ok()
    }
}

/// The form that the browser has given a control, also by its `form` attribute.
fn owner_of(control: &Element) -> Option<HtmlFormElement> {
    dom::property(control, "form").dyn_into().ok()
}

/// Whether it is a form: the class says so in one step, without a copy of the element's name.
pub(crate) fn is_form(element: &Element) -> bool {
    element.is_instance_of::<HtmlFormElement>()
}

fn is_control(element: &Element) -> bool {
    matches!(
        element.local_name().as_str(),
        "input" | "select" | "textarea" | "button"
    )
}
