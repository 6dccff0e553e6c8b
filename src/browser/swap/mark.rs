//! The class of a target until its content settles (SET-02), shared by the swaps that follow each other there.
//!
//! A stream that changes one element hundreds of times a second, or hundreds of elements in turn, would otherwise set a
//! class that is set already with each message, and take one away that is gone already with each that settles. It comes and
//! goes as if each did so by itself.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::rc::{Rc, Weak};

use js_sys::{JsString, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::defaults::Defaults;
use crate::browser::dom;
use crate::browser::table::Table;

#[wasm_bindgen]
extern "C" {
    /// An element that may have a number, by which its mark is found: comparing it with the target of each mark would be a
    /// question to the page each.
    #[wasm_bindgen(extends = Element)]
    type Numbered;

    /// Whatever stands there: a script may have put it there, and a value of some kinds cannot be read as a number.
    #[wasm_bindgen(method, structural, getter, js_name = __liveMark)]
    fn number(this: &Numbered) -> JsValue;
}

thread_local! {
    static NUMBER: JsString = "__liveMark".into();
    static NEXT: Cell<u32> = const { Cell::new(1) };
    /// Counts the swaps that share nothing when each sets its class: what it has inserted may have changed any class.
    static OTHERS: Cell<u32> = const { Cell::new(0) };
    /// The marks of those targets of which something has not settled.
    static SHARED: RefCell<Table<u32, Weak<Shared>>> = RefCell::default();
}

/// The number that an element has. Another one may have the same: scripts copy what they find on elements, and a second
/// program in the page counts by itself.
fn known_number(element: &Element) -> Option<u32> {
    let known = element.unchecked_ref::<Numbered>().number().as_f64()?;
    let number = known as u32;
    (number > 0 && f64::from(number) == known).then_some(number)
}

/// The number of an element, which it gets if it has none.
fn number_of(element: &Element) -> u32 {
    if let Some(number) = known_number(element) {
        return number;
    }
    let number = NEXT.replace(NEXT.get().wrapping_add(1));
    // It fails only for an element that is frozen, which shares nothing then.
    NUMBER.with(|name| drop(Reflect::set(element, name, &number.into())));
    number
}

/// The mark that is found by a number.
fn registered(number: u32) -> Option<Rc<Shared>> {
    SHARED.with_borrow(|marks| marks.get(&number)?.upgrade())
}

/// One of the swaps that share the class.
#[derive(Debug)]
pub(super) struct Mark {
    shared: Rc<Shared>,
    /// How many swaps had replaced all the content when this one was done.
    replaced_before: u32,
}

#[derive(Debug)]
struct Shared {
    target: Element,
    /// What the class is called. The page may say something else until it is removed.
    names: Rc<Defaults>,
    is_set: Cell<bool>,
    replaced: Cell<u32>,
    /// That of the target, where the mark can be found by it.
    number: Cell<Option<u32>>,
    /// How many there were of the others when it was set up.
    others_before: u32,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let Some(number) = self.number.get() else { return };
        SHARED.with_borrow_mut(|marks| {
            // Another one may have taken its place.
            if marks
                .get(&number)
                .is_some_and(|mark| ptr::eq(mark.as_ptr(), self))
            {
                marks.remove(&number);
            }
        });
    }
}

impl Shared {
    /// This one takes the class away also for the mark that the next swap of the target would share, which is another one
    /// where this one was never shared or where that one has taken its place.
    fn unset_successor(&self) {
        let number = self.number.get().or_else(|| known_number(&self.target));
        let Some(successor) = number.and_then(registered) else {
            return;
        };
        if !ptr::eq(&*successor, self)
            && successor.names.settling == self.names.settling
            && successor.target == self.target
        {
            successor.is_set.set(false);
        }
    }
}

impl Mark {
    /// A mark of its own.
    pub(super) fn new(target: Element, names: &Rc<Defaults>) -> Self {
        let shared = Shared {
            target,
            names: Rc::clone(names),
            is_set: Cell::default(),
            replaced: Cell::default(),
            number: Cell::default(),
            others_before: OTHERS.get(),
        };
        Self {
            shared: Rc::new(shared),
            replaced_before: 0,
        }
    }

    /// Shares that of a swap before with the same target, if one has not settled yet and all since then have shared theirs.
    pub(super) fn share(&mut self) {
        let own = &self.shared;
        let number = number_of(&own.target);
        let is_like = |before: &Rc<Shared>| {
            Rc::ptr_eq(&before.names, &own.names)
                && before.others_before == own.others_before
                && before.target == own.target
        };
        if let Some(before) = registered(number).filter(is_like) {
            self.replaced_before = before.replaced.get();
            self.shared = before;
            return;
        }
        self.shared.number.set(Some(number));
        let mark = Rc::downgrade(&self.shared);
        SHARED.with_borrow_mut(|marks| drop(marks.insert(number, mark)));
    }

    pub(super) fn target(&self) -> &Element {
        &self.shared.target
    }

    /// The swap has replaced everything in the target.
    pub(super) fn replaces_all(&mut self) {
        self.replaced_before = self.shared.replaced.get() + 1;
        self.shared.replaced.set(self.replaced_before);
    }

    /// Whether a later swap has replaced what this one has put there.
    pub(super) fn is_superseded(&self) -> bool {
        self.shared.replaced.get() > self.replaced_before
    }

    /// Whether others have it too, one of which will take the class away.
    pub(super) fn is_shared(&self) -> bool {
        Rc::strong_count(&self.shared) > 1
    }

    /// Sets it together with the class of new content, for a target that is new itself.
    pub(super) fn set_with_added(&self) {
        self.note_others();
        self.shared.is_set.set(true);
        dom::add_classes(&self.shared.target, &self.shared.names.in_page().both);
    }

    /// Removes the class of new content from such a target.
    pub(super) fn remove_added(&self) {
        let names = self.shared.names.in_page();
        dom::reduce_classes(&self.shared.target, &names.both, &names.settling);
    }

    pub(super) fn set(&self) {
        self.note_others();
        if !self.shared.is_set.replace(true) {
            dom::add_classes(&self.shared.target, &self.shared.names.in_page().settling);
        }
    }

    fn note_others(&self) {
        if self.shared.number.get().is_none() {
            OTHERS.set(OTHERS.get().wrapping_add(1));
        }
    }

    pub(super) fn remove(&self) {
        if self.shared.is_set.replace(false) {
            // Before it is taken away, which may run code of the page.
            self.shared.unset_successor();
            dom::remove_classes(&self.shared.target, &self.shared.names.in_page().settling);
        }
    }
}
