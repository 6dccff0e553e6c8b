//! Elements of the page that the payload shows under another parent: found by id, and moved there.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use web_sys::{DocumentFragment, Element};

use super::identity::{id_of, is_script};
use super::moving;
use super::survey::Survey;
use crate::browser::{dom, page};

/// An element of the page, and the payload's element in whose place it is to stand.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) element: Element,
    pub(super) place: Element,
}

/// Who can be found by id, and who has been.
#[derive(Debug)]
pub(super) struct Elsewhere {
    content: DocumentFragment,
    /// Read only when something is new and its id is known to the page: most payloads never need it.
    index: OnceCell<Index>,
    found: HashSet<String>,
}

#[derive(Debug)]
struct Index {
    /// The page's elements; nobody, where several have the id.
    old: HashMap<String, Option<Element>>,
    /// How often an id occurs in the payload.
    new: HashMap<String, u32>,
}

impl Elsewhere {
    pub(super) fn new(content: &DocumentFragment) -> Self {
        Self {
            content: content.clone(),
            index: OnceCell::new(),
            found: HashSet::new(),
        }
    }

    /// The page's element that this new one is. As an id that occurs once in the payload is asked for once, nobody
    /// is found twice.
    pub(super) fn find(&mut self, survey: &Survey, new: &Element) -> Option<Element> {
        let id = id_of(new)?;
        // The page looks ids up at once; an index of them is made only if that finds something.
        let shown = survey
            .document
            .as_ref()
            .map(|document| document.get_element_by_id(&id));
        if matches!(shown, Some(None)) {
            return None;
        }
        let index = self
            .index
            .get_or_init(|| Index::of(&survey.target, &self.content));
        if index.new.get(&id) != Some(&1) {
            return None;
        }
        let found = match index.old.get(&id) {
            Some(only) => only.clone()?,
            // What is to be preserved may come from anywhere in the page.
            None => shown.flatten().filter(|_| survey.is_preserved(new))?,
        };
        let name = new.node_name();
        let is_the_same = found.node_name() == name
            && !is_script(&name)
            && !found.contains(Some(&survey.target))
            && !survey.is_inside_frozen(&found);
        is_the_same.then(|| {
            self.found.insert(id);
            found
        })
    }

    /// The page's elements that belong somewhere inside a new one.
    pub(super) fn find_inside(&mut self, survey: &Survey, new: &Element) -> Vec<Fetched> {
        let mut fetched: Vec<Fetched> = Vec::new();
        for place in dom::select_all(new, "[id]") {
            // What is inside one that was found is compared with it.
            let is_inside = fetched
                .last()
                .is_some_and(|last| last.place.contains(Some(&place)));
            if is_inside {
                continue;
            }
            if let Some(element) = self.find(survey, &place) {
                fetched.push(Fetched { element, place });
            }
        }
        fetched
    }

    /// Whether an element without a place among its siblings has one elsewhere.
    pub(super) fn has_found(&self, element: &Element) -> bool {
        !self.found.is_empty() && id_of(element).is_some_and(|id| self.found.contains(&id))
    }
}

impl Index {
    fn of(target: &Element, content: &DocumentFragment) -> Self {
        let mut old: HashMap<String, Option<Element>> = HashMap::new();
        for element in dom::select_all(target, "[id]") {
            let Some(id) = id_of(&element) else { continue };
            old.entry(id)
                .and_modify(|known| *known = None)
                .or_insert(Some(element));
        }
        let mut new: HashMap<String, u32> = HashMap::new();
        for element in dom::select_all(content, "[id]") {
            let Some(id) = id_of(&element) else { continue };
            *new.entry(id).or_default() += 1;
        }
        Self { old, new }
    }
}

/// Inserts new content, and the page's own elements into it. They come when it stands in the page, where they can be
/// moved without being taken out; until then a comment holds the place, so that the payload's element is never shown.
pub(super) fn insert_with(fetched: &[Fetched], survey: &Survey, insert: impl FnOnce()) {
    let document = page::document();
    let stand_ins = fetched.iter().filter_map(|fetched| {
        let stand_in = document.as_ref()?.create_comment("");
        let is_in_place = fetched.place.replace_with_with_node_1(&stand_in).is_ok();
        is_in_place.then_some((&fetched.element, stand_in))
    });
    let stand_ins: Vec<_> = stand_ins.collect();
    insert();
    for (element, stand_in) in stand_ins {
        if let Some(parent) = stand_in.parent_node() {
            moving::put(survey, &parent, element, Some(&stand_in));
            let _ = parent.remove_child(&stand_in);
        }
    }
}
