//! Settling: what happens a moment after new content was inserted.
//!
//! New elements first show the old attributes of the elements they replace, so that changing to
//! their own starts CSS transitions (SET-04), and carry `htmx-added` until then (SET-01). All swaps
//! share one timer: a stream of hundreds of messages a second must not start a timer for each.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlElement};

use super::defaults::{Defaults, defaults};
use super::mark::Mark;
use super::scroll;
use super::when_settled::WhenSettled;
use crate::browser::dom_events::{Burst, Detail, dispatch, dispatch_again};
use crate::browser::event_names::{AFTER_SETTLE, AFTER_SWAP, LOAD};
use crate::browser::timer::Timer;
use crate::browser::{dom, page};
use crate::grammar::SwapSpec;

thread_local! {
    static PENDING: RefCell<Pending> = const { RefCell::new(Pending::new()) };
}

/// The values that an element's carried-over attributes will have.
type Carried = Vec<(Cow<'static, str>, Option<String>)>;

/// How many swaps wait to settle at most. The browser may hand over a burst of any length in one go.
const MOST_WAITING: usize = 2000;

/// When it is due, what it is, and the modifiers that apply afterwards.
type Waiting = (f64, Settling, SwapSpec);

#[derive(Debug)]
struct Pending {
    waiting: VecDeque<Waiting>,
    timer: Option<(f64, Timer)>,
}

impl Pending {
    const fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            timer: None,
        }
    }
}

/// Inserted content that has not settled yet.
#[derive(Debug)]
pub(super) struct Settling {
    /// Who is told of it, and scrolled: the target, or what has taken its place (SET-11). Each is told the same twice.
    changed: Vec<(Mark, Detail)>,
    inserted: Vec<Element>,
    /// The target itself counts as new, and nothing else does.
    is_of_target: bool,
    /// It settles before its time, to make room for others.
    is_early: bool,
    attributes: Vec<(Element, Carried)>,
    /// What its classes are called. The page may say something else until they are removed.
    names: Rc<Defaults>,
    settled: Option<WhenSettled>,
}

impl Settling {
    pub(super) fn new(target: Element, inserted: Vec<Element>) -> Self {
        let names = defaults();
        Self {
            changed: vec![told(target, &names)],
            inserted,
            is_of_target: false,
            is_early: false,
            attributes: Vec::new(),
            names,
            settled: None,
        }
    }

    /// The target has become what was inserted.
    pub(super) fn of_new(target: &Element) -> Self {
        Self {
            is_of_target: true,
            ..Self::new(target.clone(), vec![target.clone()])
        }
    }

    /// It shares the class of its target with the swaps before that have the same one.
    pub(super) fn following(mut self) -> Self {
        if let Some((mark, _)) = self.changed.first_mut() {
            mark.share();
        }
        self
    }

    /// The same, and whatever was in the target before is gone.
    pub(super) fn replacing_all(self) -> Self {
        let mut following = self.following();
        if let Some((mark, _)) = following.changed.first_mut() {
            mark.replaces_all();
        }
        following
    }

    /// The target is gone, and what was inserted stands in its place.
    pub(super) fn in_its_place(mut self) -> Self {
        let changed = self.inserted.iter().cloned();
        self.changed = changed.map(|element| told(element, &self.names)).collect();
        self
    }

    /// Lets somebody know when it has settled.
    pub(super) fn telling(mut self, settled: Option<WhenSettled>) -> Self {
        self.settled = settled;
        self
    }

    pub(super) fn inserted(&self) -> &[Element] {
        &self.inserted
    }

    /// Gives new elements the attributes of the page's elements with the same id and tag, and keeps
    /// their own for later. To be called before insertion.
    pub(super) fn keep_old_attributes(&mut self, content: &DocumentFragment) {
        let Some(document) = page::document() else { return };
        for new in dom::select_all(content, "[id]") {
            let Some(old) = document.get_element_by_id(&dom::id_of(&new)) else {
                continue;
            };
            if old.local_name() == new.local_name() {
                self.carry_over(&old, new);
            }
        }
    }

    /// Lets an element take the new one's values of what is carried over later; it is to keep its own until then. The
    /// answer says what that is.
    pub(super) fn keep_attributes_of(&mut self, element: &Element, new: &Element) -> Rc<Defaults> {
        let carries = |element| carries_any(&self.names, element);
        let has_any = carries(new);
        if has_any || carries(element) {
            let names = self.names.settled_attributes.iter().cloned();
            let own = names.map(|name| {
                let value = has_any.then(|| new.get_attribute(&name)).flatten();
                (name, value)
            });
            let own = own.collect();
            self.attributes.push((element.clone(), own));
        }
        Rc::clone(&self.names)
    }

    fn carry_over(&mut self, old: &Element, new: Element) {
        let own = exchange(old, &new);
        self.attributes.push((new, own));
    }

