//! An attribute's hold on the elements that it was put on, until its owner ends.

use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::*;
use web_sys::Element;

use crate::browser::{page, view_elements};
use crate::components::attribute_list::AttributeList;
use crate::components::attribute_text::AttributeText;
use crate::components::start::Start;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// The number under which the runtime knows an attribute. It travels between threads on the server, where it means
/// nothing.
#[derive(Clone, Copy, Debug)]
struct Hold(u64);

impl Hold {
    /// A hold that ends with the present owner.
    fn new() -> Self {
        let hold = Self(NEXT.fetch_add(1, Ordering::Relaxed));
        if page::is_browser() {
            on_cleanup(move || view_elements::let_go(hold.0));
        }
        hold
    }
}

/// An attribute that makes its element live, once its kind of markup was entered.
///
/// While its text is absent the element is held all the same, and its other markup counts.
pub(super) fn live(name: &'static str, text: AttributeText, enter: fn()) -> AttributeList {
    enter();
    let hold = Hold::new();
    if let AttributeText::Changing(text) = &text {
        // Also called at first, when it says what the element says: that is read once more, and starts nothing.
        text.follow(move || view_elements::refresh(hold.0));
    }
    // Runs again at each rebuild, and once for each root of the component that it was spread on.
    let start = Start::new(|| move |element: Element| view_elements::hold(&element, hold.0));
    AttributeList::new().with(name, text).starting(start)
}
