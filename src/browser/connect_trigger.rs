//! Connecting when something happens: `hx-trigger` on a source, as htmx 4 has it (SSE-04).

use std::rc::Rc;

use super::presence::EndsWith;
use super::sse_source::SseSource;
use super::trigger::{Reaction, Triggers, parse};

/// Ends what was armed.
pub(crate) type Disarm = Box<dyn FnOnce()>;

/// Arms the triggers of a source, which connects each time one of them lets something through. A text that cannot be
/// read is reported, and then the source does not connect: what was meant by it, nobody knows.
pub(crate) fn arm(source: &Rc<SseSource>, text: &str) -> Option<Disarm> {
    let list = parse(source.element(), text)?;
    let called = Rc::downgrade(source);
    let reaction = Reaction::new(move |_| {
        if let Some(source) = called.upgrade() {
            source.call();
        }
    });
    // What `sse:` names are heard from is the stream around it, of which a source knows nothing.
    let triggers = Triggers::arm(source.element(), &list, None, reaction, EndsWith::Component);
    Some(Box::new(move || triggers.disarm()))
}
