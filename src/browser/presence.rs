//! Whether an element that was on the page has left it.

use std::cell::Cell;

use web_sys::Element;

/// Who decides that something attached to an element is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndsWith {
    /// Its element's leaving the page: nobody else watches raw markup (SSX-05, SST-12).
    Page,
    /// A component's cleanup. Leptos takes elements out of the page for a while, for example behind a
    /// Suspense, and puts the same ones back; they must not have ended meanwhile.
    Component,
}

/// What is known of an element's being on the page.
#[derive(Debug)]
pub(crate) struct Presence {
    ends_with: EndsWith,
    was_on_page: Cell<bool>,
}

impl Presence {
    pub(crate) fn new(ends_with: EndsWith, element: &Element) -> Self {
        let was_on_page = Cell::new(ends_with == EndsWith::Page && element.is_connected());
        Self {
            ends_with,
            was_on_page,
        }
    }

    /// Whether the element was on the page, is not any more, and that means the end.
    pub(crate) fn is_over(&self, element: &Element) -> bool {
        if self.ends_with == EndsWith::Component {
            return false;
        }
        if element.is_connected() {
            self.was_on_page.set(true);
            return false;
        }
        self.was_on_page.get()
    }
}
