//! A server-owned region: an element whose first content comes from children, and all later content
//! from swaps.
//!
//! On the server the children are rendered, in the browser the element has none in its view. An element
//! without view children is a black box to hydration, so whatever stands in it when the page comes alive is left as it is, also when
//! an event has changed it before. Built in the browser, the children are mounted in an owner of
//! their own, which the swap engine ends before it changes them.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::tachys::view::any_view::AnyView;
use leptos::tachys::view::{Mountable, Render};
use web_sys::Element;

use super::lifetime::Lifetime;
use super::live_context::child_owner;
use crate::browser::dom::element_children;
use crate::browser::{page, processors, regions};

/// The first content of a region on its way to the element.
#[derive(Clone)]
pub(super) struct Region(Content);

/// Nothing on the server, or without children.
type Content = Option<Arc<Mutex<Option<(Owner, AnyView)>>>>;

impl Region {
    /// Runs the children. On the server this gives the view to render, in the browser the content to
    /// mount.
    ///
    /// On both sides they have an owner of their own, so that a context which they provide is seen by the same parts of the
    /// page on both.
    pub(super) fn new(children: Option<Children>) -> (Option<OwnedView<AnyView>>, Self) {
        let Some(children) = children else {
            return (None, Self(None));
        };
        let owner = child_owner();
        // Run in hydration too, although its view is not used then: what children take from the
        // request's counters must be taken on both sides.
        let view = owner.with(children);
        if !page::is_browser() {
            return (Some(OwnedView::new_with_owner(view, owner)), Self(None));
        }
        (None, Self(Some(Arc::new(Mutex::new(Some((owner, view)))))))
    }

    /// Gives the element its first content, unless the server has done so, and makes it live. Once,
    /// and until the lifetime ends; `replaced` runs when a swap puts something else in its place.
    pub(super) fn fill(&self, element: &Element, lifetime: Lifetime, replaced: impl FnOnce() + 'static) {
        lifetime.start(|| {
            let content = self.0.as_ref();
            let content =
                content.and_then(|content| content.lock().unwrap_or_else(PoisonError::into_inner).take());
            let is_filled = element.has_child_nodes();
            let end = content.and_then(|(owner, view)| {
                if is_filled {
                    owner.cleanup();
                    return None;
                }
                Some(mount(element, owner, view))
            });
            if end.is_none() {
                for child in element_children(element) {
                    processors::process(&child);
                }
            }
            let id = regions::add(element, end, Box::new(replaced));
            move || regions::remove(id)
        });
    }
}

/// Mounts first children, and returns how to end their owner.
fn mount(element: &Element, owner: Owner, view: AnyView) -> Box<dyn FnOnce()> {
    let mut state = owner.with(|| view.build());
    state.mount(element, None);
    Box::new(move || {
        owner.cleanup();
        // Dropped without unmounting: the nodes stay until the swap takes them away.
        drop(state);
    })
}
