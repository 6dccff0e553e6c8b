//! Whether a source wants its socket: who has a say in it, and what becomes of the socket as they agree.
//!
//! A source that does not want it stays where it is, keeps what it has to send, and gets no frames. The socket is open
//! as long as any of those that share it wants it.

use std::rc::Rc;

use super::connection::link::Link;
use super::connection::state::{CloseReason, ConnectionState};
use super::connection::ws::WsConnection;
use super::demand::{Demand, Demanded};
use super::dom_events::{Detail, dispatch};
use super::listener::Listener;
use super::source::{Connection, Source};
use super::ws_source::WsSource;

impl Demanded for WsSource {
    fn demand(&self) -> &Demand {
        &self.demand
    }

    fn keep(&self, listener: Listener) {
        self.listeners.borrow_mut().push(listener);
    }

    fn follow(self: &Rc<Self>) {
        if self.hold.is_closed() {
            return;
        }
        let connection = self.connection();
        if self.demand.is_met() {
            // Others may have it open already, and had while this one was away.
            let is_there = connection.state().is_open();
            let was_refused = self.has_refused.replace(false);
            if self.is_away.replace(false) || was_refused {
                connection.open();
            } else {
                connection.resume();
            }
            self.announce(&connection.state());
            if is_there {
                self.tell_of_absence();
            }
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

    /// WSC-04
    fn call(self: &Rc<Self>) {
        // One that is joined already hears of what changes, and of nothing else.
        if self.demand.set_called(true) || self.is_away.get() || self.has_refused.get() {
            self.follow();
        }
        if self.wants() {
            self.connection().open();
        }
    }
}

impl WsSource {
    /// Whether the socket is to be open for this source.
    pub(crate) fn wants(&self) -> bool {
        !self.hold.is_closed() && self.demand.is_met() && !self.has_refused.get()
    }

    /// Closes the socket and opens it anew at once, for everybody who shares it (WSQ-07).
    pub(crate) fn reconnect(self: &Rc<Self>) {
        let was_wanted = self.wants();
        self.demand.set_called(true);
        if was_wanted {
            self.connection().reconnect();
        } else {
            self.follow();
        }
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
