//! Whether a source wants its socket: who has a say in it, and what becomes of the socket as they agree.
//!
//! A source that does not want it stays where it is, keeps what it has to send, and gets no frames. The socket is open
//! as long as any of those that share it wants it.

use std::rc::Rc;

use super::connection::link::Link;
use super::connection::state::{CloseReason, ConnectionState};
use super::connection::ws::WsConnection;
use super::demand;
use super::dom_events::{Detail, dispatch};
use super::source::{Connection, Source};
use super::ws_source::WsSource;

impl WsSource {
    /// Whether the socket is to be open for this source.
    pub(crate) fn wants(&self) -> bool {
        !self.hold.is_closed() && self.demand.is_met() && !self.has_refused.get()
    }

    /// How it begins, before anything is opened: what the app's switch says, and whether it waits for a trigger.
    pub(crate) fn begin(&self, is_on: bool, is_called: bool) {
        self.demand.set_on(is_on);
        self.demand.set_called(is_called);
    }

    /// Its trigger has come, or somebody opens it by hand, also once more when it has ended (WSC-04).
    pub(crate) fn call(&self) {
        // One that is joined already hears of what changes, and of nothing else.
        if self.demand.set_called(true) || self.is_away.get() || self.has_refused.get() {
            self.follow();
        }
        if self.wants() {
            self.connection().open();
        }
    }

    /// Somebody closes it by hand, until it is called again.
    pub(crate) fn dismiss(&self) {
        if self.demand.set_called(false) {
            self.follow();
        }
    }

    /// What the app's own switch says.
    pub(crate) fn switch(&self, is_on: bool) {
        if self.demand.set_on(is_on) {
            self.follow();
        }
    }

    /// Closes the socket and opens it anew at once, for everybody who shares it (WSQ-07).
    pub(crate) fn reconnect(&self) {
        let was_wanted = self.wants();
        self.demand.set_called(true);
        if was_wanted {
            self.connection().reconnect();
        } else {
            self.follow();
        }
    }

    /// From now on it is not connected while the tab is hidden (WSR-18).
    pub(crate) fn pause_when_hidden(self: &Rc<Self>) {
        let listener = demand::watch_visibility(self, |me| &me.demand, |me| me.follow());
        self.listeners.borrow_mut().extend(listener);
    }

    /// Announces an attempt to connect, which the page or the app may refuse for this source.
    ///
    /// DIFFERENCE: told before the socket is made, where htmx 2 does so right after it, so that refusing it has an
    /// effect, as with `htmx:ws:before:connection` of htmx 4 (WSC-17). The number of the attempt is ours (WSR-21).
    pub(crate) fn connecting(&self, attempt: u32) {
        if self.hold.is_closed() || !self.demand.is_met() {
            return;
        }
        // WSC-18: no wrapper yet in this one.
        let event = Detail::new().with("type", "connecting").into_value();
        let detail = Detail::new().with("event", event).with("attempt", attempt);
        let is_allowed = dispatch(self.element(), "htmx:wsConnecting", &detail)
            && self.hooks.connecting.as_ref().is_none_or(|ask| ask());
        self.has_refused.set(!is_allowed);
    }

    /// Tells that this source has refused the attempt, whatever others do.
    pub(crate) fn stays_away(&self) {
        if self.has_refused.get() && !self.hold.is_closed() {
            self.show_and_tell(&ConnectionState::Closed {
                reason: CloseReason::Vetoed,
            });
        }
    }

    /// Opens the socket or closes it, as those who have a say in it now agree.
    fn follow(&self) {
        if self.hold.is_closed() {
            return;
        }
        let connection = self.connection();
        if self.demand.is_met() {
            let was_refused = self.has_refused.replace(false);
            if self.is_away.replace(false) || was_refused {
                connection.open();
            } else {
                connection.resume();
            }
            // Others may have it open already.
            self.announce(&connection.state());
        } else if self.demand.is_visible() {
            let reason = CloseReason::Released;
            self.leave(&ConnectionState::Closed { reason }, |connection| {
                connection.close(reason)
            });
            // Whoever was told may have opened it again.
            self.is_away.set(!self.demand.is_met());
        } else {
            self.leave(&ConnectionState::Idle, WsConnection::pause);
        }
    }

    /// Ends the connection if nobody else wants it; else only this source leaves, and is told so.
    fn leave(&self, state: &ConnectionState, end: impl FnOnce(&WsConnection)) {
        let connection = self.connection();
        if connection.is_wanted() {
            self.show_and_tell(state);
        } else {
            self.is_leaving.set(true);
            end(&connection);
            self.is_leaving.set(false);
        }
    }

    /// Tells the element and whoever made the source.
    pub(super) fn show_and_tell(&self, state: &ConnectionState) {
        self.note(state);
        self.hold.show(state);
        if let ConnectionState::Closed {
            reason: reason @ (CloseReason::Released | CloseReason::EndedByServer | CloseReason::Vetoed),
        } = state
        {
            self.announce_close(*reason);
        }
        if let Some(told) = &self.hooks.state {
            told(state);
        }
    }
}
