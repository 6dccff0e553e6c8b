//! Requests of one element go one at a time, and what happens to those that come in between (TRG-06, SST-09).
//!
//! The element is that of the request, or another one that `hx-sync` names; so the locks are found by their elements.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::rc::{Rc, Weak};

use js_sys::WeakMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Element};

use crate::browser::abort::AbortListener;
use crate::browser::{diagnostics, markup, target};
use crate::grammar::{Queue, SyncRule, SyncSpec};

/// How many requests may wait for their turn.
const CAPACITY: usize = 100;

/// A request that waits, as what is to be done when its turn comes.
type Waiting = Box<dyn FnOnce()>;

/// When a request may be made.
#[derive(Debug)]
pub(crate) enum Turn {
    /// Now, as long as the hold lasts.
    Now(Hold),
    Later(Queue),
    /// It is left out.
    Never,
}

/// The requests of an element, of which one at most is under way.
pub(crate) struct Lock {
    id: u32,
    element: Element,
    /// Whoever has the lock. There are more only while a request is being made that takes the place of another one:
    /// that one stays until the last question is answered, and goes on if the answer is no.
    holders: RefCell<Vec<Holder>>,
    waiting: RefCell<VecDeque<Waiting>>,
    hands_on: Cell<bool>,
}

struct Holder {
    id: u64,
    controller: AbortController,
    gives_way: bool,
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The locks that are in use, by the numbers of their elements.
struct Locks {
    ids: WeakMap,
    locks: HashMap<u32, Weak<Lock>>,
    next: u32,
}

thread_local! {
    static LOCKS: RefCell<Locks> = RefCell::new(Locks {
        ids: WeakMap::new(),
        locks: HashMap::new(),
        next: 1,
    });
    static NEXT_HOLDER: Cell<u64> = const { Cell::new(1) };
}

impl Lock {
    /// The lock of an element, as long as anything holds it or waits for it the same one.
    fn of(element: &Element) -> Rc<Self> {
        LOCKS.with_borrow_mut(|table| {
            let key = element.unchecked_ref();
            let known = table.ids.get(key).as_f64().map(|id| id as u32);
            if let Some(lock) = known.and_then(|id| table.locks.get(&id)).and_then(Weak::upgrade) {
                return lock;
            }
            let id = table.next;
            table.next = id.wrapping_add(1);
            let lock = Rc::new(Self {
                id,
                element: element.clone(),
                holders: RefCell::default(),
                waiting: RefCell::default(),
                hands_on: Cell::default(),
            });
            table.ids.set(key, &JsValue::from(id));
            table.locks.insert(id, Rc::downgrade(&lock));
            lock
        })
    }

    /// The lock that an element's requests need, and the rule of its `hx-sync`, own or inherited.
    pub(crate) fn of_requests(element: &Element) -> (Rc<Self>, Option<SyncRule>) {
        let Some((text, carrier)) = markup::inherited(element, "hx-sync") else {
            return (Self::of(element), None);
        };
        let found = text.parse::<SyncSpec>().map_err(|error| format!("{error}"));
        let found = found.and_then(|sync| {
            target::resolve(element, &carrier, &sync.element)
                .map(|at| (Self::of(&at), Some(sync.rule)))
                .ok_or_else(|| format!("hx-sync: expected an element of the page, found none for `{text}`"))
        });
        found.unwrap_or_else(|message| {
            diagnostics::report(&carrier, &message);
            (Self::of(element), None)
        })
    }

    /// Decides about a request by the rules of its `hx-sync` and its trigger, and takes the lock for it if it may be made.
    pub(crate) fn enter(
        self: &Rc<Self>,
        controller: &AbortController,
        rule: Option<SyncRule>,
        queue: Option<Queue>,
    ) -> Turn {
        let held = self.holders.borrow().last().map(|holder| holder.gives_way);
        match (held, rule) {
            (Some(_), Some(SyncRule::Abort)) | (Some(false), Some(SyncRule::Drop)) => Turn::Never,
            (Some(false), Some(SyncRule::Queue(queue))) => Turn::Later(queue),
            (Some(false), None) => Turn::Later(queue.unwrap_or(Queue::Last)),
            // It is free, or whoever has it will be aborted.
            (None | Some(true), _) | (Some(false), Some(SyncRule::Replace)) => {
                Turn::Now(self.hold(controller, rule == Some(SyncRule::Abort)))
            }
        }
    }

    fn hold(self: &Rc<Self>, controller: &AbortController, gives_way: bool) -> Hold {
        let id = NEXT_HOLDER.get();
        NEXT_HOLDER.set(id + 1);
        self.holders.borrow_mut().push(Holder {
            id,
            controller: controller.clone(),
            gives_way,
        });
        let aborted = controller.clone();
        Hold {
            lock: Rc::clone(self),
            id,
            _abort: AbortListener::on(&self.element, move || aborted.abort()),
        }
    }

    /// Lets a request wait.
    ///
    /// # Errors
    /// How many wait already, which are as many as may.
    pub(crate) fn wait(&self, queue: Queue, request: impl FnOnce() + 'static) -> Result<(), usize> {
        let mut waiting = self.waiting.borrow_mut();
        let dropped = match queue {
            Queue::None => return Ok(()),
            Queue::First if !waiting.is_empty() => return Ok(()),
            Queue::All if waiting.len() >= CAPACITY => return Err(waiting.len()),
            Queue::Last => std::mem::take(&mut *waiting),
            Queue::First | Queue::All => VecDeque::new(),
        };
        waiting.push_back(Box::new(request));
        drop(waiting);
        drop(dropped);
        Ok(())
    }

    /// Takes out those who had the lock before this one.
    fn take_before(&self, id: u64) -> Vec<Holder> {
        let mut holders = self.holders.borrow_mut();
        let at = holders.iter().position(|holder| holder.id == id);
        holders.drain(..at.unwrap_or_default()).collect()
    }

    fn release(&self, id: u64) {
        self.holders.borrow_mut().retain(|holder| holder.id != id);
        self.hand_on();
    }

    /// Lets those that wait have their turn, until one is under way.
    fn hand_on(&self) {
        // One that is not sent after all lets go while its turn is still given.
        if self.hands_on.replace(true) {
            return;
        }
        while self.holders.borrow().is_empty() {
            let next = self.waiting.borrow_mut().pop_front();
            let Some(next) = next else { break };
            next();
        }
        self.hands_on.set(false);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = LOCKS.try_with(|locks| {
            if let Ok(mut table) = locks.try_borrow_mut() {
                table.locks.remove(&self.id);
            }
        });
    }
}

/// The lock while a request is under way; dropped, it is the next one's turn.
#[derive(Debug)]
pub(crate) struct Hold {
    lock: Rc<Lock>,
    id: u64,
    /// `htmx:abort` aborts the request.
    _abort: AbortListener,
}

impl Hold {
    /// The request is sent, and now aborts those whose place it takes.
    ///
    /// DIFFERENCE: htmx aborts them before it asks the user and the page's scripts, and after a no there is neither.
    pub(crate) fn take_over(&self) {
        for replaced in self.lock.take_before(self.id) {
            replaced.controller.abort();
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.lock.release(self.id);
    }
}
