//! Connecting when something happens: `hx-trigger` on a source, as htmx 4 has it (SSE-04).

use std::rc::Rc;

use web_sys::Element;

use super::arrival::Arrival;
use super::trigger::{Reaction, Triggers, parse};

/// Ends what was armed.
pub(crate) type Disarm = Box<dyn FnOnce()>;

/// Arms the triggers of a source's element, which is to connect each time one of them lets something through. A text that
/// cannot be read is reported, and then the source does not connect: what was meant by it, nobody knows.
pub(crate) fn arm(element: &Element, text: &str, connect: Rc<dyn Fn()>) -> Option<Disarm> {
    let list = parse(element, text)?;
    let reaction = Reaction::new(move |_| connect());
    // What `sse:` names are heard from is the stream around it, of which a source knows nothing.
    let triggers = Triggers::arm(element, &list, None, reaction, Arrival::Mounted);
    Some(Box::new(move || triggers.disarm()))
}
