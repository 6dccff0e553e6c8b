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

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is sent; others may take its place if it is one that gives way.
    Go {
        gives_way: bool,
    },
    Wait(Queue),
    /// It is left out.
    Never,
}

/// The requests of an element, of which one at most is under way.
pub(crate) struct Lock {
    id: u32,
    element: Element,
    holder: RefCell<Option<Holder>>,
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
                holder: RefCell::default(),
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

    /// Decides about a request. One that is to give way is aborted here.
    pub(crate) fn ask(&self, rule: Option<SyncRule>, queue: Option<Queue>) -> Answer {
        let held = self.holder.borrow().as_ref().map(|holder| holder.gives_way);
        let go = Answer::Go {
            gives_way: rule == Some(SyncRule::Abort),
        };
        match (held, rule) {
            (None, _) => go,
            (Some(_), Some(SyncRule::Abort)) | (Some(false), Some(SyncRule::Drop)) => Answer::Never,
            (Some(true), _) | (Some(_), Some(SyncRule::Replace)) => {
                self.abort();
                go
            }
            (Some(false), Some(SyncRule::Queue(queue))) => Answer::Wait(queue),
            (Some(false), None) => Answer::Wait(queue.unwrap_or(Queue::Last)),
        }
    }

    /// Ends what is under way, so that the lock is free at once.
    fn abort(&self) {
        let held = self.holder.take();
        if let Some(holder) = held {
            // It is the turn of whoever aborts, not of those that wait.
            let hands_on = self.hands_on.replace(true);
            holder.controller.abort();
            self.hands_on.set(hands_on);
        }
    }

    /// Takes the lock for a request; `None` if another one has it.
    ///
    /// `htmx:abort` on the element, or with it as `detail.elt`, aborts the request.
    pub(crate) fn hold(self: &Rc<Self>, controller: &AbortController, gives_way: bool) -> Option<Hold> {
        if self.holder.borrow().is_some() {
            return None;
        }
        let id = NEXT_HOLDER.get();
        NEXT_HOLDER.set(id + 1);
        self.holder.replace(Some(Holder {
            id,
            controller: controller.clone(),
            gives_way,
        }));
        let aborted = controller.clone();
        let abort = AbortListener::on(&self.element, move || aborted.abort());
        Some(Hold {
            lock: Rc::clone(self),
            id,
            _abort: abort,
        })
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

    fn release(&self, id: u64) {
        // One that was to give way has let go before; if nobody came in its place, those that wait have their turn.
        let is_another = self
            .holder
            .borrow()
            .as_ref()
            .is_some_and(|holder| holder.id != id);
        if !is_another {
            self.holder.take();
            self.hand_on();
        }
    }

    /// Lets those that wait have their turn, until one is under way.
    fn hand_on(&self) {
        // One that is not sent after all lets go while its turn is still given.
        if self.hands_on.replace(true) {
            return;
        }
        while self.holder.borrow().is_none() {
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
    _abort: AbortListener,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.lock.release(self.id);
    }
}
