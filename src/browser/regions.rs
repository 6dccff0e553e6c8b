//! Server-owned regions: elements whose content belongs to the server from the first swap on.
//!
//! Until then a region that was built in the browser may hold children that Leptos keeps handles
//! to. Replacing them under its hands would panic or lose updates, so their owner is ended first;
//! the nodes stay, without anybody updating them, until the swap takes them away.

use std::cell::{Cell, RefCell};
use std::fmt;

use web_sys::Element;

thread_local! {
    static UNTOUCHED: RefCell<Vec<Region>> = RefCell::default();
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

struct Region {
    id: u64,
    element: Element,
    end: Box<dyn FnOnce()>,
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Region")
    }
}

/// Notes how to end the owner of an element's first children; the number is for [`forget`].
pub(crate) fn add(element: &Element, end: impl FnOnce() + 'static) -> u64 {
    let id = NEXT.get();
    NEXT.set(id + 1);
    UNTOUCHED.with_borrow_mut(|regions| {
        regions.push(Region {
            id,
            element: element.clone(),
            end: Box::new(end),
        })
    });
    id
}

/// Takes back what was noted, because the owner has ended by itself.
pub(crate) fn forget(id: u64) {
    let forgotten: Vec<Region> =
        UNTOUCHED.with_borrow_mut(|regions| regions.extract_if(.., |region| region.id == id).collect());
    drop(forgotten);
}

/// Ends the owners of first children in the element and below it, before content changes there.
pub(crate) fn release(element: &Element) {
    let taken: Vec<Region> = UNTOUCHED.with_borrow_mut(|regions| {
        regions
            .extract_if(.., |region| element.contains(Some(&region.element)))
            .collect()
    });
    for region in taken {
        (region.end)();
    }
}
