//! The way of a message from its sender to the socket: at once, or through the queue, always in order.

use std::cell::Cell;

use js_sys::Array;
use web_sys::{Element, WebSocket};

use super::connection::state::ConnectionState;
use super::connection::ws::WsConnection;
use super::queue_policy::{QueuePolicy, QueueRule};
use super::send_error::SendError;
use super::source::Connection;
use super::ws_order::{GivenUp, Order, Place};
use super::ws_outbox::{Fate, Outbox, Outgoing, transmit};

/// A message that will not be sent, and why.
type Lost = (Outgoing, SendError);

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The socket has it.
    Transmitted,
    /// It waits for the socket, or for messages before it.
    Waiting,
    /// A listener has held it back.
    HeldBack,
}

/// What a connection has to send.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    outbox: Outbox,
    order: Order,
    /// A message is on its way to the socket, and listeners hear of it; what they send comes after it.
    is_transmitting: Cell<bool>,
    /// A script has changed the queue.
    is_changed: Cell<bool>,
}

impl Sending {
    /// The queue that scripts see (WSQ-06).
    pub(crate) fn queue(&self) -> &Array {
        self.outbox.queue()
    }

    /// Sends now if the socket is open and nothing waits, else as soon as that is so (WSQ-01).
    ///
    /// # Errors
    /// [`SendError`] when there is no room or the connection is over.
    pub(crate) fn send(
        &self,
        connection: &WsConnection,
        outgoing: Outgoing,
        policy: QueuePolicy,
    ) -> Result<Taken, SendError> {
        check_open(connection)?;
        if let Some(socket) = self.idle_socket(connection).filter(|_| self.order.is_free()) {
            let taken = self.transmit(&socket, connection, &outgoing);
            self.flush(connection);
            return taken;
        }
        let policy = self.policy_now(policy);
        let lost = self.make_room(outgoing.sender.as_ref(), policy)?;
        let place = self.order.follow((outgoing, policy));
        tell_lost(connection, lost);
        self.go_on(connection, Some(place))
    }

    /// Keeps a place for a message that is being made (WSS-27). It must be filled or left.
    ///
    /// # Errors
    /// As [`Sending::send`].
    pub(crate) fn reserve(
        &self,
        connection: &WsConnection,
        sender: &Element,
        policy: QueuePolicy,
    ) -> Result<Place, SendError> {
        check_open(connection)?;
        // One that is being made does not wait for the socket, which may be open.
        let lost = self.make_room(Some(sender), with_room(policy))?;
        let place = self.order.reserve(Some(sender));
        tell_lost(connection, lost);
        // Whoever gave way may have held others up.
        self.go_on(connection, None).map(|_| place)
    }

    /// Sends the message that was made.
    ///
    /// # Errors
    /// As [`Sending::send`].
    pub(crate) fn fill(
        &self,
        connection: &WsConnection,
        place: Place,
        message: (Outgoing, QueuePolicy),
    ) -> Result<Taken, SendError> {
        self.order.fill(place, message)?;
        self.go_on(connection, Some(place))
    }

    /// Nothing came of a message.
    pub(crate) fn leave(&self, connection: &WsConnection, place: Place) {
        self.order.leave(place);
        // What went wrong with others is told to them.
        let _ = self.go_on(connection, None);
    }

    /// Sends what waits, in order, for as long as the socket stays open (WSQ-02).
    pub(crate) fn flush(&self, connection: &WsConnection) {
        if self.is_transmitting.get() {
            return;
        }
        self.tell_removed();
        while self.outbox.len() > 0
            && let Some(socket) = connection.open_socket()
        {
            // Taken out only now: a listener may have closed the socket, and then the rest goes on waiting.
            let Some(waiting) = self.outbox.next() else { break };
            // WSQ-03: one that is refused or lost does not stop the others.
            if let Err(error) = self.transmit(&socket, connection, &waiting) {
                connection.tell_lost(&waiting, error);
            }
        }
        self.tell_removed();
    }

    fn transmit(
        &self,
        socket: &WebSocket,
        connection: &WsConnection,
        outgoing: &Outgoing,
    ) -> Result<Taken, SendError> {
        self.is_transmitting.set(true);
        let taken = transmit(socket, outgoing, &connection.wrapper());
        self.is_transmitting.set(false);
        taken
    }

    /// Takes note that a script changes the queue, and returns whether that is news.
    pub(crate) fn note_change(&self) -> bool {
        self.outbox.note_change();
        !self.is_changed.replace(true)
    }

