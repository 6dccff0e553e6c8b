//! What is asked of the page once per morph, so that most nodes need not be asked at all.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DocumentFragment, Element, Node};

use super::disclosure;
use super::focus::Focus;
use super::left_alone::{FROZEN, PRESERVED, SKIPPING};
use super::siblings::Child;

/// Facts about a target and what it is to become.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) target: Element,
    /// The document that the target stands in; not where it stands in a shadow tree or nowhere.
    pub(super) document: Option<Document>,
    /// What has the focus, if that is inside the target.
    pub(super) focus: Option<Focus>,
    /// Whether nodes can be moved without being taken out (LIF-07).
    pub(super) can_move: bool,
    has_skipping: bool,
    has_preserved: bool,
    has_templates: bool,
    has_disclosures: bool,
}

impl Survey {
    pub(super) fn of(target: &Element, content: &DocumentFragment) -> Self {
        let root = target.get_root_node();
        let brings = |selector: &str| matches!(content.query_selector(selector), Ok(Some(_)));
        let has_skipping = target.matches(SKIPPING).unwrap_or(false)
            || matches!(target.query_selector(SKIPPING), Ok(Some(_)));
        Self {
            target: target.clone(),
            focus: Focus::inside(target, &root),
            can_move: Reflect::has(target, &JsValue::from_str("moveBefore")).unwrap_or(false),
            document: root.dyn_into().ok(),
            has_skipping,
            has_preserved: brings(PRESERVED),
            has_templates: brings("template"),
            has_disclosures: brings("details,dialog"),
        }
    }

    /// Whether two nodes are equal with everything in them, so that nothing is to be done about them.
    pub(super) fn are_alike(&self, old: &Node, new: &Node) -> bool {
        let are_alike = old.is_equal_node(Some(new)) && !(self.has_templates && holds_template(new));
        if are_alike && self.has_disclosures {
            disclosure::remember_below(old);
        }
        are_alike
    }

    pub(super) fn is_focused(&self, element: &Element) -> bool {
        self.focus.as_ref().is_some_and(|focus| focus.element == *element)
    }

    /// Which of the children the focus is in.
    pub(super) fn focused_among(&self, children: &[Child]) -> Option<usize> {
        let focused = &self.focus.as_ref()?.element;
        children
            .iter()
            .position(|child| child.node.contains(Some(focused)))
    }

    /// Whether the page's element says that nothing about it is to change.
    pub(super) fn is_skipped(&self, old: &Element, selector: &str) -> bool {
        self.has_skipping && old.matches(selector).unwrap_or(false)
    }

    /// Whether the page's element stands inside one that must not change.
    pub(super) fn is_inside_frozen(&self, old: &Element) -> bool {
        self.has_skipping && matches!(old.closest(FROZEN), Ok(Some(_)))
    }

    /// Whether the payload's element only says where the page's own is to be (SWP-29).
    pub(super) fn is_preserved(&self, new: &Element) -> bool {
        self.has_preserved && new.matches(PRESERVED).unwrap_or(false)
    }

    /// Notes what new content says about being open.
    pub(super) fn remember(&self, new: &Node) {
        if self.has_disclosures {
            disclosure::remember_below(new);
        }
    }
}

/// What is inside a template does not count when nodes are compared.
fn holds_template(node: &Node) -> bool {
    let Some(element) = node.dyn_ref::<Element>() else {
        return false;
    };
    element.matches("template").unwrap_or(false) || matches!(element.query_selector("template"), Ok(Some(_)))
}
