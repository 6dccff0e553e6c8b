//! Focus and selection survive a swap that replaces the focused element by one with the same id (SET-08).

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::browser::{dom, page};

/// The focused element with the selection in it.
#[derive(Debug)]
pub(super) struct Focus {
    element: Element,
    selection: Option<(JsValue, JsValue)>,
}

impl Focus {
    /// What has the focus now, if it can be found again.
    pub(super) fn now() -> Option<Self> {
        let element = page::document()?.active_element()?;
        if dom::own_id(&element).is_none_or(|id| id.length() == 0) {
            return None;
        }
        let field = |name: &str| Reflect::get(&element, &JsValue::from_str(name)).ok();
        // Controls without a text in them have the properties as well, as null.
        let selection = field("selectionStart")
            .zip(field("selectionEnd"))
            .filter(|(start, _)| start.as_f64().is_some());
        Some(Self { element, selection })
    }

    /// Gives it to the element that has come in its place.
    pub(super) fn restore(self, may_scroll: bool) {
        if self.element.is_connected() {
            return;
        }
        let successor =
            page::document().and_then(|document| document.get_element_by_id(&dom::id_of(&self.element)));
        let Some(successor) = successor else { return };
        if let Some((start, end)) = self.selection {
            // A control of another kind may have no selection; then there is none to restore.
            let _ = method(&successor, "setSelectionRange").map(|set| set.call2(&successor, &start, &end));
        }
        let options = Object::new();
        let _ = Reflect::set(&options, &"preventScroll".into(), &(!may_scroll).into());
        let _ = method(&successor, "focus").map(|focus| focus.call1(&successor, &options));
    }
}

fn method(element: &Element, name: &str) -> Option<Function> {
    Reflect::get(element, &JsValue::from_str(name))
        .ok()?
        .dyn_into()
        .ok()
}
