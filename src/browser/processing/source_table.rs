//! The sources of the page by their elements, for what stands inside one and looks for it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::browser::table::Table;

/// Sources of one kind. Elements carry a number as a property of this name, and the table knows whose it is.
#[derive(Debug)]
pub(super) struct SourceTable<S> {
    property: &'static str,
    sources: RefCell<Table<u32, Weak<S>>>,
    next: Cell<u32>,
}

impl<S> SourceTable<S> {
    pub(super) const fn new(property: &'static str) -> Self {
        Self {
            property,
            sources: RefCell::new(Table::new()),
            next: Cell::new(1),
        }
    }

    /// Makes a source findable from its element and those below.
    pub(super) fn set(&self, element: &Element, source: &Rc<S>) {
        let id = self.next.get();
        self.next.set(id.wrapping_add(1));
        let mut sources = self.sources.borrow_mut();
        sources.retain(|source| source.strong_count() > 0);
        sources.insert(id, Rc::downgrade(source));
        let _ = Reflect::set(element, &JsValue::from_str(self.property), &JsValue::from(id));
    }

    /// The source of this very element.
    pub(super) fn own(&self, element: &Element) -> Option<Rc<S>> {
        self.at(element, &JsValue::from_str(self.property))
    }

    /// The source of an element, or of the nearest one around it (SSE-09, WSC-13).
    pub(super) fn nearest(&self, element: &Element) -> Option<Rc<S>> {
        let property = JsValue::from_str(self.property);
        let mut at = Some(element.clone());
        while let Some(element) = at {
            if let Some(found) = self.at(&element, &property) {
                return Some(found);
            }
            at = element.parent_element();
        }
        None
    }

    /// The sources that somebody keeps.
    pub(super) fn all(&self) -> Vec<Rc<S>> {
        let sources = self.sources.borrow();
        sources
            .iter()
            .filter_map(|(_, source)| source.upgrade())
            .collect()
    }

    fn at(&self, element: &Element, property: &JsValue) -> Option<Rc<S>> {
        let id = Reflect::get(element, property).ok()?.as_f64()?;
        self.sources.borrow().get(&(id as u32)).and_then(Weak::upgrade)
    }
}
