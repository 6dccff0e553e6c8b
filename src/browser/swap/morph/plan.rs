//! The comparison of two trees: what is to be done, written down before anything is.
//!
//! It keeps its own list of what is still to be compared, as trees may be deeper than a stack.

use web_sys::{DocumentFragment, Element, Node};

use super::elsewhere::Elsewhere;
use super::left_alone::Reach;
use super::siblings::{Comparison, Fate, Siblings, compare};
use super::survey::Survey;
use crate::browser::dom;

/// An element of the page and what it is to become.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) old: Element,
    pub(super) new: Element,
    pub(super) name: String,
}

/// What is to be done about one element and its children.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The element, unless only its children are meant.
    pub(super) pair: Option<Pair>,
    pub(super) children: Option<Siblings>,
}

/// Everything that is to be done, parents first.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) elsewhere: Elsewhere,
}

/// Compares from the top.
#[derive(Debug)]
pub(super) struct Planner<'s> {
    survey: &'s Survey,
    elsewhere: Elsewhere,
    pending: Vec<Pair>,
    steps: Vec<Step>,
}

impl<'s> Planner<'s> {
    pub(super) fn new(survey: &'s Survey, content: &DocumentFragment) -> Self {
        Self {
            survey,
            elsewhere: Elsewhere::new(content),
            pending: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Plans to make the children of one node like those of another.
    pub(super) fn compare_inside(&mut self, old: &Element, new: &Node) {
        let children = self.children(&inside(old, &old.node_name()), new);
        self.steps.push(Step { pair: None, children });
    }

    /// Plans to make one element like another of the same name.
    pub(super) fn compare(&mut self, old: Element, new: Element, name: String) {
        self.pending.push(Pair { old, new, name });
    }

    /// Goes on until nothing is left to compare.
    pub(super) fn finish(mut self) -> Plan {
        while let Some(pair) = self.pending.pop() {
            let children = match Reach::of(self.survey, &pair.old, &pair.new, &pair.name) {
                Reach::Nothing => continue,
                Reach::Attributes => None,
                Reach::Everything => {
                    let (old, new) = (inside(&pair.old, &pair.name), inside(&pair.new, &pair.name));
                    self.children(&old, &new)
                }
            };
            let pair = Some(pair);
            self.steps.push(Step { pair, children });
        }
        Plan {
            steps: self.steps,
            elsewhere: self.elsewhere,
        }
    }

    fn children(&mut self, parent: &Node, new_parent: &Node) -> Option<Siblings> {
        let Comparison {
            old,
            new,
            end,
            matching,
        } = compare(self.survey, parent, new_parent)?;
        let new = new.into_iter().enumerate().map(|(at, child)| {
            let kept = matching
                .old_of(at)
                .and_then(|place| Some((place, old.get(place)?)));
            let fate = match kept {
                _ if child.is_data() => Fate::Data,
                Some((place, kept)) => {
                    if !self.survey.are_alike(&kept.node, &child.node) {
                        self.compare(
                            kept.element().clone(),
                            child.element().clone(),
                            child.name.clone(),
                        );
                    }
                    Fate::Kept(place)
                }
                None => self.newcomer(child.element(), &child.name),
            };
            (child, fate)
        });
        let new = new.collect();
        let parent = parent.clone();
        Some(Siblings {
            parent,
            old,
            new,
            end,
        })
    }

    /// What becomes of an element that none of the siblings is.
    fn newcomer(&mut self, new: &Element, name: &str) -> Fate {
        if let Some(old) = self.elsewhere.find(self.survey, new) {
            self.compare(old.clone(), new.clone(), name.to_owned());
            return Fate::Fetched(old);
        }
        let fetched = self.elsewhere.find_inside(self.survey, new);
        for fetched in &fetched {
            let name = fetched.place.node_name();
            self.compare(fetched.element.clone(), fetched.place.clone(), name);
        }
        Fate::Inserted(fetched)
    }
}

/// Where the children of an element are: those of a template are in a fragment of its own.
fn inside(element: &Element, name: &str) -> Node {
    if name == "TEMPLATE" {
        dom::content_of(element)
    } else {
        element.clone().into()
    }
}
