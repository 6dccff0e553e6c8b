//! One swap a frame, where only the last can be seen.
//!
//! Between two frames nobody sees the page, so of the messages that arrive there only the last needs to be swapped in,
//! provided that it takes away all that those before it would have put on the page. Which that is can be known of the
//! target's style and of the payload's text; whatever is in doubt is swapped in at once, in its order. The last message is
//! never lost: it is swapped in with the frame, or before it where the stream or its consumer ends.
//!
//! DIFFERENCE: htmx swaps each message in.

use std::cell::{Cell, RefCell};
use std::fmt;

use js_sys::JsString;

use super::frame::Frame;
use super::swap::{Plan, has_parts};

/// What waits for a frame. `M` is a message that can be swapped in.
pub(crate) struct Coalescing<M> {
    waiting: RefCell<Option<M>>,
    frame: RefCell<Option<Frame>>,
    has_complained: Cell<bool>,
}

impl<M> Default for Coalescing<M> {
    fn default() -> Self {
        Self {
            waiting: RefCell::default(),
            frame: RefCell::default(),
            has_complained: Cell::default(),
        }
    }
}

impl<M> fmt::Debug for Coalescing<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coalescing")
    }
}

impl<M> Coalescing<M> {
    /// Lets a message wait in the place of the one that waits, which is the answer.
    pub(crate) fn supersede(&self, message: M) -> Option<M> {
        self.waiting.replace(Some(message))
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.borrow().is_some()
    }

    /// Waits for a frame, with nothing borrowed when it comes.
    pub(crate) fn wait(&self, run: impl Fn() + 'static) {
        let before = self.frame.replace(Some(Frame::request(run)));
        drop(before);
    }

    /// What waits, which does so no longer. The frame may be running this very function, and goes after it.
    pub(crate) fn take(&self) -> (Option<M>, Option<Frame>) {
        (self.waiting.take(), self.frame.take())
    }

    /// What is wrong with an element that is to coalesce and cannot, said once.
    pub(crate) fn complaint(&self, plan: &Plan) -> Option<String> {
        let is_first = !self.has_complained.replace(true);
        is_first.then(|| {
            format!(
                "coalesce: expected a swap after which only its own content is seen (innerHTML, outerHTML, textContent or a \
                 morph, without `hx-select`, `hx-select-oob`, `strip` or `scripts`), found `{}`; each message is swapped in",
                plan.spec
            )
        })
    }
}

/// Whether a payload changes nothing but the content of its target, and all of that: one that is empty leaves the target
/// as it is, and parts go elsewhere.
pub(crate) fn is_whole(payload: &JsString) -> bool {
    payload.length() > 0 && !has_parts(payload)
}
