//! What shows that a request is under way: the class `htmx-request` on the element or on those that `hx-indicator` names,
//! and `disabled` on those that `hx-disabled-elt` names.

use js_sys::WeakMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::browser::{dom, target};

const CLASS: &str = "htmx-request";
/// What tells an attribute that was set here from one that was there before; the name is htmx's.
const DISABLED_HERE: &str = "data-disabled-by-htmx";

thread_local! {
    static INDICATED: Counts = Counts::default();
    static DISABLED: Counts = Counts::default();
}

/// How many requests mark an element.
struct Counts(WeakMap);

impl Default for Counts {
    fn default() -> Self {
        Self(WeakMap::new())
    }
}

impl Counts {
    /// Counts one more or less, and returns how many there are.
    fn add(&self, element: &Element, change: f64) -> f64 {
        let key = element.unchecked_ref();
        let count = self.0.get(key).as_f64().unwrap_or(0.0) + change;
        self.0.set(key, &JsValue::from_f64(count));
        count
    }
}

/// The marks of a request, taken away when they are dropped.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    indicators: Vec<Element>,
    disabled: Vec<Element>,
}

impl Marks {
    /// Marks what an element's attributes say, own or inherited.
    pub(crate) fn set(element: &Element) -> Self {
        let indicators = target::named_by(element, "hx-indicator").unwrap_or_else(|| vec![element.clone()]);
        let mut marks = Self::indicating(indicators);
        let disabled = target::named_by(element, "hx-disabled-elt").unwrap_or_default();
        for element in &disabled {
            DISABLED.with(|counts| counts.add(element, 1.0));
            if !element.has_attribute("disabled") {
                let _ = element.set_attribute("disabled", "");
                let _ = element.set_attribute(DISABLED_HERE, "");
            }
        }
        marks.disabled = disabled;
        marks
    }

    /// Marks these and nothing else.
    pub(crate) fn indicating(indicators: Vec<Element>) -> Self {
        for indicator in &indicators {
            INDICATED.with(|counts| counts.add(indicator, 1.0));
            dom::add_class(indicator, CLASS);
        }
        Self {
            indicators,
            disabled: Vec::new(),
        }
    }

    /// Leaves the marks where they are, because the page is about to be left.
    pub(crate) fn keep(mut self) {
        self.indicators.clear();
        self.disabled.clear();
    }
}

impl Drop for Marks {
    fn drop(&mut self) {
        for indicator in &self.indicators {
            if INDICATED.with(|counts| counts.add(indicator, -1.0)) <= 0.0 {
                dom::remove_class(indicator, CLASS);
            }
        }
        for element in &self.disabled {
            let is_free = DISABLED.with(|counts| counts.add(element, -1.0)) <= 0.0;
            if is_free && element.has_attribute(DISABLED_HERE) {
                let _ = element.remove_attribute("disabled");
                let _ = element.remove_attribute(DISABLED_HERE);
            }
        }
    }
}
