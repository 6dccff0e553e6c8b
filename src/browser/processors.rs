//! What makes raw markup live, by kind.
//!
//! Each component enters the processor of its own kind, so that an app links only what it uses
//! (decision 9); swapped-in content is then processed by those that were entered.

use std::cell::RefCell;

use web_sys::Element;

/// Makes the markup of one kind live, on the element and below it. Must be harmless when repeated.
pub(crate) type Processor = fn(&Element);

thread_local! {
    static PROCESSORS: RefCell<Vec<Processor>> = RefCell::default();
}

/// Enters a processor, once.
pub(crate) fn register(processor: Processor) {
    PROCESSORS.with_borrow_mut(|known| {
        if !known.iter().any(|entry| std::ptr::fn_addr_eq(*entry, processor)) {
            known.push(processor);
        }
    });
}

/// Makes the markup on and below the element live, in every way that was entered (ACT-07).
pub(crate) fn process(root: &Element) {
    // Copied out, as processing runs user code that may enter more.
    let processors = PROCESSORS.with_borrow(Vec::clone);
    for processor in processors {
        processor(root);
    }
}
