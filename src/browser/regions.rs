//! Server-owned regions: elements whose content belongs to the server from the first swap on.
//!
//! Two things must not go wrong between a swap and Leptos, which keeps handles to the nodes that it
//! made. A region that was built in the browser may hold children that Leptos updates: their owner is
//! ended before the first swap, and the nodes stay, without anybody updating them, until the swap takes
//! them away. And a swap may replace the region's own element: when the component goes, its element is
//! put back in the place of whatever has followed it, so that Leptos finds what it is to remove. Until then the element has
//! a [stand-in](super::stand_in) for a parent, so that Leptos finds the place.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::mem;

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, Node};

use super::companions::Companions;
pub(crate) use super::companions::Side;
use super::stand_in::{Place, StandIn};
use super::{dom, live_elements, page};

thread_local! {
    /// The property by which a region is found from its element.
    static NUMBER: JsString = "__liveRegion".into();
    static REGIONS: RefCell<Vec<Region>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

struct Region {
    id: u64,
    element: Element,
    /// The element's number: comparing elements is a question to the page, and there may be hundreds of regions.
    number: f64,
    /// Ends the owner of the first children, where there is one.
    end: Option<Box<dyn FnOnce()>>,
    /// Ends what the component does with its element, once the element is another.
    replaced: Option<Box<dyn FnOnce()>>,
    /// What stands on the page in the element's place; empty while it stands there itself.
    successors: Vec<Node>,
    /// What messages have put before and after the element.
    beside: Option<Companions>,
    /// The element's parent while something else stands in its place.
    stand_in: Option<StandIn>,
    /// Where its successors were seen last, for when a script has taken them away.
    last_seen: Option<Place>,
}

/// A replaced element, and what is there in its stead.
struct Replaced {
    element: Element,
    /// Its parent meanwhile.
    parent: Node,
    /// Where its successors are while it is off the page.
    aside: DocumentFragment,
    successors: Vec<Node>,
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Region")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The number of an element that is or was a component's own.
fn number_of(element: &Element) -> Option<f64> {
    NUMBER.with(|name| dom::noted(element, name)).as_f64()
}

/// Enters the element of a component, how to end the owner of its first children, and what ends when a
/// swap puts something else in its place.
pub(crate) fn add(element: &Element, end: Option<Box<dyn FnOnce()>>, replaced: Box<dyn FnOnce()>) -> u64 {
    let id = NEXT.get();
    NEXT.set(id + 1);
    let number = number_of(element).unwrap_or_else(|| {
        let number = id as f64;
        NUMBER.with(|name| drop(Reflect::set(element, name, &number.into())));
        number
    });
    let (element, replaced) = (element.clone(), Some(replaced));
    let region = Region {
        id,
        element,
        number,
        end,
        replaced,
        successors: Vec::new(),
        beside: None,
        stand_in: None,
        last_seen: None,
    };
    REGIONS.with_borrow_mut(|regions| regions.push(region));
    id
}

/// Takes a region out again when its component goes, with its element back in its place.
pub(crate) fn remove(id: u64) {
    let removed: Vec<Region> =
        REGIONS.with_borrow_mut(|regions| regions.extract_if(.., |region| region.id == id).collect());
    for Region {
        element,
        successors,
        beside,
        stand_in,
        last_seen,
        ..
    } in removed
    {
        for node in beside.map(Companions::into_nodes).into_iter().flatten() {
            take_away(&node);
        }
        let mut is_back = false;
        for node in successors {
            let Some(parent) = node.parent_node() else {
                continue;
            };
            if is_back {
                take_away(&node);
                continue;
            }
            end_with(&node);
            is_back = parent.replace_child(&element, &node).is_ok();
        }
        // Where a script has taken the successors away, Leptos looks for the place all the same.
        let parent = element.parent_node();
        let is_away = stand_in.is_some_and(|stand_in| parent.as_ref() == Some(stand_in.parent()));
        if !is_back
            && is_away
            && let Some((parent, before)) = last_seen.and_then(still_there)
        {
            is_back = parent.insert_before(&element, before.as_ref()).is_ok();
        }
        if is_back {
            take_away_if_left(element);
        }
    }
}

/// Removes a node that Leptos knows nothing of, and ends what lives in it.
fn take_away(node: &Node) {
    end_with(node);
    if let Some(parent) = node.parent_node() {
        // It fails only for what is no child of its parent.
        let _ = parent.remove_child(node);
    }
}

fn end_with(node: &Node) {
    if let Some(element) = node.dyn_ref::<Element>() {
        live_elements::release_with(element);
    }
}

/// Removes an element that was put back for Leptos to remove, if Leptos is past that: rows of a list are unmounted
/// before their owners end. An element that was put to use again has a region of its own by then.
fn take_away_if_left(element: Element) {
    page::microtask(move || {
        let number = number_of(&element);
        let is_used =
            REGIONS.with_borrow(|regions| regions.iter().any(|region| Some(region.number) == number));
        if !is_used {
            dom::remove(&element);
        }
    });
}

/// Ends the owners of first children in the element and below it, before content changes there. The answer is the
/// elements of those that had one: whatever stands in them may still have handlers that count on it.
pub(crate) fn release(element: &Element) -> Vec<Element> {
    let ends: Vec<(Element, Box<dyn FnOnce()>)> = REGIONS.with_borrow_mut(|regions| {
        let unreleased = regions.iter_mut().filter(|region| region.end.is_some());
        unreleased
            .filter(|region| element.contains(Some(&region.element)))
            .filter_map(|region| Some((region.element.clone(), region.end.take()?)))
            .collect()
    });
    let released = ends.into_iter().map(|(element, end)| {
        end();
        element
    });
    released.collect()
}

/// Notes what is about to be put before or after a component's own element: Leptos takes only the element away.
pub(crate) fn accompany(element: &Element, content: &DocumentFragment, side: Side) {
    let number = number_of(element);
    REGIONS.with_borrow_mut(|regions| {
        for region in regions.iter_mut().filter(|region| Some(region.number) == number) {
            let nodes = content.child_nodes();
            let nodes = (0..nodes.length()).filter_map(|index| nodes.item(index));
            if region.beside.is_none() {
                region.beside = Companions::of(element);
            }
            if let Some(beside) = &region.beside {
                beside.add(nodes.collect(), side);
            }
        }
    });
}

/// Whether something must stand in this element's place, because Leptos looks for it there.
pub(crate) fn needs_successor(element: &Element) -> bool {
    let number = number_of(element);
    REGIONS.with_borrow(|regions| regions.iter().any(|region| region.stands_at(element, number)))
}

/// A component's own element, still in its place.
#[derive(Debug)]
pub(crate) struct OwnElement(f64);

impl OwnElement {
    /// `None` where the element is no component's own, or is replaced.
    pub(crate) fn of(element: &Element) -> Option<Self> {
        let number = number_of(element)?;
        let is_one = REGIONS.with_borrow(|regions| {
            let mut own = regions.iter().filter(|region| region.number == number);
            own.any(|region| region.successors.is_empty())
        });
        is_one.then_some(Self(number))
    }

    /// Notes that the element has changed where it stands, into something that the component knows nothing of.
    pub(crate) fn changed(&self, element: &Element) {
        replaced_as(element, Some(self.0), &[]);
    }
}

/// Whether something else stands in the place of a component's own element.
pub(crate) fn is_replaced(element: &Element) -> bool {
    let number = number_of(element);
    REGIONS.with_borrow(|regions| {
        let mut own = regions.iter().filter(|region| Some(region.number) == number);
        own.any(|region| !region.successors.is_empty())
    })
}

/// Notes that these nodes have taken the element's place.
pub(crate) fn replaced(element: &Element, by: &[Node]) {
    replaced_as(element, number_of(element), by);
}

fn replaced_as(element: &Element, number: Option<f64>, by: &[Node]) {
    let ends: Vec<Box<dyn FnOnce()>> = REGIONS.with_borrow_mut(|regions| {
        let meant = regions
            .iter_mut()
            .filter(|region| region.stands_at(element, number));
        meant
            .filter_map(|region| {
                region.successors.retain(|node| !node.is_same_node(Some(element)));
                region.successors.extend_from_slice(by);
                region.replaced.take()
            })
            .collect()
    });
    for end in ends {
        end();
    }
}

/// Gives an element that was just replaced a parent that knows its place, if it belongs to a component.
pub(crate) fn keep_findable(element: &Element) {
    let number = number_of(element);
    let id = REGIONS.with_borrow(|regions| {
        let mut own = regions.iter().filter(|region| Some(region.number) == number);
        own.find(|region| !region.successors.is_empty())
            .map(|region| region.id)
    });
    // Several may share an element, and one stand-in is enough.
    let Some(id) = id.filter(|_| element.parent_node().is_none()) else {
        return;
    };
    let stand_in = StandIn::of(element, move || place_of(id), move || follow(id));
    let before = with_region(id, |region| mem::replace(&mut region.stand_in, stand_in));
    // With nothing borrowed: it changes nodes.
    drop(before);
    see(id);
}

/// Before the first of what stands in the element's place, or where that has stood.
fn place_of(id: u64) -> Option<Place> {
    let first = standing(id)?.successors.into_iter().next();
    let place = first.and_then(|first| Some((first.parent_node()?, Some(first))));
    let last_seen = || with_region(id, |region| region.last_seen.clone()).flatten();
    place.or_else(|| last_seen().and_then(still_there))
}

/// A place of which the child may have gone elsewhere meanwhile.
fn still_there((parent, before): Place) -> Option<Place> {
    let before = before.filter(|before| before.parent_node().as_ref() == Some(&parent));
    Some((parent, before))
}

/// Notes where an element's successors stand.
fn see(id: u64) {
    let last = standing(id).and_then(|replaced| replaced.successors.into_iter().next_back());
    if let Some(place) = last.and_then(|last| Some((last.parent_node()?, last.next_sibling()))) {
        with_region(id, |region| region.last_seen = Some(place));
    }
}

/// Lets what stands for an element follow it to where its view has moved it, and off the page where its view has taken
/// it away for a while.
fn follow(id: u64) {
    let Some(replaced) = standing(id) else { return };
    let Replaced {
        element,
        parent,
        aside,
        successors,
    } = replaced;
    let found = element.parent_node();
    if found.as_ref() == Some(&parent) {
        return;
    }
    if let Some(found) = &found {
        let place = (found.clone(), element.next_sibling());
        with_region(id, |region| region.last_seen = Some(place));
    }
    for node in successors {
        let _ = match &found {
            Some(found) => found.insert_before(&node, Some(&element)),
            None => aside.append_child(&node),
        };
    }
    // Its own methods are those of the page's elements, but for one.
    let _ = parent.append_child(&element);
}

/// A replaced element with those of its successors that no script has taken away.
fn standing(id: u64) -> Option<Replaced> {
    REGIONS.with_borrow(|regions| {
        let region = regions.iter().find(|region| region.id == id)?;
        let stand_in = region.stand_in.as_ref()?;
        let successors = region
            .successors
            .iter()
            .filter(|node| node.parent_node().is_some());
        Some(Replaced {
            element: region.element.clone(),
            parent: stand_in.parent().clone(),
            aside: stand_in.aside().clone(),
            successors: successors.cloned().collect(),
        })
    })
}

fn with_region<T>(id: u64, act: impl FnOnce(&mut Region) -> T) -> Option<T> {
    REGIONS.with_borrow_mut(|regions| regions.iter_mut().find(|region| region.id == id).map(act))
}

impl Region {
    /// Whether it is this element, of this number, that stands in the region's place.
    fn stands_at(&self, element: &Element, number: Option<f64>) -> bool {
        if self.successors.is_empty() {
            return Some(self.number) == number;
        }
        self.successors
            .iter()
            .any(|node| node.is_same_node(Some(element)))
    }
}
