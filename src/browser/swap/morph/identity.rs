//! Who a node is: what decides whether a node of the payload is the same as one of the page.

use web_sys::{Element, HtmlInputElement, HtmlOptionElement};

/// So many names inside an element tell enough about it. A table of thousands is not read through once for each of
/// the elements around it.
const MOST_MARKS: u32 = 64;

/// What is asked of the elements inside.
const MARKS: &str = "[id],[name],[data-key]";

/// What a node can be matched by.
#[derive(Debug)]
pub(super) enum Identity {
    /// Text and comments: nobody misses one that was replaced.
    Data,
    /// One with a name of its own is that one and no other.
    Keyed(String),
    /// Any of the same kind will do.
    Like(String),
    /// Only one that is equal in every respect: a script that is changed may run.
    Whole,
}

impl Identity {
    /// Reads it from an element whose `nodeName` is known. Those of HTML are in upper case and those of SVG and MathML
    /// are not, so that a name tells the namespace as well.
    pub(super) fn of(element: &Element, name: &str) -> Self {
        if is_script(name) {
            return Self::Whole;
        }
        if let Some(id) = id_of(element) {
            return Self::Keyed(format!("{name}#{id}"));
        }
        // An id is unique in a page, and a row may stand in two lists: its key counts among siblings only.
        if let Some(key) = element.get_attribute("data-key") {
            return Self::Keyed(format!("{name}={key}"));
        }
        match own_name(element, name) {
            Some(own) => Self::Keyed(format!("{name}={own}")),
            None if name == "INPUT" => Self::Like(format!("{name}:{}", input(element).type_())),
            None => Self::Like(name.to_owned()),
        }
    }
}

/// What tells elements apart that are of no use under another name: what a user has typed into one control must never
/// be found in another.
fn own_name(element: &Element, name: &str) -> Option<String> {
    match name {
        "INPUT" => {
            let kind = input(element).type_();
            let named = element.get_attribute("name").filter(|name| !name.is_empty())?;
            // Those of a group share the name.
            let is_choice = ["radio", "checkbox"].contains(&kind.as_str());
            let value = is_choice.then(|| element.get_attribute("value")).flatten();
            Some(format!("{kind} {named} {}", value.unwrap_or_default()))
        }
        "SELECT" | "TEXTAREA" => element.get_attribute("name").filter(|name| !name.is_empty()),
        "OPTION" => Some(unchecked::<HtmlOptionElement>(element).value()),
        // A component of the app that was hydrated on its own.
        "LEPTOS-ISLAND" => element.get_attribute("data-component"),
        _ => None,
    }
}

/// The names inside an element, each with the element's own kind, so that only those of a kind have any in common.
pub(super) fn marks(element: &Element, kind: &str) -> Vec<String> {
    let Ok(found) = element.query_selector_all(MARKS) else {
        return Vec::new();
    };
    let marked = (0..found.length().min(MOST_MARKS)).filter_map(|at| found.item(at));
    let marks = marked.flat_map(|node| {
        let element = unchecked::<Element>(&node);
        let mark = |attribute: &str| {
            let value = element.get_attribute(attribute)?;
            Some(format!("{kind} {attribute}={value}"))
        };
        ["id", "name", "data-key"]
            .into_iter()
            .filter_map(mark)
            .collect::<Vec<_>>()
    });
    marks.collect()
}

/// An element's id. The property of the same name is something else on a form that has a control called `id`.
pub(super) fn id_of(element: &Element) -> Option<String> {
    element.get_attribute("id").filter(|id| !id.is_empty())
}

pub(super) fn is_script(name: &str) -> bool {
    name.eq_ignore_ascii_case("script")
}

fn input(element: &Element) -> &HtmlInputElement {
    unchecked(element)
}

/// An element whose name has told its type.
fn unchecked<T: wasm_bindgen::JsCast>(element: &impl wasm_bindgen::JsCast) -> &T {
    element.unchecked_ref()
}
