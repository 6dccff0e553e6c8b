//! Attributes: what two elements differ in, and taking it over. Values stay JavaScript strings.

use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::browser::diagnostics;
use crate::browser::swap::defaults::defaults;

#[wasm_bindgen]
extern "C" {
    /// An element seen as what has attributes.
    #[wasm_bindgen(extends = Element)]
    type Attributed;

    #[wasm_bindgen(method, structural, js_name = getAttribute)]
    fn value(this: &Attributed, name: &JsString) -> Option<JsString>;

    #[wasm_bindgen(method, structural, catch, js_name = setAttribute)]
    fn set_value(this: &Attributed, name: &JsString, value: &JsString) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, js_name = removeAttribute)]
    fn remove_value(this: &Attributed, name: &JsString);
}

/// An attribute that is to change.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) name: String,
    /// What it is to be; nothing, if it goes.
    pub(super) wanted: Option<JsString>,
    key: JsString,
}

/// What would have to change about the first element for it to have the attributes of the second.
pub(super) fn differences(old: &Element, new: &Element) -> Vec<Difference> {
    let (attributed, wanted) = (
        old.unchecked_ref::<Attributed>(),
        new.unchecked_ref::<Attributed>(),
    );
    let mut found = Vec::new();
    let mut shared = 0;
    for key in new.get_attribute_names().iter() {
        let key: JsString = key.unchecked_into();
        let (present, wanted) = (attributed.value(&key), wanted.value(&key));
        shared += u32::from(present.is_some());
        if present != wanted {
            found.extend(Difference::new(key, present, wanted));
        }
    }
    let names = old.get_attribute_names();
    if names.length() > shared {
        for key in names.iter() {
            let key: JsString = key.unchecked_into();
            if wanted.value(&key).is_none() {
                found.extend(Difference::new(key.clone(), attributed.value(&key), None));
            }
        }
    }
    found
}

impl Difference {
    fn new(key: JsString, present: Option<JsString>, wanted: Option<JsString>) -> Option<Self> {
        let name = String::from(&key);
        let wanted = match &present {
            Some(present) if name == "class" => with_own_classes(present, wanted),
            _ => wanted,
        };
        (present != wanted).then_some(Self { name, wanted, key })
    }

    pub(super) fn apply(&self, old: &Element, new: &Element) {
        let attributed = old.unchecked_ref::<Attributed>();
        let Some(wanted) = &self.wanted else {
            attributed.remove_value(&self.key);
            return;
        };
        // A parser makes attributes that scripts may not name, and those that have a namespace (`xlink:href`).
        let is_plain = !self.name.contains(':') && attributed.set_value(&self.key, wanted).is_ok();
        if !is_plain && !hand_over(old, new, &self.name) {
            let message = format!(
                "morph: expected the browser to take the attribute `{}`, it refused",
                self.name
            );
            diagnostics::report(old, &message);
        }
    }
}

/// Moves the attribute itself from one element to the other.
fn hand_over(old: &Element, new: &Element, name: &str) -> bool {
    let Some(attribute) = new.get_attribute_node(name) else {
        return false;
    };
    new.remove_attribute_node(&attribute).is_ok() && old.set_attribute_node(&attribute).is_ok()
}

/// The wanted classes and those that the runtime has set for a while, such as `htmx-request` and `htmx-settling`.
fn with_own_classes(present: &JsString, wanted: Option<JsString>) -> Option<JsString> {
    let present = String::from(present);
    let names = defaults();
    let own = present
        .split_whitespace()
        .filter(|class| class.starts_with("htmx-") || names.has_class(class));
    let own: Vec<_> = own.collect();
    if own.is_empty() {
        return wanted;
    }
    let mut classes = wanted.map(|wanted| String::from(&wanted)).unwrap_or_default();
    for class in own {
        if !classes.split_whitespace().any(|known| known == class) {
            classes.extend((!classes.is_empty()).then_some(' '));
            classes.push_str(class);
        }
    }
    Some(classes.into())
}
