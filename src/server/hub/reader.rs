//! How a reader is woken, how it is told to end, and which topics it is to gain or lose.
//!
//! This is all that the hub holds of a reader: no queue and no events, so that a reader that
//! stands still costs nothing and nobody waits for it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

use super::topic_changes::{Joining, TopicChanges};
use super::{Revocation, SubscribeOptions};
use crate::wire::{ConnectionId, Topic};

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// This stream only; the reader may come back at once.
    Disconnected,
    /// The process stops; the reader shall wait this many milliseconds.
    Shutdown(u32),
}

/// The hub's handle on one reader.
///
/// In the order in which it stands: what is looked at for each event comes first and close together, so that a thousand
/// readers are a thousand places of memory to fetch and not three thousand.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Reader {
    /// There may be something for the reader. Kept until it looks, so that no wake-up gets lost, and so that waking a
    /// reader that is behind anyway costs no more than a look.
    has_news: AtomicBool,
    /// A right has been revoked, and nobody has asked yet.
    is_suspended: AtomicBool,
    /// Somebody stands by to ask whether the reader may go on.
    is_guarded: AtomicBool,
    /// Some of the changes are removals, which count before whatever has been read already.
    has_removals: AtomicBool,
    /// Some of the changes are additions. Nearly always there are none, and nobody takes the lock to find that out.
    has_additions: AtomicBool,
    ending: OnceLock<Ending>,
    /// The one task that the reader is read in.
    task: AtomicWaker,
    id: u64,
    connection: ConnectionId,
    options: SubscribeOptions,
    /// Changed under the lock of the rings alone, so that it agrees with what they know.
    changes: Mutex<TopicChanges>,
}

impl Reader {
    pub(super) fn new(id: u64, connection: ConnectionId, options: SubscribeOptions) -> Self {
        Self {
            id,
            connection,
            options,
            is_guarded: AtomicBool::new(false),
            is_suspended: AtomicBool::new(false),
            has_news: AtomicBool::new(true),
            task: AtomicWaker::new(),
            ending: OnceLock::new(),
            changes: Mutex::default(),
            has_removals: AtomicBool::new(false),
            has_additions: AtomicBool::new(false),
        }
    }

    /// A number, for logs.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// The name under which the page knows this connection, and nobody else does.
    pub(crate) fn connection(&self) -> ConnectionId {
        self.connection
    }

    pub(super) fn tag(&self) -> Option<&str> {
        self.options.tag.as_deref()
    }

    pub(super) fn has_tag(&self, tag: &str) -> bool {
        self.tag() == Some(tag)
    }

    /// Whether user and tag are those of the revocation; its topic is the rings' affair.
    pub(super) fn is_meant_by(&self, revocation: &Revocation) -> bool {
        let is = |wanted: &Option<String>, own: &Option<String>| wanted.is_none() || wanted == own;
        is(&revocation.user, &self.options.user) && is(&revocation.tag, &self.options.tag)
    }

    /// Makes the reader wait until somebody has asked; one that nobody asks for ends.
    pub(super) fn revoke(&self) {
        if self.is_guarded.load(Ordering::Acquire) {
            self.is_suspended.store(true, Ordering::Release);
            self.wake_without_lock();
        } else {
            self.end(Ending::Disconnected);
        }
    }

    /// Suspends the reader if somebody stands by to ask.
    pub(super) fn ask_again(&self) {
        if self.is_guarded.load(Ordering::Acquire) {
            self.is_suspended.store(true, Ordering::Release);
        }
    }

    pub(super) fn guard(&self) {
        self.is_guarded.store(true, Ordering::Release);
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.is_suspended.load(Ordering::Acquire)
    }

    /// Lets the reader go on, and says whether it was suspended.
    pub(super) fn go_on(&self) -> bool {
        self.is_suspended.swap(false, Ordering::AcqRel)
    }

    /// Whether the reader knows that there may be something, so that waking it would change nothing.
    pub(super) fn has_news(&self) -> bool {
        self.has_news.load(Ordering::Acquire)
    }

    pub(super) fn wake(&self) {
        // A reader that has not looked yet has been woken already. Whoever has lowered the flag since reads what stands in
        // the rings by now, as the lock of the rings orders the two.
        if !self.has_news.load(Ordering::Acquire) && !self.has_news.swap(true, Ordering::AcqRel) {
            self.task.wake();
        }
    }

    /// The same for what does not stand in the rings: no lock orders it with what the reader looks at.
    pub(super) fn wake_without_lock(&self) {
        if !self.has_news.swap(true, Ordering::AcqRel) {
            self.task.wake();
        }
    }

    /// Whether there may be something, which the reader then has to look for.
    pub(super) fn take_news(&self) -> bool {
        self.has_news.load(Ordering::Acquire) && self.has_news.swap(false, Ordering::AcqRel)
    }

    /// Ends the stream; the first reason given stays.
    pub(super) fn end(&self, ending: Ending) {
        let _ = self.ending.set(ending);
        self.wake_without_lock();
    }

    pub(super) fn ending(&self) -> Option<Ending> {
        self.ending.get().copied()
    }

    /// Waits until there may be something. Only the last task that waits is woken.
    pub(super) fn poll_news(&self, cx: &Context<'_>) -> Poll<()> {
        let has_news = || self.has_news.load(Ordering::Acquire);
        if !has_news() {
            self.task.register(cx.waker());
            // What came before the task was known has woken nobody.
            if !has_news() {
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    }

    /// Makes the reader leave a topic, for whoever holds the lock of the rings.
    pub(super) fn remove(&self, topic: Topic) {
        self.changes().remove(topic);
        self.has_removals.store(true, Ordering::Release);
    }

    /// Makes the reader join topics, for whoever holds the lock of the rings.
    pub(super) fn add_all(&self, joining: impl Iterator<Item = Joining>) {
        self.changes().add_all(joining);
        self.has_additions.store(true, Ordering::Release);
    }

    /// Where the next topic joins, for whoever holds the lock of the rings.
    pub(super) fn next_joins_at(&self) -> Option<u64> {
        if !self.has_additions.load(Ordering::Acquire) {
            return None;
        }
        let next = self.changes().next_at();
        self.has_additions.store(next.is_some(), Ordering::Release);
        next
    }

    /// The topics that the reader is to leave, once. It is asked before each item, and nearly always there are none.
    pub(super) fn take_removed(&self) -> Option<BTreeSet<Topic>> {
        let has_removals = self.has_removals.load(Ordering::Acquire);
        (has_removals && self.has_removals.swap(false, Ordering::AcqRel))
            .then(|| self.changes().take_removed())
    }

    /// What is to change, for whoever holds the lock of the rings.
    pub(super) fn changes(&self) -> MutexGuard<'_, TopicChanges> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
