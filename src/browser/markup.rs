//! Reading htmx's attributes from an element: the `data-` prefix, inheritance, and where nothing is live.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JsString;
use web_sys::Element;

use super::dom;

/// The element's own attribute, also under its `data-` spelling (ACT-05).
pub(crate) fn own(element: &Element, name: &str) -> Option<String> {
    Asked::about(name).own(element)
}

/// The attribute of the element or of its nearest ancestor that has it, and that element (INH-02).
///
/// `unset` ends the search with nothing, and `hx-disinherit` on the way hides what its element and those above it say
/// (INH-03). An empty attribute says nothing, as in htmx. The browser does the walking: this is asked several times for
/// each message.
pub(crate) fn inherited(element: &Element, name: &str) -> Option<(String, Element)> {
    let asked = Asked::about(name);
    // Most often nobody says anything, and each name in a selector is compared with all attributes on the way up.
    dom::closest(element, &asked.speakers)?;
    let mut at = dom::closest(element, &asked.carriers)?;
    loop {
        if at != *element && hides(&at, name) {
            return None;
        }
        if let Some(value) = asked.own(&at).filter(|value| !value.is_empty()) {
            return (value != "unset").then_some((value, at));
        }
        at = dom::closest(&at.parent_element()?, &asked.carriers)?;
    }
}

/// An attribute and its other spelling, as strings of the page's.
#[derive(Debug)]
struct Asked {
    /// A selector of the elements that have it.
    speakers: JsString,
    /// The same with those that may hide it.
    carriers: JsString,
    name: JsString,
    data_name: JsString,
}

thread_local! {
    /// Those that were asked for: some forty at most, of which a message asks for a few. Among so few the one with the right
    /// length and text is found sooner by a look at each than by any order.
    static ASKED: RefCell<Vec<(Box<str>, Rc<Asked>)>> = RefCell::default();
}

impl Asked {
    fn about(name: &str) -> Rc<Self> {
        let known = |all: &Vec<(Box<str>, Rc<Self>)>| {
            let mut all = all.iter();
            all.find(|(known, _)| **known == *name)
                .map(|(_, asked)| Rc::clone(asked))
        };
        if let Some(known) = ASKED.with_borrow(known) {
            return known;
        }
        let speakers = carriers_of(&[name]);
        let carriers = format!("{speakers},[hx-disinherit],[data-hx-disinherit]");
        let asked = Rc::new(Self {
            speakers: speakers.into(),
            carriers: carriers.into(),
            name: name.into(),
            data_name: format!("data-{name}").into(),
        });
        ASKED.with_borrow_mut(|all| all.push((name.into(), Rc::clone(&asked))));
        asked
    }

    /// What the element itself says.
    fn own(&self, element: &Element) -> Option<String> {
        let value = dom::attribute(element, &self.name).or_else(|| dom::attribute(element, &self.data_name));
        value.map(String::from)
    }
}

/// A selector of the elements that have one of these attributes, also under its `data-` spelling.
pub(crate) fn carriers_of(names: &[&str]) -> String {
    let carriers: Vec<_> = names
        .iter()
        .map(|name| format!("[{name}],[data-{name}]"))
        .collect();
    carriers.join(",")
}

/// The attribute of the element and of each ancestor that has it, the nearest first, for those whose values are
/// merged (VAL-08). It ends where [`inherited`] would end.
pub(crate) fn inherited_all(element: &Element, name: &str) -> Vec<(String, Element)> {
    let mut found = Vec::new();
    let mut from = Some(element.clone());
    while let Some((text, carrier)) = from.and_then(|from| inherited(&from, name)) {
        from = parent_that_hands_on(&carrier, name);
        found.push((text, carrier));
    }
    found
}

/// The attribute of the nearest ancestor of one that has it too.
pub(crate) fn inherited_above(carrier: &Element, name: &str) -> Option<(String, Element)> {
    parent_that_hands_on(carrier, name).and_then(|parent| inherited(&parent, name))
}

fn parent_that_hands_on(element: &Element, name: &str) -> Option<Element> {
    element.parent_element().filter(|parent| !hides(parent, name))
}

fn hides(element: &Element, name: &str) -> bool {
    own(element, "hx-disinherit")
        .is_some_and(|list| list == "*" || list.split_whitespace().any(|n| n == name))
}

/// Whether the element stands inside `hx-disable`, or htmx 4's `hx-ignore`, where nothing is live (ACT-08).
pub(crate) fn is_disabled(element: &Element) -> bool {
    let disabling = "[hx-disable],[data-hx-disable],[hx-ignore],[data-hx-ignore]";
    matches!(element.closest(disabling), Ok(Some(_)))
}

/// Whether `hx-ext="ignore:…"` has switched an extension off here (ACT-03). The nearest mention of it decides.
///
/// DIFFERENCE: it switches off both spellings, since they mean the same, and no mention at all means on (ACT-02, ACT-04).
pub(crate) fn is_ignored(element: &Element, extension: &str) -> bool {
    let mut at = Some(element.clone());
    // Most pages ignore nothing, and are through with this.
    let ignoring = "[hx-ext*='ignore:'],[data-hx-ext*='ignore:']";
    while let Some(from) = at.filter(|from| matches!(from.closest(ignoring), Ok(Some(_)))) {
        let Ok(Some(carrier)) = from.closest("[hx-ext],[data-hx-ext]") else {
            return false;
        };
        let list = own(&carrier, "hx-ext").unwrap_or_default().replace(' ', "");
        let mentions = list
            .split(',')
            .map(|name| name.strip_prefix("ignore:").ok_or(name));
        let found = mentions
            .into_iter()
            .find(|name| *name == Ok(extension) || *name == Err(extension));
        if let Some(found) = found {
            return found.is_ok();
        }
        at = carrier.parent_element();
    }
    false
}
