//! What a view finds where it looks for an element that a message has replaced.
//!
//! A list of a view keeps the elements of its rows, and puts a new row before the element of the next one. An element that
//! a message has replaced has no parent, so that the new row would go to the end of the list. And a row that moves would
//! bring its old element back beside what has replaced it.
//!
//! So the replaced element gets a parent of its own, outside of the page. What is put before the element there is put before
//! what stands in its place; and when the element leaves for the page, what stands for it follows. What Leptos takes off
//! the page for a while, as a Suspense does, leaves with what stands for it, and comes back with it.

use std::fmt;

use js_sys::{Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DocumentFragment, Element, MutationObserver, MutationObserverInit, Node};

use super::page;

/// A parent, and the child before which something goes there; its end where there is none.
pub(crate) type Place = (Node, Option<Node>);

/// Stands in for the page as the parent of a replaced element, until dropped.
pub(crate) struct StandIn {
    parent: Element,
    /// Where that is which stands for the element, while Leptos has taken the element off the page.
    aside: DocumentFragment,
    observer: MutationObserver,
    _insert: Closure<dyn Fn(Node, JsValue) -> Node>,
    _moved: Closure<dyn Fn()>,
}

impl StandIn {
    /// Takes a replaced element in. `place` finds where it would stand now; `moved` runs soon after it came or went.
    pub(crate) fn of(
        element: &Element,
        place: impl Fn() -> Option<Place> + 'static,
        moved: impl Fn() + 'static,
    ) -> Option<Self> {
        let document = page::document()?;
        let parent = document.create_element("div").ok()?;
        let replaced = element.clone();
        let insert = Closure::<dyn Fn(Node, JsValue) -> Node>::new(move |new: Node, before: JsValue| {
            let before = before.dyn_into::<Node>().ok();
            let elsewhere = before.filter(|before| !before.is_same_node(Some(&replaced)));
            let found = match elsewhere {
                Some(before) => before.parent_node().map(|parent| (parent, Some(before))),
                None => place(),
            };
            if let Some((parent, before)) = found {
                // It fails only for what holds its own parent.
                let _ = parent.insert_before(&new, before.as_ref());
            }
            new
        });
        parent.append_child(element).ok()?;
        Reflect::set(&parent, &JsValue::from_str("insertBefore"), insert.as_ref()).ok()?;
        let run = Closure::<dyn Fn()>::new(moved);
        let observer = MutationObserver::new(run.as_ref().unchecked_ref()).ok()?;
        let init = MutationObserverInit::new();
        init.set_child_list(true);
        observer.observe_with_options(&parent, &init).ok()?;
        Some(Self {
            parent,
            aside: document.create_document_fragment(),
            observer,
            _insert: insert,
            _moved: run,
        })
    }

    pub(crate) fn parent(&self) -> &Node {
        &self.parent
    }

    pub(crate) fn aside(&self) -> &DocumentFragment {
        &self.aside
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandIn")
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.observer.disconnect();
        // An element that nobody has put back must not stay in a parent whose method is gone.
        self.parent.set_text_content(None);
        let parent: &Object = self.parent.unchecked_ref();
        let _ = Reflect::delete_property(parent, &JsValue::from_str("insertBefore"));
    }
}
