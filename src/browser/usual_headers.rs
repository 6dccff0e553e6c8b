//! The headers of an element's messages as long as it is called the same and nothing around it has a say in them: an object
//! to copy, and one question to the browser whether it is still right.

use js_sys::{JsString, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::detail_fields::Fields;
use super::event_names::HX_CURRENT_URL;
use super::{dom, headers, markup, page, plain_form};

/// The most bytes of an id or a name. A longer one is no name that somebody has given.
const LONGEST: usize = 100;

/// Headers that are kept for the next message.
#[derive(Debug)]
pub(crate) struct UsualHeaders {
    /// What the element matches for as long as they are right.
    selector: JsString,
    /// No script has seen it.
    outline: Object,
}

impl UsualHeaders {
    /// Those of an element about which nothing is said now; `None` where it is called something that has to be written in
    /// another way in a selector.
    pub(crate) fn of(element: &Element) -> Option<Self> {
        let said = [&plain_form::SAYING[..], &headers::SAYING].concat();
        let said = markup::carriers_of(&said);
        let named: String = ["id", "name"]
            .into_iter()
            .map(|attribute| selector_of(attribute, element.get_attribute(attribute).as_deref()))
            .collect::<Option<_>>()?;
        Some(Self {
            selector: format!("{named}:not(:is({said}),:is({said}) *)").into(),
            outline: headers::plain_object(element),
        })
    }

    /// Whether they are right, but for the page's address, and nothing on or around the element says anything about its
    /// values either.
    pub(crate) fn are_right_for(&self, element: &Element) -> bool {
        dom::is_a(element, &self.selector)
    }

    /// The headers with the page's address of now.
    pub(crate) fn object(&self) -> Object {
        let headers = Object::new();
        Object::assign(&headers, &self.outline);
        let address = page::address().map_or(JsValue::NULL, JsValue::from);
        headers.unchecked_ref::<Fields>().set(&HX_CURRENT_URL, &address);
        headers
    }
}

/// The elements whose attribute has this value, or that have none.
fn selector_of(attribute: &str, value: Option<&str>) -> Option<String> {
    let Some(value) = value else {
        return Some(format!(":not([{attribute}])"));
    };
    let is_plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    (value.len() <= LONGEST && value.chars().all(is_plain)).then(|| format!(r#"[{attribute}="{value}"]"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_have_to_be_escaped_is_left_out() {
        for (value, expected) in [
            (None, Some(":not([id])")),
            (Some(""), Some(r#"[id=""]"#)),
            (Some("a:b ]é"), Some(r#"[id="a:b ]é"]"#)),
            (Some(r#"a"b"#), None),
            (Some(r"a\b"), None),
            (Some("a\nb"), None),
            (Some(&"a".repeat(LONGEST + 1)), None),
        ] {
            assert_eq!(selector_of("id", value).as_deref(), expected);
        }
    }
}
