//! What messages have put before and after a component's own element: it goes with that, and comes back with it.
//!
//! Leptos knows nothing of it. Where it takes the element off the page for a while, as a Suspense does for its fallback,
//! what stands beside it would stay with the fallback. So the element's parent is watched from the first such message on;
//! while the element is away, the page is.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DocumentFragment, Element, MutationObserver, MutationObserverInit, Node};

use super::page_watch::PageWatch;
use super::{page, regions};

/// On which side of its element something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

thread_local! {
    static AWAY: RefCell<Vec<Weak<Inner>>> = const { RefCell::new(Vec::new()) };
    static WATCH: RefCell<Option<PageWatch>> = const { RefCell::new(None) };
}

/// The companions of one element.
#[derive(Debug)]
pub(crate) struct Companions(Rc<Inner>);

struct Inner {
    element: Element,
    /// In the order in which they stand on the page.
    before: RefCell<Vec<Node>>,
    after: RefCell<Vec<Node>>,
    /// Where they are while the element is away.
    aside: DocumentFragment,
    is_away: Cell<bool>,
    watch: RefCell<Option<ParentWatch>>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Companions")
    }
}

impl Companions {
    /// `None` where there is no page.
    pub(crate) fn of(element: &Element) -> Option<Self> {
        let inner = Rc::new(Inner {
            element: element.clone(),
            before: RefCell::default(),
            after: RefCell::default(),
            aside: page::document()?.create_document_fragment(),
            is_away: Cell::default(),
            watch: RefCell::default(),
        });
        inner.watch_parent();
        Some(Self(inner))
    }

    /// Takes note of nodes that are about to be put directly beside the element.
    pub(crate) fn add(&self, nodes: Vec<Node>, side: Side) {
        match side {
            Side::Before => self.0.before.borrow_mut().extend(nodes),
            Side::After => drop(self.0.after.borrow_mut().splice(..0, nodes)),
        }
    }

    /// All that are left, wherever they are, now that nobody looks after them any more.
    pub(crate) fn into_nodes(self) -> Vec<Node> {
        let mut nodes = self.0.before.take();
        nodes.extend(self.0.after.take());
        nodes.retain(|node| node.parent_node().is_some());
        nodes
    }
}

impl Inner {
    fn watch_parent(self: &Rc<Self>) {
        let me = Rc::downgrade(self);
        let watch = self.element.parent_node().and_then(|parent| {
            ParentWatch::start(&parent, move || {
                if let Some(me) = me.upgrade() {
                    me.leave_if_alone();
                }
            })
        });
        self.watch.replace(watch);
    }

    /// Goes aside if the element has left.
    fn leave_if_alone(self: &Rc<Self>) {
        // What a message has put in its place stands for it.
        let is_here = self.element.is_connected() || regions::is_replaced(&self.element);
        if is_here || self.is_away.replace(true) {
            return;
        }
        for nodes in [&self.before, &self.after] {
            nodes.borrow_mut().retain(Node::is_connected);
            for node in &*nodes.borrow() {
                let _ = self.aside.append_child(node);
            }
        }
        AWAY.with_borrow_mut(|away| away.push(Rc::downgrade(self)));
        WATCH.with_borrow_mut(|watch| {
            if watch.is_none() {
                *watch = PageWatch::start(bring_back);
            }
        });
    }

    fn return_to(self: &Rc<Self>, parent: &Node) {
        self.is_away.set(false);
        for node in &*self.before.borrow() {
            let _ = parent.insert_before(node, Some(&self.element));
        }
        let next = self.element.next_sibling();
        for node in &*self.after.borrow() {
            let _ = parent.insert_before(node, next.as_ref());
        }
        // It may be another one.
        self.watch_parent();
    }
}

/// Brings those back whose elements are on the page again.
fn bring_back() {
    let back: Vec<Rc<Inner>> = AWAY.with_borrow_mut(|away| {
        away.retain(|known| known.strong_count() > 0);
        let back = away.extract_if(.., |known| {
            known.upgrade().is_some_and(|known| known.element.is_connected())
        });
        back.filter_map(|known| known.upgrade()).collect()
    });
    for companions in back {
        if let Some(parent) = companions.element.parent_node() {
            companions.return_to(&parent);
        }
    }
    let is_over = AWAY.with_borrow(Vec::is_empty);
    let over = WATCH.with_borrow_mut(|watch| watch.take_if(|_| is_over));
    drop(over);
}

/// Runs a function after children of a node came or went, until it is dropped.
struct ParentWatch {
    observer: MutationObserver,
    _run: Closure<dyn Fn()>,
}

impl ParentWatch {
    fn start(parent: &Node, run: impl Fn() + 'static) -> Option<Self> {
        let run = Closure::<dyn Fn()>::new(run);
        let observer = MutationObserver::new(run.as_ref().unchecked_ref()).ok()?;
        let init = MutationObserverInit::new();
        init.set_child_list(true);
        observer.observe_with_options(parent, &init).ok()?;
        Some(Self { observer, _run: run })
    }
}

impl Drop for ParentWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
