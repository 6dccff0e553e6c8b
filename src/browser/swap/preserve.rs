//! `hx-preserve`: elements of the page that stay although the payload brings one with the same id (SWP-29).

use js_sys::JsString;
use web_sys::{DocumentFragment, Element};

use super::morph::{PRESERVED, relocate};
use crate::browser::{dom, page};

thread_local! {
    static WANTED: JsString = PRESERVED.into();
}

/// Elements that wait aside while the content around them is swapped.
#[derive(Debug, Default)]
pub(super) struct Preserved {
    /// Each with the element of the payload whose place it takes.
    kept: Vec<(Element, Element)>,
    /// Where they wait: in the document, because a frame or a video that leaves it begins anew.
    holder: Option<Element>,
}

impl Preserved {
    /// Takes aside what the page has of the payload's preserved elements.
    pub(super) fn take_aside(content: &DocumentFragment) -> Self {
        let Some(document) = page::document() else {
            return Self::default();
        };
        if !WANTED.with(|wanted| dom::has_any(content, wanted)) {
            return Self::default();
        }
        let wanted = dom::select_all(content, PRESERVED).into_iter();
        let kept: Vec<_> = wanted
            .filter_map(|place| Some((document.get_element_by_id(&dom::id_of(&place))?, place)))
            .collect();
        if kept.is_empty() {
            return Self::default();
        }
        let holder = document.create_element("div").ok().inspect(|holder| {
            let _ = holder.set_attribute("hidden", "");
            let _ = document.document_element().map(|root| root.append_child(holder));
        });
        if let Some(holder) = &holder {
            for (element, _) in &kept {
                relocate(holder, element, None);
            }
        }
        Self { kept, holder }
    }

    /// Puts them in the places that the payload had for them.
    pub(super) fn put_back(self) {
        for (element, place) in self.kept {
            if let Some(parent) = place.parent_node() {
                relocate(&parent, &element, Some(&place));
                dom::remove(&place);
            }
        }
        if let Some(holder) = self.holder {
            // What found no place goes with it.
            crate::browser::live_elements::release_inside(&holder);
            holder.remove();
        }
    }
}
