//! What a view finds where it looks for an element that a message has replaced.
//!
//! A list of a view keeps the elements of its rows, and puts a new row before the element of the next one. An element that
//! a message has replaced has no parent, so that the new row would go to the end of the list. And a row that moves would
//! bring its old element back beside what has replaced it.
//!
//! So the replaced element gets a parent of its own, outside of the page. What is put before the element there is put before
//! what stands in its place; and when the element leaves for the page, what stands for it follows.

use std::fmt;

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, MutationObserver, MutationObserverInit, Node};

use super::page;

/// Stands in for the page as the parent of a replaced element, until dropped.
pub(crate) struct StandIn {
    parent: Element,
    observer: MutationObserver,
    _insert: Closure<dyn Fn(Node, JsValue) -> Node>,
    _moved: Closure<dyn Fn()>,
}

impl StandIn {
    /// Takes a replaced element in. `place` finds what stands for it now; `moved` runs soon after it came or went.
    pub(crate) fn of(
        element: &Element,
        place: impl Fn() -> Option<Node> + 'static,
        moved: impl Fn() + 'static,
    ) -> Option<Self> {
        let parent = page::document()?.create_element("div").ok()?;
        let replaced = element.clone();
        let insert = Closure::<dyn Fn(Node, JsValue) -> Node>::new(move |new: Node, before: JsValue| {
            let before = before.dyn_into::<Node>().ok();
            let elsewhere = before.filter(|before| !before.is_same_node(Some(&replaced)));
            if let Some(before) = elsewhere.or_else(&place)
                && let Some(parent) = before.parent_node()
            {
                // It fails only for what holds its own parent.
                let _ = parent.insert_before(&new, Some(&before));
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
            observer,
            _insert: insert,
            _moved: run,
        })
    }

    pub(crate) fn parent(&self) -> &Element {
        &self.parent
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
    }
}