    /// Tells those whose messages a script has taken out of the queue, that nothing will come of them.
    pub(crate) fn tell_removed(&self) {
        if self.is_changed.take() {
            for told in self.outbox.removed() {
                told(Fate::HeldBack);
            }
        }
    }

    /// Takes out everything that waits, because the connection is over.
    pub(crate) fn drain(&self) -> Vec<Outgoing> {
        self.tell_removed();
        let mut waiting: Vec<_> = std::iter::from_fn(|| self.outbox.next()).collect();
        waiting.extend(self.order.drain());
        waiting
    }

    /// The socket, if it takes messages and none waits for it or is on its way.
    fn idle_socket(&self, connection: &WsConnection) -> Option<WebSocket> {
        let is_idle = self.outbox.len() == 0 && !self.is_transmitting.get();
        is_idle.then(|| connection.open_socket()).flatten()
    }

    /// What waits for a message that is on its way does not wait for the socket, and has room in any case.
    fn policy_now(&self, policy: QueuePolicy) -> QueuePolicy {
        if self.is_transmitting.get() {
            with_room(policy)
        } else {
            policy
        }
    }

    /// Makes room for one more message by the rule of its queue, in which those that wait for the socket come before
    /// those that wait for one that is being made. The answer is what has to be told of, once the message is in.
    fn make_room(&self, sender: Option<&Element>, policy: QueuePolicy) -> Result<Vec<Lost>, SendError> {
        self.tell_removed();
        if policy.rule == QueueRule::CoalesceBySender && sender.is_some() {
            let superseded = self.give_up(&|other| other == sender, SendError::Superseded);
            if let Some(lost) = superseded {
                return Ok(lost);
            }
        }
        if self.outbox.len() + self.order.len() < policy.capacity as usize {
            return Ok(Vec::new());
        }
        let displaced = match policy.rule {
            // Without any capacity there is no oldest one.
            QueueRule::DropOldest if policy.capacity > 0 => self.give_up(&|_| true, SendError::Displaced),
            _ => None,
        };
        displaced.ok_or(SendError::QueueFull(policy.capacity))
    }

    /// Takes out the oldest message whose sender is meant; `None` if there is none.
    fn give_up(&self, is_meant: &dyn Fn(Option<&Element>) -> bool, reason: SendError) -> Option<Vec<Lost>> {
        if let Some(lost) = self.outbox.take(is_meant) {
            return Some(vec![(lost, reason)]);
        }
        match self.order.give_up(is_meant, &reason)? {
            GivenUp::Waiting(lost) => Some(vec![(lost, reason)]),
            GivenUp::InTheMaking => Some(Vec::new()),
        }
    }

    /// Sends a message whose turn it is, or lets it wait for the socket.
    fn route(
        &self,
        connection: &WsConnection,
        outgoing: &Outgoing,
        policy: QueuePolicy,
    ) -> Result<Taken, SendError> {
        check_open(connection)?;
        if let Some(socket) = self.idle_socket(connection) {
            return self.transmit(&socket, connection, outgoing);
        }
        // It has had its room from the beginning, unless nothing may wait at all.
        if policy.capacity == 0 {
            return Err(SendError::QueueFull(0));
        }
        // What is sent while the queue is being sent must not overtake it.
        self.outbox.push(outgoing);
        self.flush(connection);
        Ok(Taken::Waiting)
    }

    /// Sends what waits for nobody any more. Failures are told to those whom they concern, but for the one that asks.
    fn go_on(&self, connection: &WsConnection, asking: Option<Place>) -> Result<Taken, SendError> {
        let mut answer = Ok(Taken::Waiting);
        while let Some((place, (outgoing, policy))) = self.order.next() {
            let taken = self.route(connection, &outgoing, policy);
            match taken {
                taken if Some(place) == asking => answer = taken,
                Err(error) => connection.tell_lost(&outgoing, error),
                Ok(_) => {}
            }
        }
        // Listeners may have sent something meanwhile.
        self.flush(connection);
        answer
    }
}

fn with_room(policy: QueuePolicy) -> QueuePolicy {
    QueuePolicy {
        capacity: policy.capacity.max(1),
        ..policy
    }
}

fn check_open(connection: &WsConnection) -> Result<(), SendError> {
    match connection.state() {
        ConnectionState::Closed { reason } => Err(SendError::Closed(reason)),
        _ => Ok(()),
    }
}

fn tell_lost(connection: &WsConnection, lost: Vec<Lost>) {
    for (outgoing, reason) in lost {
        connection.tell_lost(&outgoing, reason);
    }
}
