//! What a morph does not touch: what the page's author has frozen, and what belongs to somebody else.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::survey::Survey;

/// An element that stays as it is, with everything in it (SWP-10).
pub(super) const FROZEN: &str = "[hx-morph-skip],[data-hx-morph-skip]";
/// One whose children stay as they are.
const FROZEN_INSIDE: &str = "[hx-morph-skip-children],[data-hx-morph-skip-children]";
/// Either of both.
pub(super) const SKIPPING: &str = "[hx-morph-skip],[data-hx-morph-skip],\
    [hx-morph-skip-children],[data-hx-morph-skip-children]";
/// An element of the payload in whose place the page's own is to stand (SWP-29).
pub(crate) const PRESERVED: &str = "[hx-preserve][id],[data-hx-preserve][id]";

/// How far an element that stays is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Not at all.
    Nothing,
    /// Its attributes, but not what is inside.
    Attributes,
    /// Its attributes and everything inside.
    Everything,
}

impl Reach {
    pub(super) fn of(survey: &Survey, old: &Element, new: &Element, name: &str) -> Self {
        let is_untouched = survey.is_skipped(old, FROZEN)
            || survey.is_preserved(new)
            // Its content is text in a page that runs scripts and elements in a payload: it would load what it shows.
            || name == "NOSCRIPT";
        if is_untouched {
            Self::Nothing
        } else if survey.is_skipped(old, FROZEN_INSIDE)
            // Its text is what its user types, see `form_state`.
            || name == "TEXTAREA"
            || is_made_by_itself(old, new, name)
            || is_being_written(survey, old)
        {
            Self::Attributes
        } else {
            Self::Everything
        }
    }
}

/// Whether what is inside comes from the element itself: an island is an app of its own, and a custom element that the
/// payload brings empty has filled itself. One with a shadow tree shows its children in there, so they are the
/// server's; the tree itself is no part of any comparison.
fn is_made_by_itself(old: &Element, new: &Element, name: &str) -> bool {
    // Names of SVG and MathML may have a hyphen as well.
    name.contains('-')
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && (name == "LEPTOS-ISLAND"
            || (!new.has_child_nodes()
                && old.shadow_root().is_none()
                && old.matches(":defined").unwrap_or(false)))
}

/// Whether the user is writing into the element itself.
fn is_being_written(survey: &Survey, old: &Element) -> bool {
    survey.is_focused(old)
        && old
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable)
}
