//! The children of one element before and after: which of them are the same.
//!
//! What is equal at the beginning and at the end is left out at once, so that a list in which one row has changed
//! costs one comparison per row. Only what lies between is looked at closely, with as few calls into the browser as
//! its nodes need.

use js_sys::{JsString, Map};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

use super::elsewhere::Fetched;
use super::identity::{Identity, marks};
use super::matching::Matching;
use super::survey::Survey;

#[wasm_bindgen]
extern "C" {
    /// An element whose markup is read without a copy.
    #[wasm_bindgen(extends = Element)]
    type Markup;

    #[wasm_bindgen(method, structural, getter, js_name = outerHTML)]
    fn outer_html(this: &Markup) -> JsString;
}

/// A child that may have to change.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) node: Node,
    pub(super) name: String,
    identity: Identity,
}

/// What becomes of a child of the payload.
#[derive(Debug)]
pub(super) enum Fate {
    /// Text or a comment, which may take over any that stands there.
    Data,
    /// It is the old child with this place.
    Kept(usize),
    /// It is an element that stands elsewhere.
    Fetched(Element),
    /// It is new. Elements of the page that stand elsewhere come into it.
    Inserted(Vec<Fetched>),
}

/// The children that differ, between those at both ends that are equal.
#[derive(Debug)]
pub(super) struct Siblings {
    pub(super) parent: Node,
    pub(super) old: Vec<Child>,
    pub(super) new: Vec<(Child, Fate)>,
    /// What stands behind them and stays.
    pub(super) end: Option<Node>,
}

/// The children that differ, and which of them are the same nevertheless.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) old: Vec<Child>,
    pub(super) new: Vec<Child>,
    pub(super) end: Option<Node>,
    pub(super) matching: Matching,
}

impl Child {
    fn of(node: Node) -> Self {
        let name = node.node_name();
        // The names of what is no element begin with this mark, except for those that no parser of HTML makes.
        let element = (!name.starts_with('#'))
            .then(|| node.dyn_ref::<Element>())
            .flatten();
        let identity = element.map_or(Identity::Data, |element| Identity::of(element, &name));
        Self { node, name, identity }
    }

    pub(super) fn is_data(&self) -> bool {
        matches!(self.identity, Identity::Data)
    }

    pub(super) fn element(&self) -> &Element {
        self.node.unchecked_ref()
    }

    fn key(&self) -> Option<&str> {
        match &self.identity {
            Identity::Keyed(key) => Some(key),
            _ => None,
        }
    }

    fn kind(&self) -> Option<&str> {
        match &self.identity {
            Identity::Like(kind) => Some(kind),
            _ => None,
        }
    }

    /// Whether it may be matched with one that is equal.
    fn is_nameless(&self) -> bool {
        matches!(self.identity, Identity::Like(_) | Identity::Whole)
    }
}

/// Compares the children of two nodes; `None` when they are all equal.
pub(super) fn compare(survey: &Survey, old: &Node, new: &Node) -> Option<Comparison> {
    let (mut first_old, mut first_new) = (old.first_child(), new.first_child());
    while let (Some(old), Some(new)) = (&first_old, &first_new) {
        if !survey.are_alike(old, new) {
            break;
        }
        (first_old, first_new) = (old.next_sibling(), new.next_sibling());
    }
    if first_old.is_none() && first_new.is_none() {
        return None;
    }
    let (mut old, mut new) = (all_from(first_old), all_from(first_new));
    let mut end = None;
    while let (Some(last_old), Some(last_new)) = (old.last(), new.last()) {
        if !survey.are_alike(last_old, last_new) {
            break;
        }
        end = old.pop();
        new.pop();
    }
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let old: Vec<_> = old.into_iter().map(Child::of).collect();
    let new: Vec<_> = new.into_iter().map(Child::of).collect();
    let matching = match_up(&old, &new);
    Some(Comparison {
        old,
        new,
        end,
        matching,
    })
}

fn all_from(first: Option<Node>) -> Vec<Node> {
    std::iter::successors(first, Node::next_sibling).collect()
}

fn match_up(old: &[Child], new: &[Child]) -> Matching {
    let mut matching = Matching::new(old.len(), new.len());
    matching.by_word(listed(old, Child::key), listed(new, Child::key));
    if is_open(&matching, old, new) {
        match_equals(&mut matching, old, new);
    }
    if is_open(&matching, old, new) {
        let marks_of = |children: &[Child], is_free: &dyn Fn(usize) -> bool| -> Vec<(usize, Vec<String>)> {
            let free = listed(children, Child::kind).filter(|(at, _)| is_free(*at));
            free.filter_map(|(at, kind)| Some((at, marks(children.get(at)?.element(), kind))))
                .collect()
        };
        let old = marks_of(old, &|at| matching.is_old_free(at));
        let new = marks_of(new, &|at| matching.is_new_free(at));
        matching.by_most_words(&old, &new);
    }
    matching.by_place(listed(old, Child::kind), listed(new, Child::kind));
    matching
}

fn listed<'c, W: 'c>(
    children: &'c [Child],
    word: impl Fn(&'c Child) -> Option<W> + 'c,
) -> impl Iterator<Item = (usize, W)> + 'c {
    let children = children.iter().enumerate();
    children.filter_map(move |(at, child)| Some((at, word(child)?)))
}

/// Whether it is a question who is who: both sides have children without a name left, and those are not just one each
/// in the same place. A script is never the same by its place alone.
fn is_open(matching: &Matching, old: &[Child], new: &[Child]) -> bool {
    let nameless = |child: &Child| child.is_nameless().then_some(());
    let free_old = listed(old, nameless)
        .filter(|(at, ())| matching.is_old_free(*at))
        .count();
    let free_new = listed(new, nameless)
        .filter(|(at, ())| matching.is_new_free(*at))
        .count();
    let has_script = || {
        old.iter()
            .any(|child| child.is_nameless() && child.kind().is_none())
    };
    free_old > 0 && free_new > 0 && (free_old > 1 || free_new > 1 || matching.is_begun() || has_script())
}

/// Matches what is equal wherever it stands. The markup is the word, which the browser's own map looks up, so that no
/// pair has to be compared and nothing is copied.
fn match_equals(matching: &mut Matching, old: &[Child], new: &[Child]) {
    let known = Map::new();
    let markup_of = |child: &Child| {
        child
            .is_nameless()
            .then(|| child.element().unchecked_ref::<Markup>().outer_html())
    };
    let mut old_words = Vec::new();
    for (at, child) in old.iter().enumerate().filter(|(at, _)| matching.is_old_free(*at)) {
        let Some(markup) = markup_of(child) else { continue };
        let word = known.get(&markup).as_f64().unwrap_or_else(|| {
            let word = f64::from(known.size());
            known.set(&markup, &JsValue::from_f64(word));
            word
        });
        old_words.push((at, word as u32));
    }
    let mut new_words = Vec::new();
    for (at, child) in new.iter().enumerate().filter(|(at, _)| matching.is_new_free(*at)) {
        let word = markup_of(child).and_then(|markup| known.get(&markup).as_f64());
        new_words.extend(word.map(|word| (at, word as u32)));
    }
    matching.by_word(old_words, new_words);
}
