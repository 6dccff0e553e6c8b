//! Keeps lists that only ever grow at a length that a page can bear.

use leptos::prelude::*;

/// Removes the last children of the element with this id, beyond the first so many.
pub fn keep_first(id: &str, count: u32) {
    keep(id, count, |element| element.last_element_child());
}

/// Removes the first children of the element with this id, beyond the last so many.
pub fn keep_last(id: &str, count: u32) {
    keep(id, count, |element| element.first_element_child());
}

fn keep(id: &str, count: u32, superfluous: impl Fn(&web_sys::Element) -> Option<web_sys::Element>) {
    let Some(list) = document().get_element_by_id(id) else {
        return;
    };
    while list.child_element_count() > count {
        match superfluous(&list) {
            Some(child) => child.remove(),
            None => return,
        }
    }
}
