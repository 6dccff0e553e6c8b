//! The way of a message from its sender to the socket: at once, or through the queue, always in order.

use std::cell::Cell;

use js_sys::Array;

use super::connection::state::ConnectionState;
use super::connection::ws::WsConnection;
use super::queue_policy::QueuePolicy;
use super::send_error::SendError;
use super::ws_order::{Order, Place};
use super::ws_outbox::{Outbox, Outgoing, transmit};

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
    is_flushing: Cell<bool>,
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
        if self.order.is_free() {
            return self.route(connection, &outgoing, policy);
        }
        self.check_room(connection, policy)?;
        self.order.follow((outgoing, policy));
        Ok(Taken::Waiting)
    }

    /// Keeps a place for a message that is being made (WSS-27). It must be filled or left.
    ///
    /// # Errors
    /// As [`Sending::send`].
    pub(crate) fn reserve(&self, connection: &WsConnection, policy: QueuePolicy) -> Result<Place, SendError> {
        self.check_room(connection, policy)?;
        Ok(self.order.reserve())
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
        self.order.fill(place, message);
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
        if self.is_flushing.replace(true) {
            return;
        }
        while let Some(socket) = connection.open_socket() {
            // Taken out only now: a listener may have closed the socket, and then the rest goes on waiting.
            let Some(waiting) = self.outbox.next() else { break };
            // WSQ-03: one that is refused or lost does not stop the others.
            if let Err(error) = transmit(&socket, &waiting, &connection.wrapper()) {
                connection.tell_lost(&waiting, error);
            }
        }
        self.is_flushing.set(false);
    }

    /// Takes out everything that waits, because the connection is over.
    pub(crate) fn drain(&self) -> Vec<Outgoing> {
        let mut waiting: Vec<_> = std::iter::from_fn(|| self.outbox.next()).collect();
        waiting.extend(self.order.drain());
        waiting
    }

    fn check_room(&self, connection: &WsConnection, policy: QueuePolicy) -> Result<(), SendError> {
        if let ConnectionState::Closed { reason } = connection.current_state() {
            return Err(SendError::Closed(reason));
        }
        let waiting = self.order.len() + self.outbox.queue().length() as usize;
        if waiting > 0 && waiting >= policy.capacity as usize {
            return Err(SendError::QueueFull(policy.capacity));
        }
        Ok(())
    }

    fn route(
        &self,
        connection: &WsConnection,
        outgoing: &Outgoing,
        policy: QueuePolicy,
    ) -> Result<Taken, SendError> {
        if let ConnectionState::Closed { reason } = connection.current_state() {
            return Err(SendError::Closed(reason));
        }
        let socket = connection.open_socket();
        if let Some(socket) = socket.as_ref().filter(|_| self.outbox.queue().length() == 0) {
            return transmit(socket, outgoing, &connection.wrapper());
        }
        // What is sent while the queue is being sent must not overtake it.
        if let Some((lost, error)) = self.outbox.enqueue(outgoing, policy)? {
            connection.tell_lost(&lost, error);
        }
        if socket.is_some() {
            self.flush(connection);
        }
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
        answer
    }
}
