//! The `connect_on` prop: when a source connects.

use std::rc::Rc;

use web_sys::Element;

use crate::browser::connect_trigger::{Disarm, arm};

/// When a source connects, in the language of `hx-trigger`: `load` (at once), `load delay:100ms`, `click`,
/// `click from:#ask`, `click once`, `intersect`, or the name of an event of your own (SSE-04).
///
/// ```
/// use leptos_live::ConnectOn;
///
/// let on_click: ConnectOn = "click from:#ask".into();
/// # let _ = on_click;
/// ```
#[derive(Clone, Debug)]
pub struct ConnectOn {
    text: String,
    /// Held by whoever has a text, so that nobody else links the reading of triggers.
    arm: Arm,
}

/// Arms triggers on an element, which do what is given.
type Arm = fn(&Element, &str, Rc<dyn Fn()>) -> Option<Disarm>;

impl ConnectOn {
    /// Arms the triggers of a source's element; what they do is to connect.
    pub(super) fn arm(&self, element: &Element, connect: impl Fn() + 'static) -> Option<Disarm> {
        (self.arm)(element, &self.text, Rc::new(connect))
    }
}

impl From<String> for ConnectOn {
    fn from(text: String) -> Self {
        Self { text, arm }
    }
}

impl From<&str> for ConnectOn {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
