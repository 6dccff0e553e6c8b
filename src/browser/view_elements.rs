//! Elements of views that carry live attributes: live from when they are on the page until their view ends.
//!
//! A view may be run again at any time and then makes its attributes anew, mostly the same ones on the same element. So
//! an element is held by its attributes, and what is live about it ends a microtask after the last of them has let go,
//! unless others have taken hold of it by then.
//!
//! Attributes are made before their element has its others, its children and its place on the page, so all of it waits
//! for a microtask; behind a Suspense it may take longer, and then the page is watched.

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::arrival::Arrival;
use super::page_watch::PageWatch;
use super::table::Table;
use super::{dom, live_elements, page, processors, regions};

/// Elements carry the number of their entry as a property of this name.
const PROPERTY: &str = "__liveView";

thread_local! {
    static VIEWS: RefCell<Views> = RefCell::default();
}

#[derive(Default)]
struct Views {
    entries: Table<u32, Entry>,
    /// The entries that an attribute holds: one, or as many as the component has roots that it was spread on.
    held: Table<u64, Vec<u32>>,
    last: u32,
    is_due: bool,
    watch: Option<PageWatch>,
}

struct Entry {
    element: Element,
    holders: usize,
    /// Its markup is to be read.
    is_unread: bool,
    /// The server has rendered it, and its markup has not been read yet.
    is_rendered: bool,
    /// What a swap puts in its place ends with it, so that Leptos finds what it is to remove.
    region: Option<u64>,
}

/// An attribute has been put on an element, perhaps not for the first time.
pub(crate) fn hold(element: &Element, holder: u64) {
    let number = VIEWS.with_borrow_mut(|views| {
        let number = views.number_for(element);
        let is_new = match views.held.get_mut(&holder) {
            Some(held) if held.contains(&number) => false,
            Some(held) => {
                held.push(number);
                true
            }
            None => {
                views.held.insert(holder, vec![number]);
                true
            }
        };
        if let Some(entry) = views.entries.get_mut(&number) {
            entry.holders += usize::from(is_new);
            entry.is_unread = true;
        }
        number
    });
    give_region(number, element);
    settle_soon();
}

/// What an attribute says has changed.
pub(crate) fn refresh(holder: u64) {
    VIEWS.with_borrow_mut(|Views { entries, held, .. }| {
        for number in held.get(&holder).into_iter().flatten() {
            if let Some(entry) = entries.get_mut(number) {
                entry.is_unread = true;
            }
        }
    });
    settle_soon();
}

/// An attribute's owner has ended.
pub(crate) fn let_go(holder: u64) {
    let regions: Vec<u64> = VIEWS.with_borrow_mut(|Views { entries, held, .. }| {
        let numbers = held.remove(&holder).unwrap_or_default().into_iter();
        let last_of = numbers.filter_map(|number| {
            let entry = entries.get_mut(&number)?;
            entry.holders = entry.holders.saturating_sub(1);
            if entry.holders == 0 {
                entry.region.take()
            } else {
                None
            }
        });
        last_of.collect()
    });
    // At once, because what comes in the element's place is put beside it.
    for region in regions {
        regions::remove(region);
    }
    settle_soon();
}

/// How an element came to be on the page: by a view that holds it, or as mere markup.
pub(crate) fn arrival(element: &Element) -> Arrival {
    let is_rendered = VIEWS.with_borrow(|views| {
        let held = views.get(element).filter(|entry| entry.holders > 0)?;
        Some(held.is_rendered)
    });
    match is_rendered {
        None => Arrival::Markup,
        Some(true) => Arrival::Rendered,
        // Views put comments into elements that are empty.
        Some(false) if !dom::is_blank(element) => Arrival::Filled,
        Some(false) => Arrival::Mounted,
    }
}

impl Views {
    fn get(&self, element: &Element) -> Option<&Entry> {
        self.entries.get(&number(element)?)
    }

    fn number_for(&mut self, element: &Element) -> u32 {
        let before = number(element);
        if let Some(known) = before.filter(|number| self.entries.contains(number)) {
            return known;
        }
        let is_new = before.is_none();
        self.last = self.last.wrapping_add(1);
        let _ = Reflect::set(element, &JsValue::from_str(PROPERTY), &JsValue::from(self.last));
        let entry = Entry {
            element: element.clone(),
            holders: 0,
            is_unread: true,
            is_rendered: Arrival::of_view(element, is_new) == Arrival::Rendered,
            region: None,
        };
        self.entries.insert(self.last, entry);
        self.last
    }

    /// The elements that nobody holds any more, whose entries end with this.
    fn take_left(&mut self) -> Vec<u32> {
        let left = self.entries.extract_if(|entry| entry.holders == 0);
        left.map(|(number, _)| number).collect()
    }

    /// The elements whose markup is to be read and can be, in the order in which they were built.
    fn take_unread(&mut self) -> Vec<Element> {
        let unread = self.entries.iter_mut().filter(|(_, entry)| entry.is_unread);
        let here = unread.filter(|(_, entry)| entry.element.is_connected());
        let taken = here.map(|(_, entry)| {
            entry.is_unread = false;
            entry.element.clone()
        });
        taken.collect()
    }

    /// What these say from now on, the server has not rendered.
    fn forget_rendered(&mut self, read: &[Element]) {
        for number in read.iter().filter_map(number) {
            if let Some(entry) = self.entries.get_mut(&number) {
                entry.is_rendered = false;
            }
        }
    }

    /// Whether an element is still to come onto the page. One that a swap has taken away does not come back by itself.
    fn has_missing(&self) -> bool {
        let mut unread = self.entries.iter().filter(|(_, entry)| entry.is_unread);
        unread.any(|(_, entry)| !regions::is_replaced(&entry.element))
    }
}

fn number(element: &Element) -> Option<u32> {
    let number = Reflect::get(element, &JsValue::from_str(PROPERTY))
        .ok()?
        .as_f64()?;
    Some(number as u32)
}

fn give_region(number: u32, element: &Element) {
    let has_one = VIEWS.with_borrow(|views| {
        let entry = views.entries.get(&number);
        entry.is_none_or(|entry| entry.region.is_some())
    });
    if !has_one {
        // What is attached ends with the swap by itself.
        let region = regions::add(element, None, Box::new(|| {}));
        VIEWS.with_borrow_mut(|views| {
            if let Some(entry) = views.entries.get_mut(&number) {
                entry.region = Some(region);
            }
        });
    }
}

fn settle_soon() {
    let is_new = VIEWS.with_borrow_mut(|views| !std::mem::replace(&mut views.is_due, true));
    if is_new {
        page::microtask(settle);
    }
}

/// Ends what is over and makes live what has come.
fn settle() {
    let (left, unread) = VIEWS.with_borrow_mut(|views| {
        views.is_due = false;
        (views.take_left(), views.take_unread())
    });
    if !left.is_empty() {
        live_elements::release_where(|element| number(element).is_some_and(|number| left.contains(&number)));
    }
    processors::process_these(unread.clone());
    VIEWS.with_borrow_mut(|views| views.forget_rendered(&unread));
    let watch = VIEWS.with_borrow_mut(|views| match (views.has_missing(), &views.watch) {
        (true, None) => {
            views.watch = PageWatch::start(settle);
            None
        }
        (true, Some(_)) => None,
        (false, _) => views.watch.take(),
    });
    drop(watch);
}
