//! Putting siblings in the order of the payload, with as few moves as there can be.
//!
//! Everything is placed in front of something that stays: an element that does not move, a text that may be taken
//! over, or what stands behind all of them. What leaves or moves away later may stand between; it does not matter where.

use js_sys::JsString;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, Node};

use super::carry_out::Changes;
use super::elsewhere::{Elsewhere, insert_with};
use super::siblings::{Child, Fate, Siblings};
use super::survey::Survey;
use super::{moving, order};

#[wasm_bindgen]
extern "C" {
    /// Text or a comment, whose content is not copied.
    #[wasm_bindgen(extends = Node)]
    type Data;

    #[wasm_bindgen(method, structural, getter, js_name = nodeValue)]
    fn value(this: &Data) -> JsString;

    #[wasm_bindgen(method, structural, setter, js_name = nodeValue)]
    fn set_value(this: &Data, value: &JsString);
}

/// Places the children of one element and notes which of them have to leave.
pub(super) fn place(siblings: Siblings, survey: &Survey, elsewhere: &Elsewhere, changes: &mut Changes<'_>) {
    let Siblings {
        parent,
        old,
        new,
        end,
    } = siblings;
    let mut row = Row::new(&old, end, &new, survey);
    for (at, (child, fate)) in new.iter().enumerate() {
        let bound = row.bound(at);
        match fate {
            Fate::Kept(place) if *place == bound => row.pass(bound),
            Fate::Kept(place) => {
                row.keep(*place);
                if let Some(kept) = old.get(*place) {
                    moving::put(survey, &parent, &kept.node, row.next(bound));
                }
            }
            Fate::Fetched(element) => moving::put(survey, &parent, element, row.next(bound)),
            Fate::Data => match row.take_data(&child.name, bound) {
                Some(data) => write(data, &child.node),
                None => moving::insert(&parent, &child.node, row.next(bound)),
            },
            Fate::Inserted(fetched) => {
                survey.remember(&child.node);
                let before = row.next(bound);
                insert_with(fetched, survey, || moving::insert(&parent, &child.node, before));
                changes.inserted(child.element());
            }
        }
    }
    let left = row.left(|element| !elsewhere.has_found(element));
    changes.leave(parent, left);
}

fn write(old: &Node, new: &Node) {
    let (old, new) = (old.unchecked_ref::<Data>(), new.unchecked_ref::<Data>());
    let value = new.value();
    // Writing what is there already would lose what is selected in it.
    if old.value() != value {
        old.set_value(&value);
    }
}

/// The old children as they stand, walked from left to right.
struct Row<'o> {
    old: &'o [Child],
    end: Option<Node>,
    /// For each new child the first of those that stay which stands at or behind it, by its old place.
    bounds: Vec<usize>,
    /// Up to where the row has been walked.
    cursor: usize,
    is_kept: Vec<bool>,
}

impl<'o> Row<'o> {
    fn new(old: &'o [Child], end: Option<Node>, new: &[(Child, Fate)], survey: &Survey) -> Self {
        let places = new.iter().map(|(_, fate)| match fate {
            Fate::Kept(place) => Some(*place),
            _ => None,
        });
        let places: Vec<_> = places.collect();
        let sequence: Vec<_> = places.iter().copied().flatten().collect();
        let pinned = (!order::is_in_order(&sequence))
            .then(|| survey.focused_among(old))
            .flatten();
        let mut stays = order::staying(&sequence, pinned).into_iter().rev();
        let mut bound = old.len();
        let bounds = places.iter().rev().map(|place| {
            if let Some(place) = place.filter(|_| stays.next() == Some(true)) {
                bound = place;
            }
            bound
        });
        let mut bounds: Vec<_> = bounds.collect();
        bounds.reverse();
        Self {
            old,
            end,
            bounds,
            cursor: 0,
            is_kept: vec![false; old.len()],
        }
    }

    fn bound(&self, new: usize) -> usize {
        self.bounds.get(new).copied().unwrap_or(self.old.len())
    }

    fn keep(&mut self, place: usize) {
        if let Some(is_kept) = self.is_kept.get_mut(place) {
            *is_kept = true;
        }
    }

    /// Goes past a child that stays where it is.
    fn pass(&mut self, place: usize) {
        self.keep(place);
        self.cursor = place + 1;
    }

    /// The next text or comment before the bound: no element between has to be passed again.
    fn next_data(&mut self, bound: usize) -> Option<&'o Child> {
        while self.cursor < bound {
            let child = self.old.get(self.cursor)?;
            if child.is_data() {
                return Some(child);
            }
            self.cursor += 1;
        }
        None
    }

    /// What the next child is to be placed in front of.
    fn next(&mut self, bound: usize) -> Option<&Node> {
        if let Some(data) = self.next_data(bound) {
            return Some(&data.node);
        }
        self.old.get(bound).map(|child| &child.node).or(self.end.as_ref())
    }

    /// The next of this kind before the bound, to be written over.
    fn take_data(&mut self, name: &str, bound: usize) -> Option<&'o Node> {
        while let Some(child) = self.next_data(bound) {
            let place = self.cursor;
            self.cursor += 1;
            if child.name == name {
                self.keep(place);
                return Some(&child.node);
            }
        }
        None
    }

    /// The children that have no place any more.
    fn left(self, leaves: impl Fn(&Element) -> bool) -> Vec<Node> {
        let children = self.old.iter().zip(self.is_kept);
        let left =
            children.filter(|(child, is_kept)| !is_kept && (child.is_data() || leaves(child.element())));
        left.map(|(child, _)| child.node.clone()).collect()
    }
}
