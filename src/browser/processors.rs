//! What makes raw markup live, by kind.
//!
//! Each component enters the processor of its own kind, so that an app links only what it uses
//! (decision 9); swapped-in content is then processed by those that were entered.

use std::cell::RefCell;

use web_sys::Element;

use super::page;

/// Makes the markup of one kind live, on the element and below it. Must be harmless when repeated.
pub(crate) type Processor = fn(&Element);

/// When a kind is processed: whatever opens sources comes before what needs them (ACT-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    /// Streams.
    Streams,
    /// Sockets, whose senders may be triggered by streams.
    Sockets,
    /// Requests, which may be triggered by streams.
    Requests,
}

thread_local! {
    static PROCESSORS: RefCell<Vec<(Turn, Processor)>> = RefCell::default();
}

/// Enters the processor of a turn, once; on the server, nothing.
pub(crate) fn register(turn: Turn, processor: Processor) {
    if !page::is_browser() {
        return;
    }
    PROCESSORS.with_borrow_mut(|known| {
        if !known.iter().any(|(entered, _)| *entered == turn) {
            known.push((turn, processor));
            known.sort_by_key(|(turn, _)| *turn);
        }
    });
}

/// Makes the markup on and below the element live, in every way that was entered (ACT-07).
pub(crate) fn process(root: &Element) {
    // Copied out, as processing runs user code that may enter more.
    let processors = PROCESSORS.with_borrow(Vec::clone);
    for (_, processor) in processors {
        processor(root);
    }
}
