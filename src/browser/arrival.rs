//! How something live came to be on the page, which says what it may have missed by then.

use leptos::prelude::Owner;
use web_sys::Element;

use super::dom;
use super::presence::EndsWith;

/// How a consumer came to be on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A view's element that the server rendered. Everything since then is new to it, however late it is hydrated.
    Rendered,
    /// A view's element that is empty, and has seen nothing of a stream that is live already.
    Mounted,
    /// One with content that came otherwise.
    Filled,
    /// Raw markup. As in htmx it sees what comes; an element that every message brings anew must not ask each time.
    Markup,
}

impl Arrival {
    /// That of a view's element, as it gets its attributes; `is_new` says that nothing was live about it before.
    ///
    /// A view that is run again takes up the elements that it has built or hydrated. And with islands hydration has no end,
    /// but what Leptos builds meanwhile is not on the page yet.
    pub(crate) fn of_view(element: &Element, is_new: bool) -> Self {
        let is_hydrating =
            || Owner::current_shared_context().is_some_and(|context| context.during_hydration());
        if is_new && element.is_connected() && is_hydrating() {
            Self::Rendered
        } else if dom::is_blank(element) {
            Self::Mounted
        } else {
            Self::Filled
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
