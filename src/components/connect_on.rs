//! The `connect_on` prop: when a source connects.

use std::rc::Rc;

use crate::browser::connect_trigger::{Disarm, arm};
use crate::browser::sse_source::SseSource;

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
    arm: fn(&Rc<SseSource>, &str) -> Option<Disarm>,
}

impl ConnectOn {
    pub(super) fn arm(&self, source: &Rc<SseSource>) -> Option<Disarm> {
        (self.arm)(source, &self.text)
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
