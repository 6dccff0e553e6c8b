//! What a component does to its element in the browser.

use std::fmt;
use std::rc::Rc;

use leptos::tachys::html::directive::IntoDirective;
use web_sys::Element;

use crate::browser::page;

/// A directive that is made in the browser alone: on the server nothing is captured, nothing is asked of contexts, and the
/// view has no room for it. One type for all components, so that what carries it out is linked once.
#[derive(Clone)]
pub(super) struct Start(Option<Rc<dyn Fn(Element)>>);

impl Start {
    /// The directive that is returned, which is asked for in the browser.
    pub(super) fn new<F: Fn(Element) + 'static>(make: impl FnOnce() -> F) -> Self {
        Self(page::is_browser().then(|| Rc::new(make()) as _))
    }
}

impl IntoDirective<(Element,), ()> for Start {
    type Cloneable = Self;

    fn run(&self, element: Element, (): ()) {
        if let Some(start) = &self.0 {
            start(element);
        }
    }

    fn into_cloneable(self) -> Self {
        self
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Start")
    }
}
