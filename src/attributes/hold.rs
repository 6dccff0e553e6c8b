//! An attribute's hold on the elements that it was put on, until its owner ends.

use std::sync::atomic::{AtomicU64, Ordering};

use leptos::attr::Attribute;
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use leptos::tachys::html::directive::directive;
use web_sys::Element;

use crate::browser::{page, view_elements};

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
pub(super) fn live(name: &'static str, text: Signal<String>, enter: fn()) -> impl Attribute {
    enter();
    let hold = Hold::new();
    Effect::new(move |ran: Option<()>| {
        text.track();
        if ran.is_some() {
            view_elements::refresh(hold.0);
        }
    });
    // A directive runs again at each rebuild, and once for each root of the component that it was spread on.
    let start = move |element: Element| view_elements::hold(&element, hold.0);
    (custom_attribute(name, text), directive(start, ()))
}
