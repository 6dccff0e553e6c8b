//! What a component, or an attribute that is spread, does to its element in the browser.

use std::fmt;
use std::rc::Rc;

use send_wrapper::SendWrapper;
use web_sys::Element;

use crate::browser::page;

/// What is done to an element, made in the browser alone: on the server nothing is captured, nothing is asked of contexts, and
/// the view has no room for it.
#[derive(Clone)]
pub(crate) struct Start(Option<SendWrapper<Rc<Run>>>);

type Run = dyn Fn(&Element);

impl Start {
    /// Does nothing.
    pub(crate) const NOTHING: Self = Self(None);

    /// What is returned, which is asked for in the browser.
    pub(crate) fn new<F: Fn(Element) + 'static>(make: impl FnOnce() -> F) -> Self {
        if !page::is_browser() {
            return Self::NOTHING;
        }
        let start = make();
        Self(Some(SendWrapper::new(Rc::new(move |element: &Element| {
            start(element.clone());
        }))))
    }

    pub(crate) fn run(&self, element: &Element) {
        if let Some(start) = &self.0 {
            start(element);
        }
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Start")
    }
}
