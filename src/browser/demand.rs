//! Whether a source is to be connected: who has a say in it, and its coming and going as they agree.
//!
//! A source that is paused, switched off or not called yet keeps its consumers and its cursor, and has no stream. So it
//! goes on from where it was (SS4-28, SS4-29), and a connection that others share is none of its business.

use std::cell::Cell;
use std::rc::Rc;

use super::abort::AbortListener;
use super::connection::state::{CloseReason, ConnectionState};
use super::dom_events::{Detail, dispatch};
use super::listener::Listener;
use super::page;
use super::request::Verb;
use super::source::{self, Connection, Source};
use super::sse_source::SseSource;
use crate::wire::Resumption;

/// Those who must agree before a source is connected.
#[derive(Debug)]
pub(crate) struct Demand {
    /// What the app's own switch says.
    is_on: Cell<bool>,
    /// Its trigger has come, or somebody has opened it by hand.
    is_called: Cell<bool>,
    /// The tab is to be seen, where that counts.
    is_visible: Cell<bool>,
}

impl Default for Demand {
    /// Where nobody has a say, a source is connected as soon as it is there (SSE-03).
    fn default() -> Self {
        Self {
            is_on: Cell::new(true),
            is_called: Cell::new(true),
            is_visible: Cell::new(true),
        }
    }
}

impl Demand {
    pub(crate) fn is_met(&self) -> bool {
        self.is_on.get() && self.is_called.get() && self.is_visible.get()
    }

    pub(crate) fn is_visible(&self) -> bool {
        self.is_visible.get()
    }

    /// Each of these returns whether that is news.
    pub(crate) fn set_on(&self, is_on: bool) -> bool {
        self.is_on.replace(is_on) != is_on
    }

    pub(crate) fn set_called(&self, is_called: bool) -> bool {
        self.is_called.replace(is_called) != is_called
    }

    pub(crate) fn set_visible(&self, is_visible: bool) -> bool {
        self.is_visible.replace(is_visible) != is_visible
    }
}

/// A source that is connected as those agree who have a say in it.
pub(crate) trait Demanded: Source {
    fn demand(&self) -> &Demand;
    /// Keeps a listener for as long as the source lives.
    fn keep(&self, listener: Listener);
    /// Connects the source or lets it rest, as those who have a say in it now agree.
    fn follow(self: &Rc<Self>);
    /// Its trigger has come, or somebody opens it by hand; once more when it has ended.
    fn call(self: &Rc<Self>);

    /// How it begins, before it is connected: what the app's switch says, and whether it waits for a
    /// [`call`](Self::call).
    fn begin(&self, is_on: bool, is_called: bool) {
        self.demand().set_on(is_on);
        self.demand().set_called(is_called);
    }

    /// Somebody closes it by hand, until it is called again.
    fn dismiss(self: &Rc<Self>) {
        if self.demand().set_called(false) {
            self.follow();
        }
    }

    /// What the app's own switch says.
    fn switch(self: &Rc<Self>, is_on: bool) {
        if self.demand().set_on(is_on) {
            self.follow();
        }
    }

    /// From now on it is not connected while the tab is hidden (SS4-28, WSR-18).
    fn pause_when_hidden(self: &Rc<Self>) {
        let Some(document) = page::document() else { return };
        self.demand().set_visible(!document.hidden());
        let (me, watched) = (Rc::downgrade(self), document.clone());
        self.keep(Listener::on(&document, "visibilitychange", move |_| {
            if let Some(me) = me.upgrade()
                && me.demand().set_visible(!watched.hidden())
            {
                me.follow();
            }
        }));
    }
}

impl Demanded for SseSource {
    fn demand(&self) -> &Demand {
        &self.demand
    }

    fn keep(&self, listener: Listener) {
        self.listeners.borrow_mut().push(listener);
    }

    fn follow(self: &Rc<Self>) {
        if self.hold.is_closed() || self.demand.is_met() == self.is_joined.get() {
            return;
        }
        if self.demand.is_met() {
            self.join();
        } else if self.demand.is_visible() {
            self.rest(CloseReason::Released);
        } else if !self.is_over() && self.leave() {
            // A pause, after which it goes on by itself; what is over stays at that.
            self.show_and_tell(&ConnectionState::Idle);
        }
    }

    /// At once, too, when it waits to be opened again.
    fn call(self: &Rc<Self>) {
        let was_joined = self.is_joined.get();
        self.demand.set_called(true);
        self.follow();
        if was_joined && !self.is_away() {
            self.connection().open_again();
        }
    }
}

impl SseSource {
    /// SS4-36: `htmx:abort` closes the stream. For an element that requests as well it means the request alone, as in
    /// htmx 1 and 2, where it never means a stream.
    pub(crate) fn obey_abort(self: &Rc<Self>) {
        let me = Rc::downgrade(self);
        let listener = AbortListener::on(self.element(), move || {
            if let Some(me) = me.upgrade().filter(|me| Verb::on(me.element()).is_none()) {
                me.dismiss();
            }
        });
        self.abort.replace(Some(listener));
    }

    fn join(self: &Rc<Self>) {
        self.is_joined.set(true);
        let connection = self.connection();
        let has_missed = self.has_been_open.take() && !connection.makes_up_for(self);
        connection.open_soon();
        source::join(self);
        if has_missed {
            self.has_missed();
        }
    }

    /// Something was missed that cannot be had.
    pub(crate) fn has_missed(&self) {
        dispatch(self.element(), "live:resync", &Detail::new());
        if let Some(resync) = &self.hooks.resync {
            resync();
        }
        self.tell_resumption(Resumption::Reset);
    }

    /// Asks the app before a request, and leaves if it refuses.
    pub(crate) fn asks_to_connect(&self) {
        if self.hooks.before.as_ref().is_some_and(|before| !before()) {
            self.rest(CloseReason::Vetoed);
        }
    }

    /// Leaves the stream, and may come back. If that has ended already, it stays at that.
    fn rest(&self, reason: CloseReason) {
        let was_over = self.is_over();
        if self.leave() && !was_over {
            let kind = match reason {
                CloseReason::Vetoed => "cancelled",
                _ => "closed",
            };
            self.announce_close(kind);
            self.show_and_tell(&ConnectionState::Closed { reason });
        }
    }

    /// Its last event has come: it leaves, and nothing but a call brings it back (SSX-01, SSX-08).
    pub(super) fn leave_at_last(&self) {
        self.demand.set_called(false);
        // Told while the connection is still there.
        self.announce_close("message");
        self.leave();
    }

    fn is_over(&self) -> bool {
        matches!(self.connection().state(), ConnectionState::Closed { .. })
    }

    fn leave(&self) -> bool {
        let is_leaving = self.is_joined.replace(false);
        if is_leaving {
            source::leave(self);
        }
        is_leaving
    }

    pub(super) fn show_and_tell(&self, state: &ConnectionState) {
        self.hold.show(state);
        self.tell(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_must_agree() {
        let demand = Demand::default();
        assert!(demand.is_met());
        for set in [Demand::set_on, Demand::set_called, Demand::set_visible] {
            assert!(set(&demand, false) && !set(&demand, false));
            assert!(!demand.is_met());
            assert!(set(&demand, true) && demand.is_met());
        }
    }
}
