//! Subscribing to a source, and what those get who come late.
//!
//! A consumer that the server has rendered is owed everything since then, whenever it is hydrated. Mostly that is in one go
//! with its source; an island may take its time, and meanwhile the source has gone on. Such a consumer has a cursor of its
//! own, for which the stream is asked once more; when that has come to where the source is, it goes.

use std::rc::{Rc, Weak};

use super::connection::cursor::Cursor;
use super::sse_source::{Consumer, SseSource};
use crate::wire::{Gap, Position};

impl SseSource {
    /// Hands events of a name to a consumer until the subscription is dropped; of every name under
    /// [`ANY_NAME`](super::sse_source::ANY_NAME).
    pub(crate) fn subscribe(self: &Rc<Self>, name: &str, consumer: Rc<dyn Consumer>) -> Subscription {
        let name: Rc<str> = name.into();
        let id = self.consumers.add(Rc::clone(&name), consumer);
        self.connection().listen(&name);
        Subscription {
            source: Rc::downgrade(self),
            id,
        }
    }

    /// Gives a consumer that was mounted on a page which is live already what it could not see before.
    pub(crate) fn subscribe_late(self: &Rc<Self>, name: &str, consumer: Rc<dyn Consumer>) -> Subscription {
        let subscription = self.subscribe(name, consumer);
        // Also while the connection is lost: the next one asks for them.
        if self.is_joined.get() && self.connection().has_latest() {
            self.consumers.mark_new(subscription.id);
            self.connection().ask_for_latest();
        }
        subscription
    }

    /// Gives a consumer that the server has rendered everything since then.
    pub(crate) fn subscribe_rendered(
        self: &Rc<Self>,
        name: &str,
        consumer: Rc<dyn Consumer>,
    ) -> Subscription {
        let was_heard = self.connection().has_heard(name);
        let subscription = self.subscribe(name, consumer);
        if let Some(rendered_at) = self.rendered_at.get() {
            let has_moved = self.cursor.at() != Some(rendered_at);
            if has_moved {
                self.consumers.mark_late(subscription.id, rendered_at);
            }
            if self.is_joined.get() && (has_moved || !was_heard) {
                self.connection().go_back();
            }
        }
        subscription
    }

    /// Whether the server has said where it rendered what stands in the source.
    pub(crate) fn is_rendered(&self) -> bool {
        self.rendered_at.get().is_some()
    }

    /// What it has seen, and what those in it have seen who are behind.
    pub(crate) fn cursors(&self) -> Vec<Rc<Cursor>> {
        let mut cursors = vec![Rc::clone(&self.cursor)];
        cursors.extend(self.consumers.late());
        cursors
    }

    /// Those who are behind and have not seen an event, by what the stream makes of their cursors.
    pub(crate) fn takers(&self, takes: impl Fn(&Cursor) -> bool) -> Vec<u64> {
        self.consumers.takers(takes)
    }

    /// Everything up to this position has been sent.
    pub(crate) fn heartbeat(&self, position: Position) {
        for cursor in self.cursors() {
            cursor.heartbeat(position);
        }
        self.consumers.catch_up(self.cursor.at());
    }

    /// The newest values have been given to all, and everything up to this position has been sent.
    pub(crate) fn live(&self, position: Position) {
        for cursor in self.cursors() {
            cursor.live(position);
        }
        self.consumers.catch_up(self.cursor.at());
        self.consumers.forget_new();
    }

    /// Whether the source, or somebody in it, has lost anything by a gap, of which each of them takes note.
    pub(crate) fn loses(&self, gap: &Gap, is_greeting: bool) -> bool {
        // Whoever begins with this stream has lost nothing by what was before.
        let is_beginning = is_greeting && self.begins();
        let loses = self.cursor.gap(gap) && !is_beginning;
        self.consumers
            .late()
            .iter()
            .fold(loses, |loses, cursor| cursor.gap(gap) || loses)
    }

    /// What comes next has nothing to do with what came.
    pub(crate) fn forget(&self) {
        self.cursor.forget();
        self.rendered_at.take();
        self.consumers.forget_late();
    }
}

/// A consumer's place at a source; dropping it ends the subscription.
#[derive(Debug)]
pub(crate) struct Subscription {
    source: Weak<SseSource>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let Some(source) = self.source.upgrade() else {
            return;
        };
        if let Some((name, consumer)) = source.consumers.remove(self.id) {
            source.connection().unlisten(&name);
            drop(consumer);
        }
    }
}