    /// Marks the new content and tells that it is there.
    fn begin(&self) {
        if !self.is_of_target {
            for element in &self.inserted {
                dom::add_classes(element, &self.names.in_page().added);
            }
        }
        for (mark, detail) in &self.changed {
            if self.is_of_target {
                mark.set_with_added();
            } else {
                mark.set();
            }
            dispatch_again(mark.target(), &AFTER_SWAP, detail);
        }
    }

    fn finish(self, spec: &SwapSpec) {
        for (element, attributes) in &self.attributes {
            for (name, value) in attributes {
                set(element, name, value.as_deref());
            }
        }
        // DIFFERENCE: what the next message has replaced already is not marked, focused or announced any more; htmx
        // does all that to elements that nobody can see (SET-06). What stands beside the target, or was moved elsewhere by a
        // script, is not replaced with what is in there.
        let is_superseded = self.changed.iter().any(|(mark, _)| mark.is_superseded());
        let is_there = |element: &&Element| !is_superseded || element.is_connected();
        for element in self.inserted.iter().filter(is_there) {
            // Also of what is off the page for a while, as under a Suspense that has fallen back.
            match self.changed.first() {
                Some((mark, _)) if self.is_of_target => mark.remove_added(),
                _ => dom::remove_classes(element, &self.names.in_page().added),
            }
            if !element.is_connected() {
                continue;
            }
            focus_if_asked(element);
            dispatch(element, &LOAD, &Detail::new());
        }
        for (mark, _) in &self.changed {
            // In a burst the class would come and go with each message, and somebody else will take it away.
            if !(self.is_early && mark.is_shared()) {
                mark.remove();
            }
        }
        scroll::apply(self.changed.iter().map(|(mark, _)| mark.target()), spec);
        for (mark, detail) in &self.changed {
            dispatch_again(mark.target(), &AFTER_SETTLE, detail);
        }
        drop(self.settled);
    }
}

/// An element that a swap has changed, and what it is told.
fn told(changed: Element, names: &Rc<Defaults>) -> (Mark, Detail) {
    let detail = Detail::of_swap(&changed);
    (Mark::new(changed, names), detail)
}

/// Begins to settle content that has just been inserted.
pub(super) fn start(settling: Settling, spec: &SwapSpec) {
    settling.begin();
    let delay = spec.settle.unwrap_or_else(|| defaults().settle).as_millis();
    if delay == 0 {
        settling.finish(spec);
        return;
    }
    let due = page::now() + f64::from(delay);
    let displaced = PENDING.with_borrow_mut(|pending| {
        pending.waiting.push_back((due, settling, spec.clone()));
        pending.wait_for(due);
        let is_full = pending.waiting.len() > MOST_WAITING;
        is_full.then(|| pending.waiting.pop_front()).flatten()
    });
    // DIFFERENCE: in a burst the oldest settles before its time, where htmx keeps a timer and the elements of each.
    if let Some((_, mut settling, spec)) = displaced {
        settling.is_early = true;
        settling.finish(&spec);
    }
}

impl Pending {
    /// Makes sure that a timer runs for what is due then.
    fn wait_for(&mut self, due: f64) {
        if self.timer.as_ref().is_none_or(|(first, _)| due < *first) {
            let delay = (due - page::now()).max(0.0) as u32;
            self.timer = Timer::start(delay, settle_due).map(|timer| (due, timer));
        }
    }
}

fn settle_due() {
    let (due, timer) = PENDING.with_borrow_mut(|pending| {
        let now = page::now();
        let (due, waiting) = pending.waiting.drain(..).partition(|(due, ..)| *due <= now);
        pending.waiting = waiting;
        (due, pending.timer.take())
    });
    let due: VecDeque<Waiting> = due;
    let burst = Burst::begin();
    for (_, settling, spec) in due {
        settling.finish(&spec);
    }
    drop(burst);
    PENDING.with_borrow_mut(|pending| {
        let first = pending.waiting.iter().map(|(due, ..)| *due).reduce(f64::min);
        if let Some(first) = first {
            pending.wait_for(first);
        }
    });
    drop(timer);
}

fn focus_if_asked(element: &Element) {
    let asked = dom::asking_for_focus(element);
    if let Some(asked) = asked.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = asked.focus();
    }
}

/// Whether an element has any attribute of those that are carried over. Most have none, and one question says so.
fn carries_any(defaults: &Defaults, element: &Element) -> bool {
    match &defaults.in_page().carrying {
        Some(selector) => dom::is_a(element, selector),
        None => element.matches(&defaults.carrying).unwrap_or(true),
    }
}

/// Gives the new element the old one's values of what is carried over; the answer is its own.
fn exchange(old: &Element, new: &Element) -> Carried {
    let defaults = defaults();
    if !carries_any(&defaults, old) && !carries_any(&defaults, new) {
        return Carried::new();
    }
    let names = defaults.settled_attributes.clone();
    let own = names.into_iter().map(|name| {
        let value = new.get_attribute(&name);
        set(new, &name, old.get_attribute(&name).as_deref());
        (name, value)
    });
    own.collect()
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}
