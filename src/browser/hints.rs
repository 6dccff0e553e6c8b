//! What a look at the page says about a mistake, where complaints explain.

use web_sys::Element;

use super::diagnostics::opening_tag;
use super::{dom, page};
use crate::grammar::EXPLAINS;

/// What to do about a missing source, which some other element of the page may be.
pub(crate) fn missing_source<'a>(mut existing: impl Iterator<Item = &'a Element>, how: &str) -> String {
    if !EXPLAINS {
        return format!("put {how} around it");
    }
    match existing.find(|source| source.is_connected()) {
        Some(source) => format!(
            "a source is on the page, but the element does not stand inside it: {}",
            opening_tag(source)
        ),
        None => format!("put {how} on the element or on one around it"),
    }
}

/// What a selector that matches nothing may have meant.
pub(crate) fn missing_target(text: &str) -> Option<String> {
    if !EXPLAINS {
        return None;
    }
    let root = page::document()?.document_element()?;
    let word = text.split_whitespace().last()?;
    let is_name = word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let likely = ["#", "."].map(|mark| format!("{mark}{word}")).into_iter();
    let found = likely.filter(|_| is_name).find(|likely| {
        let matches = dom::select_all(&root, likely);
        !matches.is_empty()
    });
    found.map(|found| format!("did you mean `{}`?", text.replace(word, &found)))
}
