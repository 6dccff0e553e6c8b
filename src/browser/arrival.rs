//! How something live came to be on the page, which says what it may have missed by then.

use web_sys::Element;

use super::presence::EndsWith;

/// How a consumer came to be on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A view's element that the server rendered. Everything since then is new to it, however late it is hydrated.
    Rendered,
    /// A view's element that was built in the browser, which has seen nothing of a stream that is live already.
    Mounted,
    /// The same, with content of its own.
    Filled,
    /// Raw markup. As in htmx it sees what comes; an element that every message brings anew must not ask each time.
    Markup,
}

impl Arrival {
    /// That of a component, as it gets its element: one that Leptos builds is not on the page yet.
    pub(crate) fn of_component(element: &Element) -> Self {
        if element.is_connected() {
            Self::Rendered
        } else {
            Self::Mounted
        }
    }

    /// Who decides that it is over.
    pub(crate) fn ends_with(self) -> EndsWith {
        match self {
            Self::Rendered | Self::Mounted | Self::Filled => EndsWith::Component,
            Self::Markup => EndsWith::Page,
        }
    }
}
